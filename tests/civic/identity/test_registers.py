"""Registers: what may be in the file, what is stored of it, and entering a posted code."""

import csv
import json
import stat
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from bs4 import BeautifulSoup
from flask import Flask

from civic import clock, eras
from civic.activities.models import Activity
from civic.activities.states import Subject
from civic.audit.models import AuditRecord
from civic.config import Settings
from civic.db import db
from civic.identity import queries
from civic.identity.accounts import OPERATOR
from civic.identity.models import RegisterEntry
from civic.identity.registers import actions
from civic.identity.registers import queries as registers
from civic.identity.registers.refusals import LettersExist, RegisterFileRefused
from civic.identity.registers.rules import is_my_number
from tests.cast import Cast, post
from tests.conftest import Visitor
from tests.factories import gatherings
from tests.pages import opens

FILE = """entry_id,birth_date,district,resident_since,name,address
A-1,1980-04-01,北区,2010-05-01,山田 花子,北町1-1
A-2,昭和55年4月2日,南区,,佐藤 太郎,=HYPERLINK("x")
A-3,,,,鈴木,
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path, FILE)


def written(folder: Path, text: str) -> Path:
    path = folder / "register.csv"
    path.write_text(text, encoding="utf-8")
    return path


def letters_in(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as rows:
        return {row["entry_id"]: row for row in csv.DictReader(rows)}


def test_every_entry_gets_a_letter_and_the_database_no_name(app: Flask, file: Path, settings: Settings) -> None:
    out = file.with_name("letters.csv")
    counts = actions.import_register("citizens", file, actor=OPERATOR, letters=out)
    assert (counts.read, counts.stored, counts.already_there) == (3, 3, 0)
    letters = letters_in(out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert letters["A-1"]["name"] == "山田 花子"
    assert letters["A-2"]["address"].startswith("'="), "a spreadsheet must not run it"
    assert len({row["code"] for row in letters.values()}) == 3
    stored = b"".join(path.read_bytes() for path in settings.instance.glob("machikoe.db*"))
    for secret in ("山田", "北町", letters["A-1"]["code"], letters["A-1"]["code"].replace("-", ""), "A-1,"):
        assert secret.encode() not in stored
    register = registers.register_by_name("citizens")
    assert register is not None
    found = registers.entry_by_code(register.id, letters["A-2"]["code"].lower().replace("-", " "), date(1980, 4, 2))
    assert found is not None
    assert db.session.get_one(RegisterEntry, found.entry_id).district == "南区"


def test_a_second_run_stores_nothing_and_gives_no_new_codes(app: Flask, file: Path) -> None:
    actions.import_register("citizens", file, actor=OPERATOR)
    again = actions.import_register("citizens", file, actor=OPERATOR, letters=file.with_name("again.csv"))
    assert (again.read, again.stored, again.already_there) == (3, 0, 3)
    assert letters_in(file.with_name("again.csv")) == {}


def test_an_interrupted_import_is_finished_by_the_next(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "BATCH", 10)
    path = written(tmp_path, "entry_id\n" + "".join(f"{n}\n" for n in range(35)))
    store = actions.store
    batches: Iterator[int] = iter(range(10))

    def stops_at_the_third(*args: object, **kwargs: object) -> int:
        if next(batches) == 2:
            raise KeyboardInterrupt
        return store(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came

    monkeypatch.setattr(actions, "store", stops_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        actions.import_register("citizens", path, actor=OPERATOR, letters=tmp_path / "first.csv")
    monkeypatch.setattr(actions, "store", store)
    done = actions.import_register("citizens", path, actor=OPERATOR, letters=tmp_path / "second.csv")
    assert (done.stored, done.already_there) == (15, 20)
    codes = {**letters_in(tmp_path / "first.csv"), **letters_in(tmp_path / "second.csv")}
    register = registers.register_by_name("citizens")
    assert register is not None
    assert len(codes) == 35
    assert all(registers.entry_by_code(register.id, row["code"], None) for row in codes.values())
    acts = db.session.scalars(sa.select(AuditRecord.act).order_by(AuditRecord.id)).all()
    assert acts == ["register.import_started", "register.import_started", "register.imported"]


def test_codes_are_never_written_over(app: Flask, file: Path) -> None:
    out = file.with_name("letters.csv")
    out.write_text("precious")
    with pytest.raises(LettersExist):
        actions.import_register("citizens", file, actor=OPERATOR, letters=out)
    assert out.read_text() == "precious"
    assert registers.register_by_name("citizens") is None


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ("birth_date\n1980-01-01\n", 0, "entry_id"),
        ("entry_id,mynumber\nA,1\n", 0, "mynumber"),
        ("entry_id\nA\n \n", 2, "entry_id"),
        ("entry_id\nA\nA\n", 2, "entry_id"),
        ("entry_id,birth_date\nA,31.11.1980x\n", 1, "birth_date"),
        ("entry_id,resident_since\nA,2020-02-30\n", 1, "resident_since"),
        ("entry_id\n123456789018\n", 1, "entry_id"),
        ("entry_id,name\nA,1234-5678-9018\n", 1, "name"),
        ("entry_id,district\nA," + "北" * 121 + "\n", 1, "district"),
    ],
)
def test_a_file_with_a_fault_is_refused_whole_and_names_the_place(
    app: Flask, tmp_path: Path, text: str, row: int, column: str
) -> None:
    with pytest.raises(RegisterFileRefused) as refused:
        actions.import_register("citizens", written(tmp_path, text), actor=OPERATOR)
    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(row, column)]
    assert registers.register_by_name("citizens") is None


def test_an_individual_number_is_known_by_its_check_digit() -> None:
    assert is_my_number("123456789018")
    assert is_my_number("１２３４ ５６７８ ９０１８")
    assert not is_my_number("123456789012")
    assert not is_my_number("12345678901")


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("２０２６/１１/２３", date(2026, 11, 23)),
        ("20261123", date(2026, 11, 23)),
        ("令和8年11月23日", date(2026, 11, 23)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("S64.1.7", date(1989, 1, 7)),
        ("2026-02-29", None),
        ("yesterday", None),
    ],
)
def test_days_are_read_as_offices_write_them(cell: str, read: date | None) -> None:
    assert eras.day_in_cell(cell) == read


def test_the_command_says_what_it_did_and_what_is_wrong(app: Flask, file: Path) -> None:
    runner = app.test_cli_runner()
    out = file.with_name("letters.csv")
    done = runner.invoke(args=["identity", "import-register", "citizens", str(file), "--codes-out", str(out), "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"register": "citizens", "rows": {"read": 3, "stored": 3, "already_there": 0}}
    assert "3 of 3" in done.stderr
    bad = written(file.parent, "entry_id\n\n123456789018\n")
    refused = runner.invoke(args=["identity", "import-register", "citizens", str(bad), "--json"])
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["errors"][0]["column"] == "entry_id"
    cut = written(file.parent, 'entry_id\n"A\n')
    assert runner.invoke(args=["identity", "import-register", "citizens", str(cut)]).exit_code == 1
    assert runner.invoke(args=["identity", "import-register", "citizens", "missing.csv"]).exit_code == 2


@pytest.fixture
def house(settings: Settings) -> Iterator[Cast]:
    """The cast in a house whose only activities are gatherings."""
    with gatherings.application(settings, Visitor) as app:
        yield Cast(app)


@pytest.fixture
def codes(house: Cast, file: Path) -> dict[str, str]:
    """The posted codes of the register by entry."""
    actions.import_register("citizens", file, actor=OPERATOR, letters=file.with_name("letters.csv"))
    return {entry_id: row["code"] for entry_id, row in letters_in(file.with_name("letters.csv")).items()}


def registered_gathering() -> Activity:
    register = registers.register_by_name("citizens")
    assert register is not None
    number = gatherings.Desk().opened(
        subject=Subject.REGISTER, register_id=register.id, identity_level=2, once_per_person=True
    )
    return db.session.get_one(Activity, number)


def born(day: str) -> dict[str, str]:
    return dict(zip(("birth_date.year", "birth_date.month", "birth_date.day"), day.split("-"), strict=True))


def subject_in(client, activity: Activity) -> str | None:
    """Under which name this browser takes part in `activity`."""
    with client:
        client.get("/healthz")
        return queries.present_subject(activity)


def test_a_code_and_the_date_of_birth_open_the_activity(house: Cast, codes: dict[str, str]) -> None:
    activity, client = registered_gathering(), house.client()
    address = f"/code/{activity.slug}"
    assert subject_in(client, activity) is None
    answer = client.post(
        address,
        query_string={"next": f"/gatherings/{activity.slug}"},
        data={"csrf_token": token(client, address), "code": codes["A-2"], **born("昭和55-4-2")},
    )
    assert (answer.status_code, answer.location) == (303, f"/gatherings/{activity.slug}")
    entry = registers.entry_by_code(activity.register_id or 0, codes["A-2"], date(1980, 4, 2))
    assert entry is not None
    assert subject_in(client, activity) == f"entry:{entry.entry_id}"
    with time_machine.travel(clock.now() + timedelta(hours=2, seconds=1)):
        assert subject_in(client, activity) is None


def token(client, address: str) -> str:
    return BeautifulSoup(client.get(address).text, "html5lib").select_one("main [name=csrf_token]")["value"]


@pytest.mark.parametrize(
    ("code", "day"), [("A-1", "1980-4-2"), ("7K2M-9XQD-4TRA", "1980-4-1"), ("", "1980-4-1"), ("A-1", "--")]
)
def test_a_wrong_code_or_day_opens_nothing_and_keeps_what_was_typed(
    house: Cast, codes: dict[str, str], code: str, day: str
) -> None:
    activity, client = registered_gathering(), house.client()
    typed = codes.get(code, code)
    answer = post(client, f"/code/{activity.slug}", code=typed, **born(day))
    page = BeautifulSoup(answer.text, "html5lib")
    assert answer.status_code == 422
    assert page.select_one("#code").get("value", "") == typed
    assert page.select_one("#birth_date-day").get("value", "") == day.split("-")[2]
    assert subject_in(client, activity) is None


def test_an_unknown_code_and_a_wrong_day_get_the_same_words(house: Cast, codes: dict[str, str]) -> None:
    activity = registered_gathering()
    sentences = {
        BeautifulSoup(post(house.client(), f"/code/{activity.slug}", code=code, **born("1999-9-9")).text, "html5lib")
        .select_one("#code-error")
        .get_text()
        for code in (codes["A-1"], "7K2M-9XQD-4TRA")
    }
    assert len(sentences) == 1


def test_dates_of_birth_cannot_be_tried_out(house: Cast, codes: dict[str, str]) -> None:
    activity, client = registered_gathering(), house.client()
    for day in range(1, 11):
        post(client, f"/code/{activity.slug}", code=codes["A-1"], **born(f"1980-5-{day}"))
    answer = post(client, f"/code/{activity.slug}", code=codes["A-1"].lower(), **born("1980-4-1"))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    page = BeautifulSoup(answer.text, "html5lib")
    assert page.select_one("#code")["value"] == codes["A-1"].lower()
    assert page.select_one("#birth_date-day")["value"] == "1"


def test_finishing_ends_what_a_code_opened_here_and_in_every_copy(house: Cast, codes: dict[str, str]) -> None:
    activity, client = registered_gathering(), house.client()
    post(client, f"/code/{activity.slug}", code=codes["A-1"], **born("1980-4-1"))
    copied = house.client()
    copied.set_cookie("session", client.get_cookie("session").value)
    assert subject_in(copied, activity) == subject_in(client, activity) is not None
    finished = opens(client, f"/gatherings/{activity.slug}").press("終わる")
    assert "コードでの参加を終わりました" in finished.text
    assert "郵送のコードで参加しています" not in finished.text
    assert subject_in(client, activity) is None
    assert subject_in(copied, activity) is None
    post(client, f"/code/{activity.slug}", code=codes["A-1"], **born("1980-4-1"))
    assert subject_in(client, activity) is not None


def test_only_a_browser_with_a_code_offers_to_finish(house: Cast) -> None:
    for person in (None, house.resident, house.editor):
        assert "郵送のコードで参加しています" not in house.client(person).get("/help").text


def test_an_account_linked_to_an_entry_counts_as_the_entry(house: Cast, codes: dict[str, str]) -> None:
    activity, person = registered_gathering(), house.resident
    client = house.client(person)
    assert subject_in(client, activity) is None
    post(client, f"/code/{activity.slug}", code=codes["A-1"], link="y", **born("1980-4-1"))
    post(client, "/sign-out", page="/password")
    client = house.client(person)
    by_code = house.client()
    post(by_code, f"/code/{activity.slug}", code=codes["A-1"], **born("1980-4-1"))
    assert subject_in(client, activity) == subject_in(by_code, activity) is not None
    other = house.client(house.neighbour)
    refused = post(other, f"/code/{activity.slug}", code=codes["A-1"], link="y", **born("1980-4-1"))
    assert refused.status_code == 422


def test_a_code_of_another_register_opens_nothing(house: Cast, codes: dict[str, str], tmp_path: Path) -> None:
    activity = registered_gathering()
    (tmp_path / "other").mkdir()
    out = tmp_path / "other.csv"
    actions.import_register("others", written(tmp_path / "other", "entry_id\nB-1\n"), actor=OPERATOR, letters=out)
    other = letters_in(out)["B-1"]["code"]
    assert post(house.client(), f"/code/{activity.slug}", code=other, **born("1980-4-1")).status_code == 422


def test_a_resident_takes_part_under_the_account_and_an_open_activity_asks_nobody(house: Cast) -> None:
    desk = gatherings.Desk()
    with_account = db.session.get_one(Activity, desk.opened(**gatherings.REGISTERED))
    for_all = db.session.get_one(Activity, desk.opened())
    client = house.client(house.resident)
    assert subject_in(client, with_account) == f"resident:{house.resident.id}"
    assert subject_in(client, for_all) is None
    assert subject_in(house.client(house.editor), with_account) is None
    assert house.client().get(f"/code/{with_account.slug}").status_code == 404
