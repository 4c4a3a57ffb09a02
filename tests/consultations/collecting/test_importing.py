"""Comments from a file: every row and cell accounted for, the words as they stand, whatever the file looks like."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from civic import clock
from civic.activities.models import Activity, Participation, ParticipationCount
from civic.activities.rules import state_of
from civic.activities.states import Channel, ParticipationState, State, Subject
from civic.audit.models import AuditRecord
from civic.db import db, writing
from civic.identity.accounts import OPERATOR
from civic.identity.registers.actions import import_register
from civic.identity.registers.queries import register_by_name
from civic.intake.models import ReviewRow
from civic.ops import recounting
from consultations.comments import sources
from consultations.comments.models import Comment, CommentAuthor, Consultation, OpinionItem
from consultations.comments.recording import Author, opened_author
from tests.cast import Cast
from tests.consultations.collecting.conftest import SLUG, Operator, Table
from tests.factories import consultations as make

Counts = Mapping[str, Mapping[str, int]]
HERE = Path(__file__).parent
ROWS = [
    {"id": "1", "text": "最終バスを遅くしてください。", "who": "会社員"},
    {"id": "2", "text": "屋根が\nほしい。 ", "who": ""},
    {"id": "3", "text": "No more cars, please.", "who": "学生"},
]


def closes(counts: Counts) -> bool:
    rows, cells = counts["rows"], counts["cells"]
    return rows["read"] == rows["stored"] + rows["already_there"] + rows["review"] and cells["non_empty"] == sum(
        cells[name] for name in ("stored", "derived_equal", "derived_different", "review")
    )


def test_the_words_are_kept_as_they_stand_and_other_columns_beside_them(
    consultation: Consultation, operator: Operator, table: Table
) -> None:
    counts = operator.json(table(ROWS), "--text", "text", "--key", "id")
    assert counts["rows"] == {"read": 3, "stored": 3, "already_there": 0, "review": 0}
    assert counts["cells"] == {"non_empty": 8, "stored": 8, "derived_equal": 0, "derived_different": 0, "review": 0}
    comments = make.comments_of(consultation)
    assert [(one.number, one.body) for one in comments] == [(i, row["text"]) for i, row in enumerate(ROWS, 1)]
    assert [one.attributes for one in comments] == [{}, {}, {}]
    assert [author.attributes for author in authors_of(consultation)] == [
        {"id": "1", "who": "会社員"},
        {"id": "2"},
        {"id": "3", "who": "学生"},
    ]
    assert {(one.channel, one.version, one.passage) for one in comments} == {(Channel.MAIL, 1, None)}
    spans = [(item.start, item.stop) for one in comments for item in one.items]
    assert spans == [(0, len(row["text"])) for row in ROWS]
    assert recounting.recount(SLUG)["mismatches"] == []
    assert [text.text for text in sources.texts(consultation)] == [row["text"] for row in ROWS]


def authors_of(consultation: Consultation) -> list[Author]:
    """What the tables told of those who wrote, in the order of the comments."""
    statement = (
        sa.select(CommentAuthor)
        .join(Comment, Comment.participation_id == CommentAuthor.participation_id)
        .where(Comment.consultation_id == consultation.id)
        .order_by(Comment.number)
    )
    return [opened_author(row) for row in db.session.scalars(statement)]


PEOPLE = [
    {"text": "屋根を。", "who": "山田花子", "home": "汐見町1-2-3", "phone": "0465-00-0000"},
    {"text": "", "who": "浜口直道", "home": "港町4", "phone": ""},
]


def test_names_addresses_and_other_columns_are_sealed_and_wait_nowhere_in_clear(
    consultation: Consultation, operator: Operator, table: Table
) -> None:
    options = ["--text", "text", "--name", "who", "--address", "home"]
    counts = operator.json(table(PEOPLE), *options)
    assert counts["rows"] == {"read": 2, "stored": 1, "already_there": 0, "review": 1}
    assert closes(counts)
    assert authors_of(consultation) == [Author("山田花子", "汐見町1-2-3", "", {"phone": "0465-00-0000"})]
    assert db.session.scalars(sa.select(CommentAuthor.erase_after)).all() == [consultation.retention_until]
    assert db.session.scalars(sa.select(ReviewRow.cells)).one() == ["", "", "", ""]
    for column in ("body", "attributes"):
        stored = str(db.session.scalars(sa.select(sa.cast(getattr(Comment, column), sa.String))).all())
        assert not any(value in stored for value in ("山田", "汐見", "0465"))


def test_names_are_taken_only_where_a_day_says_how_long_they_are_kept(
    cast: Cast, operator: Operator, table: Table
) -> None:
    consultation = make.make_consultation(cast, State.DRAFT, retention_until=None)
    told = operator.json(table(PEOPLE), "--text", "text", "--name", "who", exit_code=1, channel="import")
    assert "No day is set until which names are kept here." in json.dumps(told)
    assert operator.json(table(PEOPLE), "--text", "text", channel="import")["rows"]["stored"] == 1
    assert set(authors_of(consultation)[0].attributes) == {"who", "home", "phone"}


def test_a_second_run_stores_nothing_with_keys_and_without(
    consultation: Consultation, operator: Operator, table: Table
) -> None:
    for options in (["--key", "id"], []):
        first = operator.json(table(ROWS), "--text", "text", *options, channel="fax" if options else "post")
        again = operator.json(table(ROWS), "--text", "text", *options, channel="fax" if options else "post")
        assert first["rows"]["stored"] == 3
        assert again["rows"] == {"read": 3, "stored": 0, "already_there": 3, "review": 0}
        assert again["cells"]["non_empty"] == 0
    assert len(make.comments_of(consultation)) == 6
    assert [one.number for one in make.comments_of(consultation)] == [1, 2, 3, 4, 5, 6]


def test_a_longer_file_with_keys_adds_only_what_is_new(
    consultation: Consultation, operator: Operator, table: Table
) -> None:
    operator.json(table(ROWS), "--text", "text", "--key", "id")
    longer = [*ROWS, {"id": "4", "text": "もう一つ。", "who": ""}]
    counts = operator.json(table(longer, "longer.csv"), "--text", "text", "--key", "id")
    assert counts["rows"] == {"read": 4, "stored": 1, "already_there": 3, "review": 0}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_what_offices_send_is_read(consultation: Consultation, operator: Operator, table: Table, encoding: str) -> None:
    assert operator.json(table(ROWS, encoding=encoding), "--text", "text")["rows"]["stored"] == 3
    assert make.comments_of(consultation)[1].body == "屋根が\nほしい。 "


def test_tabs_part_cells_as_well_and_line_breaks_of_windows_are_line_breaks(
    consultation: Consultation, operator: Operator, table: Table
) -> None:
    file = table('id\ttext\r\n1\t"一行目\r\n二行目, まだ"\r\n')
    assert operator.json(file, "--text", "text")["rows"]["stored"] == 1
    assert make.comments_of(consultation)[0].body == "一行目\n二行目, まだ"


@pytest.mark.parametrize(
    ("cell", "column", "said"),
    [
        ("", "text", "There is no text in this row."),
        (" \u3000\n", "text", "There is no text in this row."),
        ("\u200b\ufeff", "text", "There is no text in this row."),
        ("\u202egnp.exe", "text", "The text contains characters that cannot be shown."),
        ("a\x07", "who", "The text contains characters that cannot be shown."),
        ("第99条", "place", "The draft has no passage “第99条”."),
        ("2026-02-30", "day", "“2026-02-30” is not a day. Write it like 2026-11-30."),
        ("2999-01-01", "day", "This day has not come yet."),
        ("", "id", "The cell is empty, but it tells this row from others."),
    ],
)
def test_a_row_that_cannot_be_kept_whole_waits_with_its_reason(
    consultation: Consultation, operator: Operator, table: Table, cell: str, column: str, said: str
) -> None:
    row = {"id": "1", "text": "屋根を。", "who": "", "place": "", "day": "", column: cell}
    options = ["--text", "text", "--key", "id", "--passage", "place", "--arrived", "day"]
    counts = operator.json(table([row]), *options)
    assert counts["rows"] == {"read": 1, "stored": 0, "already_there": 0, "review": 1}
    assert closes(counts)
    waiting = db.session.scalars(sa.select(ReviewRow)).one()
    (reason,) = waiting.reasons
    assert (reason["column"], reason["msgid"] % reason["params"]) == (column, said)
    assert waiting.cells == list(row.values())
    assert make.comments_of(consultation) == []


def test_a_corrected_file_settles_what_waited(consultation: Consultation, operator: Operator, table: Table) -> None:
    operator.json(table([ROWS[0], {**ROWS[1], "text": ""}]), "--text", "text", "--key", "id")
    assert operator.json(table(ROWS, "better.csv"), "--text", "text", "--key", "id")["rows"]["stored"] == 2
    assert db.session.scalars(sa.select(ReviewRow.settled_at)).one() is not None


def test_a_passage_is_found_by_its_label_or_its_anchor(
    consultation: Consultation, operator: Operator, table: Table
) -> None:
    rows = [{"text": "a", "place": "第２章"}, {"text": "b", "place": "P1"}, {"text": "c", "place": ""}]
    assert operator.json(table(rows), "--text", "text", "--passage", "place")["rows"]["stored"] == 3
    chapter = next(one.anchor for one in consultation.versions[0].passages if one.label == "第2章")
    assert [one.passage for one in make.comments_of(consultation)] == [chapter, "p1", None]


def test_what_arrived_after_the_period_is_kept_as_late(
    cast: Cast, consultation: Consultation, operator: Operator, table: Table
) -> None:
    make.end(consultation, cast, close=False)
    today = clock.today()
    days = [today - timedelta(days=2), today, today - timedelta(days=1)]
    with writing() as session:
        session.get_one(Consultation, consultation.id).ends_at = clock.now() - timedelta(days=1)
        session.get_one(Consultation, consultation.id).ended_at = clock.now() - timedelta(days=1)
    rows = [{"text": f"意見{i}", "day": day.isoformat()} for i, day in enumerate(days)]
    rows.append({"text": "時刻も", "day": f"{today.isoformat()} 10:15"})
    assert operator.json(table(rows), "--text", "text", "--arrived", "day")["rows"]["stored"] == 4
    states = db.session.scalars(sa.select(Participation.state).order_by(Participation.id)).all()
    counted, late = ParticipationState.COUNTED, ParticipationState.LATE
    assert states == [counted, late, counted, late]
    assert [text.visible for text in sources.texts(consultation)] == [True, False, True, False]
    assert [author.attributes for author in authors_of(consultation)] == [{"day": rows[3]["day"]}]
    assert recounting.recount(SLUG)["mismatches"] == []


def test_a_draft_nobody_handed_in_takes_what_was_collected_elsewhere(
    cast: Cast, operator: Operator, table: Table
) -> None:
    make.make_consultation(cast, State.DRAFT)
    assert operator.json(table(ROWS), "--text", "text", "--language", "en", channel="import")["rows"]["stored"] == 3
    activity = db.session.scalars(sa.select(Activity)).one()
    assert activity.collected_elsewhere
    assert activity.channels == ["import"]
    assert state_of(activity, clock.now()) is State.ENDED
    assert set(db.session.scalars(sa.select(Comment.language))) == {"en"}
    acts = db.session.scalars(sa.select(AuditRecord.act).order_by(AuditRecord.id)).all()
    assert acts[-3:] == ["activity.collected_elsewhere", "consultation.import_started", "consultation.imported"]


@pytest.mark.parametrize("state", [State.SCHEDULED, State.IN_APPROVAL])
def test_what_is_on_its_way_to_open_here_takes_no_file(
    cast: Cast, operator: Operator, table: Table, state: State
) -> None:
    make.make_consultation(cast, state)
    assert operator.json(table(ROWS), "--text", "text", exit_code=1)["type"] == "/problems/not-open-yet"


@pytest.mark.parametrize(
    ("text", "options", "column"),
    [
        ("text\na\n", ["--text", "body"], "body"),
        ("text\na\n", ["--text", "text", "--key", "id"], "id"),
        ("text\na\n", ["--text", "text", "--passage", "place"], "place"),
        ("text\na\n", ["--text", "text", "--passage", "text"], "text"),
        ("text,text\na,b\n", ["--text", "text"], "text"),
        ("text,id\na\n", ["--text", "text"], None),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_its_column_and_stores_nothing(
    consultation: Consultation, operator: Operator, table: Table, text: str, options: list[str], column: str | None
) -> None:
    refused = operator.json(table(text), *options, exit_code=1)
    assert refused["errors"][0]["column"] == column
    assert make.comments_of(consultation) == []


def test_an_unknown_address_and_a_misused_option_have_their_exit_codes(
    consultation: Consultation, operator: Operator, table: Table
) -> None:
    assert operator.run(table(ROWS), "--text", "text", slug="nowhere") == 1
    assert operator.run(table(ROWS)) == 2
    assert operator.run(table(ROWS), "--text", "text", "--language", "日本語") == 2
    assert operator.run(table(ROWS), "--text", "text", channel="import") == 1  # a way its rule does not offer


def test_a_column_of_individual_numbers_is_refused_and_other_long_numbers_are_not(
    consultation: Consultation, operator: Operator, table: Table
) -> None:
    numbers = [{"text": f"意見{i}", "number": "1234 5678 9018" if i else "memo"} for i in range(4)]
    refused = operator.json(table(numbers), "--text", "text", exit_code=1)
    assert refused["errors"] == [{"row": 2, "column": "number", "detail": refused["detail"]}]
    assert "My Number" in refused["detail"]
    assert make.comments_of(consultation) == []
    moments = [{"text": f"意見{i}", "number": str(202611291500 + i)} for i in range(40)]
    assert operator.json(table(moments), "--text", "text")["rows"]["stored"] == 40


def test_once_per_person_is_obeyed_and_nobodys_number_is_kept(
    cast: Cast, operator: Operator, table: Table, tmp_path: Path
) -> None:
    source = tmp_path / "register.csv"
    source.write_text("entry_id\nA1\nA2\n", encoding="utf-8")
    import_register("citizens", source, actor=OPERATOR, letters=tmp_path / "codes.csv")
    register = register_by_name("citizens")
    assert register is not None
    consultation = make.make_consultation(
        cast, subject=Subject.REGISTER, register_id=register.id, identity_level=2, once_per_person=True
    )
    rows = [{"text": f"意見{i}", "code": code} for i, code in enumerate(["A1", "A1", "A9", ""])]
    assert "takes part once" in operator.json(table(rows), "--text", "text", exit_code=1)["detail"]
    assert operator.json(table(rows), "--text", "code", "--person", "code", exit_code=1)["detail"].startswith("The col")
    counts = operator.json(table(rows), "--text", "text", "--person", "code")
    assert counts["rows"] == {"read": 4, "stored": 2, "already_there": 0, "review": 2}
    states = db.session.scalars(sa.select(Participation.state).order_by(Participation.id)).all()
    assert states == [ParticipationState.COUNTED, ParticipationState.CONFLICT]
    assert authors_of(consultation) == []
    assert {cells[1] for cells in db.session.scalars(sa.select(ReviewRow.cells))} == {""}


def test_a_batch_costs_the_same_statements_however_long_it_is(
    consultation: Consultation, operator: Operator, table: Table
) -> None:
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda c, cur, text, *more: statements.append(text))
    counted = {}
    for number in (20, 200):
        statements.clear()
        rows = [{"text": f"{number}人のうちの意見{i}"} for i in range(number)]
        operator.json(table(rows, f"{number}.csv"), "--text", "text", channel="fax")
        counted[number] = len([text for text in statements if text.lstrip()[:6] in ("SELECT", "INSERT", "UPDATE")])
    assert counted[20] == counted[200] <= 40, counted


def test_copies_of_one_text_fold_and_all_are_kept(consultation: Consultation, operator: Operator, table: Table) -> None:
    rows = [{"text": "バスを増やして。"}, {"text": "ﾊﾞｽを 増やして"}, {"text": "バスを増やして。"}]
    assert operator.json(table(rows), "--text", "text")["rows"]["stored"] == 3
    assert len({one.fold_key for one in make.comments_of(consultation)}) == 1


def test_comments_in_the_layout_of_polis_come_in_with_nothing_lost(cast: Cast, operator: Operator) -> None:
    """Made-up files in the layout of the open Polis data: English, Chinese, quotes, line breaks, an empty moderation."""
    for language, stored in (("en", 6), ("zh-TW", 4)):
        slug = f"polis-{language.lower()}"
        make.make_consultation(cast, State.DRAFT, slug=slug)
        options = ["--text", "comment-body", "--key", "comment-id", "--language", language]
        file = HERE / f"polis-{language}.csv"
        counts = operator.json(file, *options, slug=slug, channel="import")
        assert counts["rows"] == {"read": stored, "stored": stored, "already_there": 0, "review": 0}
        assert counts["cells"]["stored"] == counts["cells"]["non_empty"]
        assert operator.json(file, *options, slug=slug, channel="import")["rows"]["already_there"] == stored
    assert db.session.scalar(sa.select(sa.func.count(OpinionItem.id))) == 10
    assert db.session.scalar(sa.select(sa.func.sum(ParticipationCount.count))) == 10
    others = [opened_author(row).attributes for row in db.session.scalars(sa.select(CommentAuthor))]
    assert len(others) == 10
    assert all("comment-id" in one for one in others)
    bodies = db.session.scalars(sa.select(Comment.body).order_by(Comment.id)).all()
    assert '"The plan" as a concept is too big' in bodies[1]
    assert bodies[3].count("\n") == 2
    assert bodies[6] == "計程車的服務依循相同法規，可確保涉及群體的權利與義務。"


def test_a_column_says_the_language_of_each_row_and_an_unknown_one_waits_for_review(
    consultation: Consultation, operator: Operator, table: Table
) -> None:
    rows = [
        {"id": str(number), "text": f"意見{number}", "spoken": spoken}
        for number, spoken in enumerate(["en", "", "zh-TW", "xx", "日本語"], 1)
    ]
    options = ["--text", "text", "--key", "id", "--language-column", "spoken"]
    found = operator.json(table(rows), *options)
    assert (found["rows"]["stored"], found["rows"]["review"]) == (3, 2)
    assert [one.language for one in make.comments_of(consultation)] == ["en", "ja", "zh-TW"]
    reasons = [row.reasons for row in db.session.query(ReviewRow).order_by(ReviewRow.row_number)]
    assert [one["column"] for (one,) in reasons] == ["spoken", "spoken"]
    assert [one["params"]["cell"] for (one,) in reasons] == ["xx", "日本語"]
    assert closes(found)
    assert [one.attributes.keys() for one in authors_of(consultation)] == [{"id"}] * 3  # its use: not sealed once more
    assert operator.json(table(rows), *options[:-1], "nowhere", exit_code=1)["errors"][0]["column"] == "nowhere"
