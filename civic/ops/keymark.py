"""The master key's mark on things: on the database it belongs to, and on the keys folder of a demo city."""

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
    noted = db.session.get(KeyMark, 1)
    return noted is not None and noted.mark != present_mark()


def make_keys(settings: Settings) -> None:
    """The master key, unless there is one; a demo city's is marked, so that production refuses it."""
    new = not (settings.keys_folder / store.MASTER).exists()
    store.create(settings.keys_folder)
    if new and settings.mode is Mode.DEMO:
        (settings.keys_folder / "demo").touch()
