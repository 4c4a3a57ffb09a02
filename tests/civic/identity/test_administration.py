"""Administrators invite, enrol again, change roles and suspend; every act is audited."""

import re
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy.exc import IntegrityError

from civic import clock
from civic.app import create_app
from civic.audit import chain
from civic.audit.models import AuditRecord
from civic.config import Mode, Settings
from civic.db import db, writing
from civic.identity import actions, codes, queries
from civic.identity.accounts import OPERATOR
from civic.identity.administration import actions as administration
from civic.identity.models import RecoveryCode, StaffMember, StaffRole
from civic.identity.refusals import LinkOver, LoginTaken, NotYourself, WrongCode
from civic.identity.roles import Role
from civic.notices.models import Mail
from tests.cast import PARKS, PASSWORD, PLANNING, Cast, post

NEW = "another four words here"


def acts() -> list[tuple[str, str, str]]:
    db.session.rollback()
    rows = db.session.execute(
        sa.select(AuditRecord.act, AuditRecord.actor, AuditRecord.subject).order_by(AuditRecord.id)
    )
    return [tuple(row) for row in rows]


def link_on(page: str) -> str:
    found = re.search(r"(/links/[\w-]+)", page)
    assert found is not None, page
    return found.group(1)


def test_an_administrator_invites_and_the_invited_enrols_and_is_in(cast: Cast) -> None:
    admin, planning = cast.client(cast.admin), cast.department(PLANNING)
    answer = post(
        admin,
        "/admin/staff/invite",
        login="Sato",
        name="佐藤",
        roles=[f"editor:{planning}", "council:"],
        ends_on="2040-03-31",
    )
    assert answer.status_code == 303
    address = link_on(admin.get(answer.location).text)
    assert "/links/" not in admin.get(answer.location).text, "the link is shown once"

    newcomer = cast.client()
    page = newcomer.get(address)
    secret = queries.secret_of_link(address.rpartition("/")[2])
    assert secret[:4] in page.text
    picture = newcomer.get(f"{address}/qr.svg")
    assert picture.mimetype == "image/svg+xml"
    assert "style" not in picture.text
    code = codes.totp_at(secret, codes.step_at(clock.now()))
    answer = post(newcomer, address, new_password=NEW, code=code)
    assert (answer.status_code, answer.location) == (303, "/me/recovery-codes")
    shown = BeautifulSoup(newcomer.get("/me/recovery-codes").text, "html5lib").select("li.code")
    assert len(shown) == 10
    assert not BeautifulSoup(newcomer.get("/me/recovery-codes").text, "html5lib").select("li.code")
    assert newcomer.get(address).status_code == 404

    sato = queries.staff_by_login("sato")
    assert sato is not None
    admin_label = f"staff:{cast.admin.id}"
    assert ("staff.invited", admin_label, f"staff:{sato.id}") in acts()
    assert ("staff.enrolled", f"staff:{sato.id}", f"staff:{sato.id}") in acts()
    assert chain.verify().problems == ()


def test_an_enrolment_needs_a_right_code_and_says_so_beside_it(cast: Cast) -> None:
    made = administration.create_staff("sato", [(Role.ADMIN, None)], actor=OPERATOR)
    client = cast.client()
    answer = post(client, f"/links/{made.token}", new_password=NEW, code="000000")
    assert answer.status_code == 422
    assert 'href="#code"' in answer.text
    assert NEW not in answer.text
    with pytest.raises(WrongCode):
        actions.enrol(made.token, NEW, "123")


def test_of_two_who_hold_one_invitation_one_enrols(app: Flask) -> None:
    made = administration.create_staff("sato", [(Role.ADMIN, None)], actor=OPERATOR)
    secret = queries.secret_of_link(made.token)
    code = codes.totp_at(secret, codes.step_at(clock.now()))
    actions.enrol(made.token, PASSWORD, code)
    with pytest.raises(LinkOver):
        actions.enrol(made.token, NEW, code)


def test_an_invitation_is_mailed_where_there_is_an_address(app: Flask) -> None:
    administration.create_staff("sato@city.example", [(Role.ADMIN, None)], actor=OPERATOR)
    administration.create_staff("suzuki", [(Role.ADMIN, None)], actor=OPERATOR)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) == 1


