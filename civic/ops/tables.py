"""All rows of a database as JSON lines, one file per table, in a form both engines write and read.

Tables are reflected, not imported: a backup of an older program is restored at its own migration and upgraded then.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

BATCH: Final = 1000
NOT_DATA: Final = frozenset({"alembic_version"})


def reflect(connection: sa.Connection) -> list[sa.Table]:
    """The tables of the database, those referred to first."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    tables = [table for table in metadata.sorted_tables if table.name not in NOT_DATA]
    for table in tables:
        for column in table.columns:
            if isinstance(column.type, sa.JSON):
                column.type.none_as_null = True
    return tables


def holds_data(connection: sa.Connection) -> bool:
    """Whether any table has a row, besides what an empty installation already notes."""
    tables = [table for table in reflect(connection) if table.name not in {"key_mark", "job"}]
    return any(connection.scalar(sa.select(sa.exists().select_from(table))) for table in tables)


def dump(connection: sa.Connection, folder: Path) -> dict[str, int]:
    """Write every table to `folder`; how many rows each has."""
    return {table.name: dump_table(connection, table, folder) for table in reflect(connection)}


def dump_table(connection: sa.Connection, table: sa.Table, folder: Path) -> int:
    rows = connection.execution_options(yield_per=BATCH).execute(sa.select(table).order_by(*table.primary_key.columns))
    count = 0
    with (folder / f"{table.name}.jsonl").open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps([plain(value) for value in row], ensure_ascii=False) + "\n")
            count += 1
    return count


def plain(value: Any) -> Any:
    """A column's value as JSON. Moments are UTC (SQLite keeps them without saying so), bytes are base64."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value


def load(connection: sa.Connection, folder: Path) -> dict[str, int]:
    """Insert every file of `folder` into its empty table, within the caller's transaction; how many rows each took."""
    return {table.name: load_table(connection, table, folder) for table in reflect(connection)}


def load_table(connection: sa.Connection, table: sa.Table, folder: Path) -> int:
    count = 0
    for batch in batches(folder / f"{table.name}.jsonl"):
        connection.execute(sa.insert(table), [as_row(table, values) for values in batch])
        count += len(batch)
    if connection.dialect.name == "postgresql":
        count_on(connection, table)
    return count


def batches(file: Path) -> Iterator[list[list[Any]]]:
    with file.open(encoding="utf-8") as lines:
        batch: list[list[Any]] = []
        for line in lines:
            batch.append(json.loads(line))
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch


def as_row(table: sa.Table, values: list[Any]) -> dict[str, Any]:
    return {column.name: typed(column, value) for column, value in zip(table.columns, values, strict=True)}


def typed(column: sa.Column[Any], value: Any) -> Any:
    """What `plain` wrote, as the column takes it."""
    if value is None:
        return None
    if isinstance(column.type, sa.DateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, sa.Date):
        return date.fromisoformat(value)
    return base64.b64decode(value) if isinstance(column.type, sa.LargeBinary) else value


def count_on(connection: sa.Connection, table: sa.Table) -> None:
    """Let PostgreSQL number new rows after the restored ones."""
    for column in table.primary_key.columns:
        if isinstance(column.type, sa.Integer):
            name = sa.func.pg_get_serial_sequence(table.name, column.name)
            if connection.scalar(sa.select(name)) is not None:
                highest = sa.select(sa.func.max(column)).scalar_subquery()
                connection.execute(sa.select(sa.func.setval(name, sa.func.coalesce(highest, 1), highest.is_not(None))))


def digest(file: Path) -> str:
    """SHA-256 of a file, in hex."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
