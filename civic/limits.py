"""Rate limits shared by all workers and kept over restarts: Flask-Limiter on our own SQL storage.

What is counted is failures: a try counts until it succeeds, so that many tries at once cannot slip past the limit.
On SQLite the counters live in a side file that is not flushed to disk, so that a guess at the door never takes the
ledger's writer lock; on PostgreSQL in the table `rate_limit_counter`. Keys are HMACs: nobody who holds the file learns
which accounts or addresses tried. Windows are fixed; a locked account opens by itself when its window ends.
"""

import ipaddress
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import sqlalchemy as sa
from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import Storage
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from civic import clock
from civic.config import Settings
from civic.db import db
from civic.identity.models import RateLimitCounter
from civic.keys import keys
from civic.messages import N_
from civic.refusals import Refusal

PER_ACCOUNT: Final = RateLimitItemPerMinute(10, 15)
PER_BLOCK: Final = RateLimitItemPerHour(30)
PER_INSTALLATION: Final = RateLimitItemPerMinute(1000)
MAILS: Final = RateLimitItemPerHour(3)
SIDE_FILE: Final = "limits.db"


class TooManyTries(Refusal):
    """A limit is reached. The same for accounts that exist and for those that do not."""

    status = 429
    sentence = N_("There were too many tries. Wait %(minutes)s minutes, then try again. Nothing is locked for good.")

    def __init__(self, seconds: int) -> None:
        super().__init__(minutes=-(-seconds // 60))
        self.retry_after = seconds


@dataclass(frozen=True)
class Attempt:
    """One try, counted as failed until it succeeds."""

    counted: tuple[tuple[RateLimitItem, str], ...]

    def succeeded(self) -> None:
        """Take the try back: only failures count."""
        for item, name in self.counted:
            storage().take_back(item.key_for(name))


def failures(purpose: str, account: str = "", per_account: RateLimitItem = PER_ACCOUNT) -> Attempt:
    """Count a try for `purpose` ("sign-in", "receipt") and raise TooManyTries when a limit is reached.

    `account` is what is guessed at (a login, a code), empty where a try aims at none. Call before looking anything up,
    and `succeeded()` on what comes back once the try was right.
    """
    limits = [(PER_INSTALLATION, f"{purpose}:all"), (PER_BLOCK, f"{purpose}:from:{address_block()}")]
    if account:
        limits.append((per_account, f"{purpose}:at:{account}"))
    counted: list[tuple[RateLimitItem, str]] = []
    for item, name in limits:
        counted.append((item, name))
        if not limiter().hit(item, name):
            wait = limiter().get_window_stats(item, name).reset_time - seconds()
            Attempt(tuple(counted)).succeeded()  # a try that was not made counts nowhere
            raise TooManyTries(max(1, int(wait)))
    return Attempt(tuple(counted))


def address_block() -> str:
    """The network the request came from: /24 of an IPv4 address, /56 of an IPv6 one."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 56), strict=False))


class SharedStorage(Storage):
    """Fixed-window counters in SQL, one statement per try."""

    STORAGE_SCHEME: list[str] | None = ["shared"]

    @property
    def base_exceptions(self) -> type[Exception]:
        return sa.exc.SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` in the window of `key`, opening one of `expiry` seconds where none runs; the new count."""
        now = seconds()
        insert = (sqlite if engine().dialect.name == "sqlite" else postgresql).insert
        row = insert(RateLimitCounter).values(key=stored(key), count=amount, expires_at=now + expiry)
        over = RateLimitCounter.expires_at <= now
        upsert = row.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": sa.case((over, row.excluded.count), else_=RateLimitCounter.count + row.excluded.count),
                "expires_at": sa.case((over, row.excluded.expires_at), else_=RateLimitCounter.expires_at),
            },
        ).returning(RateLimitCounter.count)
        with write() as connection:
            count: int = connection.execute(upsert).scalar_one()
            if count == amount:  # a new window: a good moment to forget those that are over
                connection.execute(sa.delete(RateLimitCounter).where(RateLimitCounter.expires_at <= now))
        return count

    def take_back(self, key: str) -> None:
        """Count one less in the window that runs; one that is over stays as it is."""
        runs = (RateLimitCounter.key == stored(key), RateLimitCounter.expires_at > seconds())
        with write() as connection:
            connection.execute(
                sa.update(RateLimitCounter)
                .where(*runs, RateLimitCounter.count > 0)
                .values(count=RateLimitCounter.count - 1)
            )

    def get(self, key: str) -> int:
        return self._read(key)[0]

    def get_expiry(self, key: str) -> float:
        return float(self._read(key)[1])

    def _read(self, key: str) -> tuple[int, int]:
        """Count and end of the window that runs; 0 and now where none does."""
        wanted = sa.select(RateLimitCounter.count, RateLimitCounter.expires_at).where(
            RateLimitCounter.key == stored(key), RateLimitCounter.expires_at > seconds()
        )
        with engine().connect() as connection:
            found = connection.execute(wanted).one_or_none()
        return (found[0], found[1]) if found else (0, seconds())

    def check(self) -> bool:
        self._read("")
        return True

    def reset(self) -> int:
        with write() as connection:
            return connection.execute(sa.delete(RateLimitCounter)).rowcount

    def clear(self, key: str) -> None:
        with write() as connection:
            connection.execute(sa.delete(RateLimitCounter).where(RateLimitCounter.key == stored(key)))