def test_the_secret_of_the_second_factor_is_sealed_in_the_database(cast: Cast) -> None:
    member = db.session.get_one(StaffMember, cast.editor.id)
    assert member.totp_secret is not None
    assert cast.editor.secret is not None
    assert cast.editor.secret.encode() not in member.totp_secret
    member_id = cast.approver.id
    with writing() as session:
        session.execute(
            sa.update(StaffMember).where(StaffMember.id == member_id).values(totp_secret=member.totp_secret)
        )
    with pytest.raises(Exception, match="Decryption failed"):
        queries.totp_secret(db.session.get_one(StaffMember, member_id))


def test_a_reset_takes_the_old_app_and_recovery_codes_away(cast: Cast) -> None:
    person = cast.editor
    admin = cast.client(cast.admin)
    assert admin.get(f"/admin/staff/{person.id}/new-link").status_code == 200, "it asks first"
    answer = post(admin, f"/admin/staff/{person.id}/new-link")
    address = link_on(admin.get(answer.location).text)
    assert (
        db.session.scalar(
            sa.select(sa.func.count()).select_from(RecoveryCode).where(RecoveryCode.staff_id == person.id)
        )
        == 0
    )
    assert post(cast.client(), "/sign-in", login=person.login, password=PASSWORD).status_code == 422
    token = address.rpartition("/")[2]
    code = codes.totp_at(queries.secret_of_link(token), codes.step_at(clock.now()))
    assert post(cast.client(), address, new_password=NEW, code=code).status_code == 303


def test_roles_are_changed_by_department_and_shown_as_they_are(cast: Cast) -> None:
    admin, person = cast.client(cast.admin), cast.editor
    address = f"/admin/staff/{person.id}"
    planning, parks = cast.department(PLANNING), cast.department(PARKS)
    answer = post(admin, address, roles=[f"editor:{parks}", f"approver:{planning}"], ends_on="")
    assert answer.status_code == 303
    checked = BeautifulSoup(admin.get(address).text, "html5lib").select("input[name=roles][checked]")
    assert {box["value"] for box in checked} == {f"editor:{parks}", f"approver:{planning}"}
    assert acts()[-1] == ("staff.roles_changed", f"staff:{cast.admin.id}", f"staff:{person.id}")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"login": ""}, "login"),
        ({"login": "a b"}, "login"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"email": "no-at"}, "email"),
        ({"ends_on": "tomorrow"}, "ends_on"),
        ({"roles": []}, "roles-0"),
    ],
)
def test_each_wrong_value_is_refused_beside_its_field_and_the_rest_stays(
    cast: Cast, fields: dict[str, object], wrong: str
) -> None:
    good = {"login": "sato", "name": "佐藤", "email": "sato@city.example", "ends_on": "2040-03-31", "roles": ["admin:"]}
    answer = post(cast.client(cast.admin), "/admin/staff/invite", **{**good, **fields})
    page = BeautifulSoup(answer.text, "html5lib")
    assert answer.status_code == 422
    assert [link["href"] for link in page.select(".error-list a")] == [f"#{wrong}"]
    assert page.select_one(f"#{wrong}")["aria-invalid"] == "true"
    for name in ("login", "name", "email", "ends_on"):
        if name not in fields:
            assert page.select_one(f"#{name}")["value"] == good[name]


def test_a_role_of_an_unknown_department_is_refused(cast: Cast) -> None:
    answer = post(cast.client(cast.admin), "/admin/staff/invite", login="x1", name="x", roles=["editor:999"])
    assert answer.status_code == 422


def test_a_login_is_given_once(cast: Cast) -> None:
    login = cast.editor.login
    answer = post(cast.client(cast.admin), "/admin/staff/invite", login=login.upper(), name="x", roles=["admin:"])
    assert answer.status_code == 422
    assert 'href="#login"' in answer.text
    with pytest.raises(LoginTaken):
        administration.create_staff(login, [(Role.ADMIN, None)], actor=OPERATOR)


def test_suspending_is_undone_by_one_button(cast: Cast) -> None:
    admin, person = cast.client(cast.admin), cast.editor
    page = f"/admin/staff/{person.id}"
    assert post(admin, f"{page}/suspend", page=page).status_code == 303
    assert queries.staff_account(person.id) is None
    assert post(admin, f"{page}/reinstate", page=page).status_code == 303
    db.session.rollback()
    assert queries.staff_account(person.id) is not None
    assert [act for act, _, _ in acts()[-2:]] == ["staff.suspended", "staff.reinstated"]


