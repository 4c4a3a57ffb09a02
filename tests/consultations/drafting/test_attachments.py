"""PDFs handed out beside the draft: checked by content, stored once, downloaded under their name, gone when removed."""

import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from civic import clock
from civic.activities import actions as activities
from civic.activities.states import State
from civic.app import create_app
from civic.db import db
from civic.files import storing
from civic.files.models import StoredFile
from civic.jobs.child import perform_due
from civic.ops import keymark
from consultations.comments.drafting import attaching
from consultations.comments.drafting.refusals import FileTooLarge
from consultations.comments.models import Attachment, Consultation
from tests.cast import Cast, Person
from tests.factories import consultations as make
from tests.factories.surveys import actor, text
from tests.pages import Page, opens
from wsgi import FEATURES

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\nmap\n%%EOF\n"


@pytest.fixture
def draft(cast: Cast) -> Consultation:
    return make.make_consultation(cast, State.DRAFT)


def desk(cast: Cast, slug: str = "transport-plan", who: Person | None = None) -> Page:
    client = cast.client(who or cast.editor)
    client.set_cookie("language", "en")
    return opens(client, f"/staff/consultations/{slug}/attachments")


def sent(page: Page, name: str = "map.pdf", content: bytes = PDF, title: str = "路線図") -> Page:
    """Add a file on the page as a browser does."""
    form = page.form("Add this file")
    values: dict[str, Any] = form.values() | {"title_ja": [title], "file": [(BytesIO(content), name)]}
    answer = page.client.post(page.address, data=values)
    return (
        opens(page.client, answer.headers["Location"])
        if answer.status_code == 303
        else Page(page.client, answer, page.address)
    )


def attach(consultation: Consultation, cast: Cast, name: str = "map.pdf", content: bytes = PDF) -> int:
    received = attaching.receive_pdf(BytesIO(content))
    revision = make.revision_of(consultation.id)
    return attaching.add_attachment(
        consultation.id, received, name, text(name), revision, actor(cast.editor), clock.now()
    )


def numbers() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Attachment.number).order_by(Attachment.position)))


def kept_files(app: Flask) -> list[Path]:
    folder = app.extensions["settings"].instance
    return [path for name in ("files", "files/uploads") for path in sorted((folder / name).glob("*")) if path.is_file()]


def test_a_pdf_is_added_and_residents_download_it_under_its_name(app: Flask, cast: Cast, draft: Consultation) -> None:
    page = sent(desk(cast), "路線図 2027.pdf")
    assert "The file is added." in page.text
    assert "路線図 2027.pdf (PDF, 1KB)" in page.text
    (path,) = kept_files(app)
    assert path.read_bytes() == PDF
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    address = f"/consultations/{draft.slug}/files/1"
    assert app.test_client().get(address).status_code == 404  # not approved yet
    look = cast.client(cast.editor).get(f"/staff{address}", buffered=True)
    assert look.data == PDF
    make.open_now(draft, cast)
    answer = app.test_client().get(address, buffered=True)
    assert answer.data == PDF
    assert_download(answer)
    assert "filename*=UTF-8''%E8%B7%AF%E7%B7%9A%E5%9B%B3%202027.pdf" in answer.headers["Content-Disposition"]


def assert_download(answer: TestResponse) -> None:
    """A file that no browser runs or shows in the site's name."""
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_number_there_is_not_is_no_page(app: Flask, cast: Cast, draft: Consultation) -> None:
    attach(draft, cast)
    make.open_now(draft, cast)
    assert app.test_client().get(f"/consultations/{draft.slug}/files/2").status_code == 404
    storing.path_of(db.session.scalars(sa.select(StoredFile.sha256)).one()).unlink()
    assert app.test_client().get(f"/consultations/{draft.slug}/files/1").status_code == 404


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"", b"PK\x03\x04", b" %PDF-1.7"])
def test_what_is_no_pdf_is_refused_whatever_its_name(
    app: Flask, cast: Cast, draft: Consultation, content: bytes
) -> None:
    page = sent(desk(cast), "map.pdf", content)
    assert page.status == 422
    assert page.errors == ["This file is not a PDF. Save it as PDF and choose it again."]
    assert page.html.find("input", {"name": "title_ja"})["value"] == "路線図"
    assert kept_files(app) == []


def test_a_file_of_more_than_20_megabytes_is_refused(app: Flask) -> None:
    attaching.receive_pdf(BytesIO(PDF.ljust(attaching.MOST_BYTES, b"x"))).discard()
    with pytest.raises(FileTooLarge, match="20MB"):
        attaching.receive_pdf(BytesIO(PDF.ljust(attaching.MOST_BYTES + 1, b"x")))
    assert kept_files(app) == []


