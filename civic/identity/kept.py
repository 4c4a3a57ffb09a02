"""What a person typed into a form whose session was over, carried sealed through sign-in or the page for a posted code.

After sign-in it is offered to be sent again; after a code the form comes back to be gone on with. Nothing of it is stored
here: it travels in a hidden field that only this installation can make or read. Passwords and codes never travel.
"""

import base64
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from flask import request
from nacl.exceptions import CryptoError
from werkzeug.datastructures import MultiDict

from civic import clock
from civic.keys import keys

PLACE: Final = "kept.form"
LASTS: Final = timedelta(hours=24)
LARGEST: Final = 400_000  # bytes; a larger form is shown to be copied, not carried
NEVER: Final = {"csrf_token", "password", "new_password"}
HIDDEN: Final = {"submission_key", "kept", "version", "seen", "revision", "ref"}
NEVER_OF_ACCOUNTS: Final = {"code", "birth_date.year", "birth_date.month", "birth_date.day"}


@dataclass(frozen=True)
class KeptForm:
    """A form's address (root-relative) and its fields in their order. `entry`: the register entry that was known when it
    was sent, if any."""

    address: str
    fields: tuple[tuple[str, str], ...]
    entry: int | None = None

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What a person typed, without the form's own hidden fields."""
        return [(name, value) for name, value in self.fields if value and name not in HIDDEN]

    @property
    def sent(self) -> MultiDict[str, str]:
        """The fields as a request brings them."""
        return MultiDict(self.fields)


def posted_fields() -> tuple[tuple[str, str], ...]:
    """The fields of the present request that may be kept: everything but passwords and codes of an account."""
    secret = NEVER | (NEVER_OF_ACCOUNTS if request.blueprint in {"identity", "me"} else set())
    return tuple((name, value) for name, value in request.form.items(multi=True) if name not in secret)


def here() -> str:
    """The address of the present request."""
    return request.full_path.rstrip("?")


def posted(entry: int | None = None) -> KeptForm:
    """The form of the present request."""
    return KeptForm(here(), posted_fields(), entry)


def brought_back() -> KeptForm | None:
    """The form that was once sent to this address and comes back after a posted code, to be shown as it was typed."""
    form = opened(request.form.get("kept"))
    return form if form and form.address == here() else None


def sealed(form: KeptForm) -> str:
    """`form` as the value of a hidden field; empty where there is nothing to keep or too much."""
    text = json.dumps([form.address, form.fields, form.entry, int(clock.now().timestamp())], ensure_ascii=False)
    if not form.shown or len(text.encode()) > LARGEST:
        return ""
    return base64.urlsafe_b64encode(keys().seal(PLACE, text)).decode()


def opened(value: str | None) -> KeptForm | None:
    """What `sealed` made, at most a day ago; None for anything else."""
    if not value:
        return None
    try:
        address, fields, entry, made = json.loads(keys().unseal(PLACE, base64.urlsafe_b64decode(value)))
    except (CryptoError, ValueError):
        return None
    if clock.now().timestamp() - made > LASTS.total_seconds():
        return None
    return KeptForm(address, tuple((name, text) for name, text in fields), entry)


def own_address(address: str | None) -> str | None:
    """`address` if it is root-relative on this site, else None: a link must not lead a person elsewhere."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 32 or character == "\\" for character in address):
        return None
    return address


def page_before() -> str | None:
    """The page of this site on which the present form stood, as far as the browser says."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return None
    return own_address(parts.path + (f"?{parts.query}" if parts.query else ""))
