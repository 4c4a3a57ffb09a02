"""The session cookie: how it is named and kept, and what stands in it about who is signed in."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from flask import Flask, Response, after_this_request, current_app, request, session
from flask_login import login_user, logout_user
from nacl.exceptions import CryptoError

from civic import clock
from civic.config import Settings
from civic.identity.accounts import Account
from civic.keys import keys

HALF_WAY: Final = timedelta(minutes=10)  # between the password and the second factor
BY_CODE: Final = timedelta(hours=2)  # a register code opens this browser for so long
ENTRY: Final = "entry:"  # before the number of a register: the entry whose code was entered in this browser
KNOWN_FOR: Final = timedelta(days=180)  # a browser in which an account signed in


def attach(app: Flask, settings: Settings) -> None:
    app.config.update(
        SESSION_COOKIE_NAME=cookie_name("session", settings),
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        REMEMBER_COOKIE_DURATION=timedelta(0),
        WTF_CSRF_TIME_LIMIT=None,  # a long questionnaire outlives any fixed limit; the token ends with the session
        WTF_CSRF_SSL_STRICT=True,
    )


def cookie_name(name: str, settings: Settings) -> str:
    """`name`, with the prefix that binds it to this host over https."""
    return f"__Host-{name}" if settings.https else name


def begin(account: Account) -> None:
    """Sign in. Whatever an earlier visitor of this browser left in the session is gone."""
    session.clear()
    login_user(account)


def renew(account: Account) -> None:
    """Go on as the account whose other sessions have just ended."""
    login_user(account)


def end() -> None:
    """Leave nothing of the person in this browser's session."""
    logout_user()
    session.clear()


def remember_browser(login: str) -> None:
    """Let this browser have tries of its own at `login`: a stranger's failures then never shut its owner out."""
    mark = base64.urlsafe_b64encode(keys().seal(f"known|{login}", secrets.token_hex(8))).decode()
    settings: Settings = current_app.extensions["settings"]

    @after_this_request
    def add(response: Response) -> Response:
        response.set_cookie(
            cookie_name("known", settings),
            mark,
            max_age=KNOWN_FOR,
            secure=settings.https,
            httponly=True,
            samesite="Lax",
        )
        return response


def door(login: str) -> str:
    """What a failed try at `login` counts against: the account, or this browser where the account signed in before."""
    mark = request.cookies.get(cookie_name("known", current_app.extensions["settings"]), "")
    try:
        return f"{login}|{keys().unseal(f'known|{login}', base64.urlsafe_b64decode(mark))}"
    except (CryptoError, ValueError):
        return login


def wait_for_code(account: Account) -> None:
    """The password was right; the second factor is still to come."""
    session.clear()
    session["half_way"] = [account.id, account.epoch, until(HALF_WAY)]


def waiting_for_code() -> tuple[int, int] | None:
    """Number and session epoch of the staff or council member whose password was right a moment ago, or None."""
    staff_id, epoch, end_of_wait = session.get("half_way", (0, 0, 0))
    return (staff_id, epoch) if lies_ahead(end_of_wait) else None


def start_over() -> None:
    """Forget the password step."""
    session.pop("half_way", None)


def carry(name: str, text: str) -> None:
    """Take a secret to the next page, which shows it once; sealed, because a cookie can be read where it is kept."""
    session[f"once:{name}"] = base64.b64encode(keys().seal(f"session.{name}", text)).decode()


def carried(name: str) -> str:
    """What `carry` took along under `name`, once; then nothing."""
    sealed = session.pop(f"once:{name}", "")
    return keys().unseal(f"session.{name}", base64.b64decode(sealed)) if sealed else ""


class Entered(NamedTuple):
    """A register entry whose code was entered in this browser, and the epoch its session belongs to."""

    entry_id: int
    epoch: int


def enter_register(register_id: int, entry: Entered) -> None:
    """Let this browser take part as a register entry, for two hours."""
    session[f"{ENTRY}{register_id}"] = [*entry, until(BY_CODE)]


def register_entry(register_id: int) -> Entered | None:
    """The entry of this register whose code was entered in this browser, or None. Its epoch may be over."""
    match session.get(f"{ENTRY}{register_id}"):
        case [int(entry_id), int(epoch), int(end_of_time)] if lies_ahead(end_of_time):
            return Entered(entry_id, epoch)
    return None


def last_entry(register_id: int) -> int | None:
    """The entry under which this browser took part last, also when its time is over; None where it is not known."""
    match session.get(f"{ENTRY}{register_id}"):
        case [int(entry_id), *_]:
            return entry_id
    return None


def entries() -> list[Entered]:
    """All entries whose codes were entered in this browser."""
    names = [name.removeprefix(ENTRY) for name in session if name.startswith(ENTRY)]
    return [entry for name in names if (entry := register_entry(int(name))) is not None]


def until(span: timedelta) -> int:
    return int((clock.now() + span).timestamp())


def lies_ahead(end_of_time: int) -> bool:
    """Whether the moment (Unix seconds) still lies ahead."""
    return clock.now() < datetime.fromtimestamp(end_of_time, clock.TOKYO)
