"""A clerk hands in the register of a vote by page: looked at first, imported when she says so, its codes taken once."""

import csv
import io
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from analysis.tabular import write_csv
from civic import clock
from civic.activities.states import State
from civic.audit.models import AuditRecord
from civic.db import db, writing
from civic.files import storing
from civic.identity.codes import code_from
from civic.identity.models import Register, RegisterEntry
from civic.identity.registers import keeping
from civic.identity.registers.actions import LETTER_COLUMNS
from civic.identity.registers.queries import code_key
from civic.identity.roles import Role
from civic.jobs.child import perform_due
from consultations.votes.conducting.queries import roll_preview
from consultations.votes.enrolling.queries import handed_in
from consultations.votes.models import VoteBoard
from tests.cast import PLANNING, Cast, staff
from tests.factories.votes import Held, make_vote
from tests.pages import Page, opens

ROLL = "/staff/votes/hall/roll"
LOOK, MY_NUMBER = "このファイルを調べる", "123456789018"
HEADER = "entry_id,birth_date,district,resident_since,name,address"
GOOD = [f"n-{number},1980-01-01,東地区,2000-04-01,髙橋{number},港町{number}" for number in range(1, 4)]
BAD = ["n-4,1980-13-01,東地区,2000-04-01,佐藤,港町4", "n-1,1980-01-01,東地区,2000-04-01,鈴木,港町5"]


def table(*rows: str, encoding: str = "utf-8") -> list[tuple[BytesIO, str]]:
    return [(BytesIO("\r\n".join([HEADER, *rows, ""]).encode(encoding)), "名簿.csv")]


@pytest.fixture
def held(cast: Cast) -> Held:
    return make_vote(cast, state=State.DRAFT)


@pytest.fixture
def editor(cast: Cast, held: Held) -> FlaskClient:
    return cast.client(cast.editor)


def hand_in(editor: FlaskClient, *rows: str, encoding: str = "utf-8") -> Page:
    return opens(editor, ROLL).follow("名簿を提出する(CSV)").press(LOOK, file=table(*rows, encoding=encoding))


def done(held: Held) -> None:
    perform_due()
    db.session.rollback()


def entries(held: Held) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(RegisterEntry.register_id == held.vote.register_id)) or 0


def acts(prefix: str) -> list[str]:
    db.session.rollback()
    found = sa.select(AuditRecord.act).where(AuditRecord.act.startswith(prefix)).order_by(AuditRecord.id)
    return list(db.session.scalars(found))