def stored(key: str) -> str:
    return keys().mac("limit.1", key).hex()


def seconds() -> int:
    return int(clock.now().timestamp())


def attach(app: Flask, settings: Settings) -> None:
    """Give the application its limiter. Nothing connects until the first try."""
    if settings.database.startswith("sqlite"):
        app.extensions["limits_engine"] = side_engine(settings.instance / SIDE_FILE)
    app.extensions["limiter_of_tries"] = Limiter(
        address_block, app=app, storage_uri="shared://", strategy="fixed-window"
    )


def side_engine(path: Path) -> sa.Engine:
    """The counters' own SQLite file, made at the first connection."""
    made = sa.create_engine("sqlite://", creator=lambda: connect(path), poolclass=sa.pool.QueuePool)
    event.listen(made, "begin", _begin)
    return made


def connect(path: Path) -> sqlite3.Connection:
    """A connection to the counters. A file that a power cut damaged is thrown away: nobody stays locked out by it."""
    begin_file(path)
    try:
        return prepared(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        for damaged in path.parent.glob(f"{path.name}*"):
            damaged.unlink(missing_ok=True)
        begin_file(path)
        return prepared(path)


def begin_file(path: Path) -> None:
    """Make the file, where there is none, beside its place, and name it when it is done.

    A file is turned to WAL by one connection alone, and another one that comes then is refused without waiting: of many
    first tries at once some would fail.
    """
    if not path.exists():
        with TemporaryDirectory(dir=path.parent) as folder:
            made = Path(folder) / path.name
            prepared(made).close()
            with suppress(FileExistsError):  # somebody else was first
                path.hardlink_to(made)


def prepared(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA journal_mode=WAL")
    if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
        connection.close()
        raise sqlite3.DatabaseError("the counters are damaged")
    table = RateLimitCounter.metadata.tables[RateLimitCounter.__tablename__]
    statements: list[ExecutableDDLElement] = [CreateTable(table, if_not_exists=True)]
    statements += [CreateIndex(index, if_not_exists=True) for index in table.indexes]
    for statement in statements:
        connection.execute(str(statement.compile(dialect=sqlite.dialect())))
    return connection


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN")


def engine() -> sa.Engine:
    return current_app.extensions.get("limits_engine") or db.engine


def write() -> Any:
    """A transaction of its own that commits at its end; the request's reading transaction is not touched."""
    return engine().execution_options(write=True).begin()


def limiter() -> Any:
    return current_app.extensions["limiter_of_tries"].limiter


def storage() -> SharedStorage:
    found: SharedStorage = current_app.extensions["limiter_of_tries"].storage
    return found
