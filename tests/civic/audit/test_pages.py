"""The administrator reads the audit; nobody else does."""

import pytest
from flask import Flask

from civic.audit import chain, queries
from civic.audit.acts import act
from civic.db import writing
from tests.cast import Cast


def record(app: Flask, subject: str, number: int) -> None:
    app.extensions["acts"]["test.tried"] = act("test.tried", "number")
    with writing() as session:
        chain.record(session, "test.tried", "operator", subject, number=number)


def test_acts_are_listed_newest_first_with_who_and_what(app: Flask) -> None:
    admin = Cast(app).admin
    record(app, "survey:one", 41)
    page = Cast(app).client(admin).get("/admin/audit").text
    assert "number: 41" in page
    assert f"(staff:{admin.id})" in page


def test_records_are_filtered_by_act_and_by_what_they_are_about(app: Flask) -> None:
    client = Cast(app).client(Cast(app).admin)
    record(app, "survey:one", 41)
    record(app, "survey:two", 42)
    page = client.get("/admin/audit?act=test.tried&subject=survey:two").text
    assert "number: 42" in page
    assert "number: 41" not in page


def test_a_long_audit_comes_in_pages(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for number in range(5):
        record(app, "survey:one", number)
    shown = [[e.details["number"] for e in queries.audit_page("test.tried", "", page).entries] for page in (1, 2, 3)]
    assert shown == [[4, 3], [2, 1], [0]]


def test_the_list_of_acts_is_the_privacy_inventory(app: Flask) -> None:
    page = Cast(app).client(Cast(app).admin).get("/admin/audit/acts").text
    for one in app.extensions["acts"].values():
        assert one.name in page


@pytest.mark.parametrize("address", ["/admin/audit", "/admin/audit/acts"])
def test_only_an_administrator_reads_it(app: Flask, address: str) -> None:
    cast = Cast(app)
    for person in (cast.editor, cast.council_member, cast.resident):
        assert cast.client(person).get(address).status_code == 403
    assert cast.client().get(address).status_code == 302