def test_nothing_is_imported_before_it_is_confirmed_and_the_codes_open_the_vote(
    held: Held, editor: FlaskClient
) -> None:
    before = entries(held)
    look = hand_in(editor, *GOOD, encoding="cp932")
    assert look.heading == "取り込む前の確認"
    assert "取り込める行 3" in look.text
    done(held)
    assert entries(held) == before
    assert "取り込んでいます" in look.press("3人を取り込む", into="new").text
    done(held)
    assert (entries(held), roll_preview(held.vote).admitted) == (3, 3)  # type: ignore[union-attr]
    ready = opens(editor, ROLL)
    saved = ready.press("はがき用の投票コードを保存する(CSV)")
    rows = list(csv.DictReader(io.StringIO(saved.response.data.decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["髙橋1", "髙橋2", "髙橋3"]
    keys = set(db.session.scalars(sa.select(RegisterEntry.code_key)))
    assert {code_key(code_from(row["code"])) for row in rows} <= keys
    assert saved.response.headers["Cache-Control"] == "no-store"
    assert acts("vote.") == ["vote.roll_handed_in", "vote.letters_taken"]


def test_the_codes_are_erased_once_they_are_said_to_be_safe(held: Held, editor: FlaskClient) -> None:
    hand_in(editor, *GOOD).press("3人を取り込む")
    done(held)
    page = opens(editor, ROLL)
    assert page.press("この画面の投票コードを消す").status == 422
    assert "投票コードを消しました" in page.press("この画面の投票コードを消す", sure="y").text
    assert list(keeping.folder().iterdir()) == []
    assert acts("vote.letters") == ["vote.letters_erased"]
    hand_in(editor, *GOOD).press("3人を取り込む")
    done(held)
    assert "全員がすでに名簿に載っていて" in opens(editor, ROLL).text


def test_every_error_is_shown_by_row_and_column_and_comes_back_as_a_file(held: Held, editor: FlaskClient) -> None:
    look = hand_in(editor, *GOOD, *BAD)
    assert "エラーのある行 2" in look.text
    cells = [[cell.get_text() for cell in row.select("td")][:2] for row in look.html.select("tbody tr")]
    assert cells == [["4", "birth_date"], ["5", "entry_id"]]
    link = next(str(one["href"]) for one in look.html.select("a") if one["href"].endswith("rows.csv"))
    bad = editor.get(link).data
    rows = list(csv.DictReader(io.StringIO(bad.decode("utf-8-sig"))))
    assert [row["entry_id"] for row in rows] == ["n-4", "n-1"]
    assert "1980-13-01" in rows[0]["review_reason"]
    assert look.press("3人を取り込む").status == 422
    look.press("3人を取り込む", partly="y")
    done(held)
    assert entries(held) == 14 + 3
    mended = bad.replace(b"1980-13-01", b"1980-12-01").replace(b"n-1,", b"n-5,")
    again = opens(editor, f"{ROLL}/file").press(LOOK, file=[(BytesIO(mended), "rows.csv")])
    again.press("2人を取り込む")
    done(held)
    assert entries(held) == 14 + 5


def test_a_file_with_individual_numbers_or_unknown_columns_is_not_kept_at_all(held: Held, editor: FlaskClient) -> None:
    numbered = hand_in(editor, *GOOD, f"{MY_NUMBER},1980-01-01,東地区,2000-04-01,佐藤,港町")
    assert numbered.status == 422
    assert "個人番号" in numbered.text
    assert MY_NUMBER not in numbered.text
    other = [(BytesIO("entry_id,電話\n1,2\n".encode()), "x.csv")]
    assert "電話" in opens(editor, f"{ROLL}/file").press(LOOK, file=other).text
    assert opens(editor, f"{ROLL}/file").press(LOOK, file=[(BytesIO(b'entry_id\n"'), "x.csv")]).status == 422
    assert list(keeping.folder().iterdir()) == []


def test_what_is_handed_in_is_only_hers_who_handed_it_in(cast: Cast, held: Held, editor: FlaskClient) -> None:
    look = hand_in(editor, *GOOD)
    colleague = cast.client(staff("colleague", (Role.EDITOR, PLANNING)))
    assert colleague.get(look.address).status_code == 404
    assert "名簿.csv" not in opens(colleague, ROLL).text
    assert handed_in(held.id, cast.editor.id) != []


def test_a_frozen_roll_takes_nobody_until_the_freeze_is_undone(cast: Cast) -> None:
    frozen = make_vote(cast, state=State.IN_APPROVAL)
    editor = cast.client(cast.editor)
    assert editor.get(f"{ROLL}/file").status_code == 409
    assert "確定" in opens(editor, ROLL).press("確定を取り消す").text
    assert frozen.vote.boards == []
    assert acts("vote.unfrozen") == ["vote.unfrozen"]
    hand_in(editor, *GOOD).press("3人を取り込む")
    done(frozen)
    assert entries(frozen) == 14 + 3


def test_a_freeze_between_looking_and_importing_stops_the_import(cast: Cast) -> None:
    editor = cast.client(cast.editor)
    frozen = make_vote(cast, state=State.DRAFT, slug="pool")
    look = opens(editor, "/staff/votes/pool/roll/file").press(LOOK, file=table(*GOOD))
    look.press("3人を取り込む")
    count = db.session.scalar(sa.select(sa.func.count(RegisterEntry.id)))
    db.session.rollback()
    with writing() as session:
        session.add(VoteBoard(vote_id=frozen.id, manifest="{}", digest="0" * 64, frozen_at=clock.now(), head=b"0" * 32))
    done(frozen)
    assert db.session.scalar(sa.select(sa.func.count(RegisterEntry.id))) == count


def test_codes_go_after_a_week_and_files_nobody_imported_after_two_days(held: Held, editor: FlaskClient) -> None:
    hand_in(editor, *GOOD).press("3人を取り込む")
    done(held)
    hand_in(editor, *GOOD)
    assert storing.folder() not in (keeping.folder(), *keeping.folder().parents)  # which every backup holds
    now = clock.now()
    keeping.sweep(now + timedelta(days=3))
    assert [bool(one.letters) for one in keeping.listed(held.id)] == [True]
    keeping.sweep(now + timedelta(days=8))
    assert keeping.listed(held.id) == []


def test_a_register_others_use_is_left_alone(cast: Cast, held: Held, editor: FlaskClient) -> None:
    other = make_vote(cast, state=State.DRAFT, slug="pool")
    opens(editor, "/staff/votes/pool/roll").press("この名簿を使う", register=str(held.vote.register_id))
    look = hand_in(editor, *GOOD)
    assert look.html.select("input[name=into]") == []
    look.press("3人を取り込む")
    done(held)
    assert held.vote.register_id != other.vote.register_id
    assert db.session.get_one(Register, held.vote.register_id).name == "vote-hall"


def test_codes_of_two_attempts_come_as_one_file_in_which_the_later_code_stands(held: Held, editor: FlaskClient) -> None:
    hand_in(editor, *GOOD)
    (kept,) = keeping.listed(held.id)
    for rows in ([("n-1", "OLD", "", ""), ("n-2", "B", "", "")], [("n-1", "NEW", "", "")]):
        kept.next_letters().write_bytes(b"".join(write_csv(LETTER_COLUMNS, rows)))
    together = csv.DictReader(io.StringIO(b"".join(keeping.letters_of(kept)).decode("utf-8-sig")))
    assert [(one["entry_id"], one["code"]) for one in together] == [("n-1", "NEW"), ("n-2", "B")]


def test_the_command_line_leaves_a_frozen_roll_alone_too(cast: Cast, tmp_path: Path) -> None:
    make_vote(cast, state=State.IN_APPROVAL)
    source = tmp_path / "more.csv"
    source.write_text("entry_id\nn-9\n", encoding="utf-8")
    runner = cast.app.test_cli_runner()
    assert "frozen" in runner.invoke(args=["votes", "import-register", "hall", str(source)]).stderr
    assert runner.invoke(args=["votes", "import-register", "hall", str(source), "--freeze"]).exit_code == 0


def test_the_menu_says_under_which_entry_the_roll_stands(editor: FlaskClient) -> None:
    marked = opens(editor, ROLL).html.select('.desk-nav [aria-current="page"]')
    assert [entry["href"] for entry in marked] == ["/staff/votes"]