def test_a_file_too_large_is_refused_beside_its_field(
    app: Flask, cast: Cast, draft: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "MOST_BYTES", 10)
    page = sent(desk(cast))
    assert page.errors == ["This file is larger than 20MB. Make it smaller, or divide it."]
    assert kept_files(app) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"), ("C:\\plans\\map.PDF", "map.pdf"), ("", "file.pdf"), (".pdf", "file.pdf"),
        ("\u202efdp.exe", "file.pdf"), ("あ" * 300, "あ" * 120 + ".pdf"), ('a"b<c>.pdf', 'a"b<c>.pdf'),
    ],
)  # fmt: skip
def test_a_file_name_shows_no_folder_and_nothing_that_turns_it_round(name: str, shown: str) -> None:
    assert attaching.shown_name(name) == shown


def test_attachments_are_put_in_order_by_buttons(cast: Cast, draft: Consultation) -> None:
    for name in ("one.pdf", "two.pdf", "three.pdf"):
        attach(draft, cast, name)
    assert numbers() == [1, 2, 3]
    page = press(desk(cast), "Down : In English", 0)
    assert numbers() == [2, 1, 3]
    press(page, "Up : In English", 1)
    assert numbers() == [2, 3, 1]


def press(page: Page, button: str, place: int) -> Page:
    """The button of these words in the given place among those of the same words."""
    found = [one for one in page.html.select("form button") if " ".join(one.get_text(" ").split()) == button]
    for other in found[:place]:
        other.decompose()
    return page.press(button)


def test_a_removed_file_leaves_nothing_behind_and_its_number_is_not_given_again(
    app: Flask, cast: Cast, draft: Consultation
) -> None:
    attach(draft, cast)
    page = desk(cast).press("Remove : In English")
    assert "The file is removed." in page.text
    perform_due()
    assert kept_files(app) == []
    db.session.rollback()
    assert db.session.scalars(sa.select(StoredFile)).all() == []
    assert attach(draft, cast) == 2


def test_a_file_that_something_else_hands_out_stays(app: Flask, cast: Cast, draft: Consultation) -> None:
    other = make.make_consultation(cast, State.DRAFT, slug="other")
    attach(draft, cast), attach(other, cast)
    assert len(kept_files(app)) == 1
    desk(cast).press("Remove : In English")
    perform_due()
    assert len(kept_files(app)) == 1


def test_a_file_added_again_before_the_sweep_stays(app: Flask, cast: Cast, draft: Consultation) -> None:
    attach(draft, cast)
    desk(cast).press("Remove : In English")
    attach(draft, cast)
    perform_due()
    assert len(kept_files(app)) == 1


def test_a_deleted_draft_takes_its_files_along(app: Flask, cast: Cast, draft: Consultation) -> None:
    attach(draft, cast)
    activities.delete_draft(draft.id, make.revision_of(draft.id), actor(cast.editor), clock.now())
    perform_due()
    assert kept_files(app) == []


def test_once_open_nothing_is_added_moved_or_removed(app: Flask, cast: Cast, draft: Consultation) -> None:
    attach(draft, cast)
    stale: Callable[[], Page] = desk(cast).form("Remove : In English").send
    add = desk(cast)
    make.open_now(draft, cast)
    assert stale().status == 409
    assert sent(add, "new.pdf").status == 409
    assert numbers() == [1]
    assert len(kept_files(app)) == 1
    assert "The attachments do not change any more" in desk(cast).text


def test_an_attachment_comes_back_from_a_backup(app: Flask, cast: Cast, draft: Consultation, tmp_path: Path) -> None:
    keymark.remember()
    address = f"/consultations/{draft.slug}/files/1"
    attach(draft, cast)
    make.open_now(draft, cast)
    phrase = tmp_path / "passphrase"
    phrase.write_text("correct horse battery staple\n")
    file = tmp_path / "monday.machikoe"
    settings = app.extensions["settings"]
    run(app, "backup", file, "--passphrase-file", phrase)
    db.session.close()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copytree(settings.keys_folder, elsewhere / "keys")
    other = create_app(replace(settings, instance=elsewhere, database_url=""), FEATURES)
    run(other, "restore", file, "--passphrase-file", phrase)
    answer = other.test_client().get(address, buffered=True)
    assert answer.data == PDF
    assert_download(answer)
    (path,) = kept_files(other)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def run(app: Flask, *arguments: str | Path) -> None:
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["ops", *map(str, arguments)])
    assert done.exit_code == 0, done.output
