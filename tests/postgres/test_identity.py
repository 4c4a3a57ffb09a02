"""Accounts on PostgreSQL: what is good once is good once in a race, and the limits hold."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from civic import clock
from civic.audit import chain
from civic.db import db
from civic.identity import actions, codes, queries
from civic.identity.accounts import OPERATOR
from civic.identity.administration import actions as administration
from civic.identity.models import RateLimitCounter
from civic.identity.registers import actions as registers
from civic.identity.roles import Role
from civic.limits import failures
from civic.refusals import Refusal
from tests.cast import PASSWORD, Cast, forget_last_code
from tests.racing import SECONDS

AT_ONCE = 8


def succeed(app: Flask, act: Callable[[int], object], number: int = AT_ONCE) -> int:
    """How many of `number` who act at the same moment succeed; the others meet a refusal."""
    start = threading.Barrier(number)

    def one(n: int) -> bool:
        with app.test_request_context("/", environ_base={"REMOTE_ADDR": f"10.0.{n}.1"}):
            start.wait(SECONDS)
            try:
                act(n)
            except Refusal:
                return False
            finally:
                db.session.close()
            return True

    with ThreadPoolExecutor(number) as pool:
        return sum(pool.map(one, range(number)))


def test_everybody_signs_in(app: Flask) -> None:
    cast = Cast(app)
    for person in (cast.resident, cast.editor, cast.council_member, cast.admin):
        assert cast.client(person).get("/password").status_code == 200


def test_a_code_used_by_many_at_once_lets_one_in(app: Flask) -> None:
    person = Cast(app).editor
    forget_last_code(person)
    assert person.secret is not None
    code = codes.totp_at(person.secret, codes.step_at(clock.now()))
    assert succeed(app, lambda n: actions.second_factor(person.id, code)) == 1


def test_a_link_followed_by_many_at_once_works_for_one(app: Flask) -> None:
    token = actions.register_resident("hana@example.jp")
    assert token is not None
    assert succeed(app, lambda n: actions.choose_password(token, PASSWORD)) == 1


def test_an_enrolment_followed_by_many_at_once_works_for_one(app: Flask) -> None:
    made = administration.create_staff("sato", [(Role.ADMIN, None)], actor=OPERATOR)
    code = codes.totp_at(queries.secret_of_link(made.token), codes.step_at(clock.now()))
    assert succeed(app, lambda n: actions.enrol(made.token, PASSWORD, code)) == 1
    assert chain.verify().problems == ()


def test_one_login_invited_by_many_at_once_is_one_account(app: Flask) -> None:
    assert succeed(app, lambda n: administration.create_staff("sato", [(Role.ADMIN, None)], actor=OPERATOR)) == 1


def test_of_many_tries_at_once_exactly_ten_get_through_and_the_counters_are_in_the_database(app: Flask) -> None:
    assert succeed(app, lambda n: failures("sign-in", "sato"), 16) == 10
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RateLimitCounter)) == 18


def test_a_register_is_imported(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text("entry_id,birth_date\n" + "".join(f"{n},1980-04-01\n" for n in range(2500)))
    counts = registers.import_register("citizens", path, actor=OPERATOR, letters=tmp_path / "letters.csv")
    assert (counts.read, counts.stored) == (2500, 2500)
    assert registers.import_register("citizens", path, actor=OPERATOR).already_there == 2500
