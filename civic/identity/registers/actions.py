"""Importing a register (名簿): checked whole, then stored in batches of at most 1,000 rows, resumable.

What is stored of a person: keyed hashes of the city's entry number and of the posted code, and what eligibility needs.
Names and addresses go into the letter file only, each batch before it is stored, so that no stored code is ever lost.
After an interruption a second run stores the rest and writes their codes to a second file; an entry that stands in both
files has the code of the second.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

import sqlalchemy as sa

from analysis import tabular
from civic import clock
from civic.audit import chain
from civic.db import db, writing
from civic.identity import codes
from civic.identity.accounts import Actor
from civic.identity.models import Register, RegisterEntry
from civic.identity.registers import queries, rules
from civic.identity.registers.refusals import LettersExist, RegisterFileRefused
from civic.identity.registers.rules import NOTHING_MORE, Entry, Fault, MoreColumns
from civic.messages import Message

BATCH: Final = 1000
MOST_FAULTS: Final = 100
LETTER_COLUMNS: Final = ("entry_id", "code", "name", "address")


@dataclass(frozen=True)
class Imported:
    """Rows of one import: `read` = `stored` + `already_there`."""

    read: int
    stored: int
    already_there: int


def import_register(
    name: str,
    source: Path,
    *,
    actor: Actor,
    letters: Path | None = None,
    encoding: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    more: MoreColumns = NOTHING_MORE,
) -> Imported:
    """Store every entry of the CSV `source` that the register `name` does not hold yet, each with a new code.

    `letters` is a new file for the codes (UTF-8 CSV, mode 0600). Audited at its start and end. Raises
    RegisterFileRefused with all faults before anything is stored, LettersExist, and `tabular.TableRefused`.
    """
    total = check(source, encoding, more)
    with letter_file(letters) as file:
        register_id = start(name, total, actor)
        stored = done = 0
        entries = read(source, encoding)
        while batch := list(islice(entries, BATCH)):
            stored += store(register_id, batch, file, first=done == 0)
            done += len(batch)
            progress(done, total)
    with writing() as session:
        counts = Imported(done, stored, done - stored)
        chain.record(
            session, "register.imported", actor.label, f"register:{name}", stored=stored, already_there=done - stored
        )
    return counts


def check(source: Path, encoding: str | None, more: MoreColumns = NOTHING_MORE) -> int:
    """The number of rows of a file without faults; raises RegisterFileRefused with the first hundred."""
    faults: list[Fault] = []
    seen: set[str] = set()
    with tabular.iter_rows(source, encoding=encoding) as rows:
        faults += rules.header_faults(rows.headers, more)
        if faults:
            raise RegisterFileRefused(faults)
        row = 0
        for row, cells in enumerate(rows, 1):
            named = dict(zip(rows.headers, cells, strict=True))
            faults += rules.row_faults(row, named, more)
            entry_id = named[rules.REQUIRED].strip()
            if entry_id in seen:
                faults.append(Fault(row, rules.REQUIRED, Message(rules.TWICE)))
            seen.add(entry_id)
            if len(faults) >= MOST_FAULTS:
                break
    if faults:
        raise RegisterFileRefused(faults)
    return row


def read(source: Path, encoding: str | None) -> Iterator[Entry]:
    with tabular.iter_rows(source, encoding=encoding) as rows:
        for cells in rows:
            yield rules.entry(dict(zip(rows.headers, cells, strict=True)))


def start(name: str, rows: int, actor: Actor) -> int:
    """The register's id; made on its first import."""
    with writing() as session:
        register = session.scalar(sa.select(Register).where(Register.name == name))
        if register is None:
            register = Register(name=name, created_at=clock.now())
            session.add(register)
            session.flush()
        chain.record(session, "register.import_started", actor.label, f"register:{name}", rows=rows)
        return register.id


def store(register_id: int, batch: Sequence[Entry], file: BinaryIO | None, *, first: bool) -> int:
    """Write the letters of a batch's new entries, then store these; returns how many there were."""
    hashes = {queries.entry_key(register_id, one.entry_id): one for one in batch}
    known = set(db.session.scalars(sa.select(RegisterEntry.entry_key).where(RegisterEntry.entry_key.in_(hashes))))
    new = [(key, one, codes.new_code()) for key, one in hashes.items() if key not in known]
    if file is not None:
        write_letters(file, [(one.entry_id, codes.grouped(code), one.name, one.address) for _, one, code in new], first)
    with writing() as session:
        if new:
            session.execute(sa.insert(RegisterEntry), [row(register_id, key, one, code) for key, one, code in new])
    return len(new)


def row(register_id: int, key: bytes, entry: Entry, code: str) -> dict[str, object]:
    return {
        "register_id": register_id,
        "entry_key": key,
        "code_key": queries.code_key(code),
        "birth_date": entry.birth_date,
        "district": entry.district,
        "resident_since": entry.resident_since,
    }


@contextmanager
def letter_file(path: Path | None) -> Iterator[BinaryIO | None]:
    """A new file that only its owner may read; None where no letters are wanted."""
    if path is None:
        yield None
        return
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise LettersExist(file=path.name) from error
    with os.fdopen(descriptor, "wb") as file:
        yield file


def write_letters(file: BinaryIO, rows: Sequence[tuple[str, str, str, str]], first: bool) -> None:
    """Append rows, the head of the table before the first, and wait until they are on the disk."""
    written = b"".join(tabular.write_csv(LETTER_COLUMNS, rows))
    file.write(written if first else written.partition(b"\r\n")[2])
    file.flush()
    os.fsync(file.fileno())
