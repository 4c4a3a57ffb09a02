"""Finding entries of a register by what a person or a file says."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from civic.db import db
from civic.identity import codes
from civic.identity.models import Register, RegisterEntry
from civic.identity.sessions import Entered
from civic.keys import keys


def entry_key(register_id: int, entry_id: str) -> bytes:
    """The keyed hash under which the city's own entry number is stored."""
    return keys().mac("entry.1", register_id, entry_id.strip())


def code_key(code: str) -> bytes:
    """The keyed hash under which a posted code is stored."""
    return keys().mac("code.1", codes.code_from(code))


def register_by_name(name: str) -> Register | None:
    return db.session.scalar(sa.select(Register).where(Register.name == name))


def registers() -> list[Register]:
    """All registers by name, for the editor of an activity."""
    return list(db.session.scalars(sa.select(Register).order_by(Register.name)))


def asks_birth_date(register_id: int) -> bool:
    """Whether the register knows dates of birth: then a code alone opens nothing."""
    known = sa.exists().where(RegisterEntry.register_id == register_id, RegisterEntry.birth_date.is_not(None))
    return bool(db.session.scalar(sa.select(known)))


def entry_by_code(register_id: int, code: str, born: date | None) -> Entered | None:
    """The entry of a posted code, with its date of birth where the register has one; None for no match."""
    found = db.session.execute(
        sa.select(RegisterEntry.id, RegisterEntry.session_epoch, RegisterEntry.birth_date).where(
            RegisterEntry.register_id == register_id, RegisterEntry.code_key == code_key(code)
        )
    ).one_or_none()
    if found is None or (found.birth_date is not None and found.birth_date != born):
        return None
    return Entered(found.id, found.session_epoch)


def entries_of(register_id: int, typed: Iterable[str]) -> dict[str, int]:
    """The entries that texts of a file name, by entry number or by code; texts that name none are left out."""
    keyed = {text: (entry_key(register_id, text), code_key(text)) for text in typed}
    entry_keys, code_keys = zip(*keyed.values(), strict=True) if keyed else ((), ())
    rows = db.session.execute(
        sa.select(RegisterEntry.id, RegisterEntry.entry_key, RegisterEntry.code_key).where(
            RegisterEntry.register_id == register_id,
            RegisterEntry.entry_key.in_(entry_keys) | RegisterEntry.code_key.in_(code_keys),
        )
    )
    ids: dict[bytes, int] = {}
    for row in rows:
        ids.update({row.entry_key: row.id, row.code_key: row.id})
    return {text: ids.get(key) or ids[code] for text, (key, code) in keyed.items() if key in ids or code in ids}