def test_an_administrator_cannot_shut_herself_out(cast: Cast) -> None:
    admin = cast.client(cast.admin)
    page = f"/admin/staff/{cast.admin.id}"
    assert post(admin, f"{page}/suspend", page=page).status_code == 409
    assert post(admin, page, roles=["council:"]).status_code == 409
    with pytest.raises(NotYourself):
        administration.suspend(cast.admin.id, actor=queries.staff_account(cast.admin.id).actor)
    assert admin.get("/admin/staff").status_code == 200


@pytest.mark.parametrize("who", ["resident", "editor", "approver", "moderator", "analyst", "council_member"])
def test_nobody_else_opens_the_administration(cast: Cast, who: str) -> None:
    client = cast.client(getattr(cast, who))
    for address in ("/admin/staff", "/admin/staff/invite", f"/admin/staff/{cast.admin.id}", "/admin/departments"):
        assert client.get(address).status_code == 403


def test_the_database_refuses_a_role_in_the_wrong_place(cast: Cast) -> None:
    person, planning = cast.editor, cast.department(PLANNING)
    for role, department_id in ((Role.EDITOR, None), (Role.ADMIN, planning), (Role.RESIDENT, None)):
        with pytest.raises(IntegrityError), writing() as session:
            session.add(StaffRole(staff_id=person.id, role=role, department_id=department_id))


def test_departments_are_added_once_and_listed(cast: Cast) -> None:
    admin = cast.client(cast.admin)
    fields = {"code": "parks", "name_ja": "公園課", "name_easy": "{公園/こうえん}の {課/か}", "name_en": "Parks"}
    assert post(admin, "/admin/departments", **fields).status_code == 303
    assert "公園課" in admin.get("/admin/departments?lang=ja").text
    again = post(admin, "/admin/departments", **fields)
    assert again.status_code == 422
    assert 'href="#code"' in again.text
    assert post(admin, "/admin/departments", **{**fields, "code": "Ä"}).status_code == 422


def test_the_command_line_invites_and_prints_the_link(app: Flask) -> None:
    runner = app.test_cli_runner()
    administration.add_department(PLANNING, {"ja": "企画課"}, actor=OPERATOR)
    done = runner.invoke(
        args=["identity", "create-staff", "sato", "--role", "editor", "--role", "admin", "--department", PLANNING,
              "--ends-on", "2040-03-31"]
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/links/\S+\n", done.output)
    member = queries.staff_by_login("sato")
    assert member is not None
    assert member.ends_on == date(2040, 3, 31)
    assert ("staff.invited", "operator", f"staff:{member.id}") in acts()
    refused = runner.invoke(args=["identity", "create-staff", "sato", "--role", "admin", "--json"])
    assert refused.exit_code == 1
    assert '"status": 422' in refused.output
    for missing in (["--role", "editor"], ["--role", "editor", "--department", "nowhere"]):
        assert runner.invoke(args=["identity", "create-staff", "x", *missing]).exit_code == 1
    assert runner.invoke(args=["identity", "create-staff", "x", "--role", "king"]).exit_code == 2


def test_the_command_line_gives_a_code_that_is_taken_now(cast: Cast) -> None:
    runner = cast.app.test_cli_runner()
    printed = runner.invoke(args=["identity", "totp", cast.editor.login]).output.strip()
    assert actions.second_factor(cast.editor.id, printed), "the enrolment used the present one: the next is printed"
    assert runner.invoke(args=["identity", "totp", "nobody"]).exit_code == 1
    assert runner.invoke(args=["identity", "reset-second-factor", cast.editor.login]).exit_code == 0
    assert runner.invoke(args=["identity", "totp", cast.editor.login]).exit_code == 1


def test_in_production_nobody_but_the_person_has_the_code(cast: Cast, settings: Settings) -> None:
    login = cast.editor.login
    strict = create_app(replace(settings, mode=Mode.PRODUCTION))
    with strict.app_context():
        refused = strict.test_cli_runner().invoke(args=["identity", "totp", login])
    assert refused.exit_code == 1
    assert not re.search(r"\d{6}", refused.output)
