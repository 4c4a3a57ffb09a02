"""The master key's mark on things: on the database it belongs to, and on the keys folder of a demo city."""

import sqlalchemy as sa
from flask import current_app

from civic import keys as store
from civic.config import Mode, Settings
from civic.db import db, writing
from civic.keys import keys
from civic.ops.models import KeyMark


def present_mark() -> bytes:
    return keys().mac("key-mark.1")


def remember() -> None:
    """Note the present key, unless one was noted before."""
    with writing() as session:
        if session.get(KeyMark, 1) is None:
            session.add(KeyMark(id=1, mark=present_mark()))


def is_foreign() -> bool:
    """Whether the database was made with another master key. False where none was noted yet."""
    noted = None if store.are_missing() else db.session.get(KeyMark, 1)
    return noted is not None and noted.mark != present_mark()


def make_keys(settings: Settings) -> None:
    """The master key, unless there is one; a demo city's is marked, so that production refuses it."""
    new = not (settings.keys_folder / store.MASTER).exists()
    store.create(settings.keys_folder)
    if new and settings.mode is Mode.DEMO:
        (settings.keys_folder / "demo").touch()


def take_new_keys() -> None:
    """Make the master key, use it from now on, and note it in the database where there is one already."""
    settings: Settings = current_app.extensions["settings"]
    make_keys(settings)
    store.attach(current_app, settings)
    try:
        remember()
    except sa.exc.DBAPIError:  # `ops migrate` will note it
        db.session.rollback()


def provide_keys() -> None:
    """A new demo city or test makes its key with the first command; in production only `ops init-keys` does.

    A database that was made with a key waits for that one.
    """
    settings: Settings = current_app.extensions["settings"]
    if settings.mode is not Mode.PRODUCTION and store.are_missing() and db.session.get(KeyMark, 1) is None:
        make_keys(settings)
        store.attach(current_app, settings)
