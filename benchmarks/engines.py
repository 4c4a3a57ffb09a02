"""A fresh installation on each engine, both as durable as in production."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from civic import keys
from civic.config import Mode, Settings
from civic.ops import migrating
from tests import servers
from tests.postgres.cluster import cluster

ENGINES = ("SQLite", "PostgreSQL")


@dataclass(frozen=True)
class Installation:
    """`instance` holds its keys, `url` names its database."""

    instance: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        return {"MACHIKOE_MODE": "test", "MACHIKOE_INSTANCE": str(self.instance), "DATABASE_URL": self.url}

    @property
    def settings(self) -> Settings:
        return Settings(mode=Mode.TEST, instance=self.instance, database_url=self.url)


@contextmanager
def installed(engine: str) -> Iterator[Installation]:
    """A migrated database with a master key; of PostgreSQL a server of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        instance = Path(folder)
        keys.create(instance / "keys")
        if engine == "SQLite":
            yield _migrated(Installation(instance, f"sqlite:///{instance}/machikoe.db"))
            return
        with cluster(servers.need(servers.pg_ctl(), "postgresql"), durable=True) as server:
            server.sql("CREATE DATABASE bench")
            yield _migrated(Installation(instance, server.url("bench")))


def _migrated(made: Installation) -> Installation:
    migrating.upgrade(made.url)
    return made
