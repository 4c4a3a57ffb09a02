"""The same application on a real PostgreSQL: one cluster per worker, one database per test from a migrated template."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from civic.app import create_app
from civic.config import Settings
from civic.db import db
from civic.ops import migrating
from tests import servers
from tests.conftest import Visitor
from tests.postgres.cluster import Cluster, cluster
from wsgi import FEATURES

numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Cluster]:
    """A running cluster with a migrated database called `template`."""
    with cluster(servers.need(servers.pg_ctl(), "postgresql")) as running:
        running.sql("CREATE DATABASE template")
        migrating.upgrade(running.url("template"))
        yield running


@pytest.fixture
def database_url(server: Cluster) -> Iterator[str]:
    """The address of a fresh migrated database, dropped afterwards."""
    name = f"test_{next(numbers)}"
    server.sql(f"CREATE DATABASE {name} TEMPLATE template STRATEGY file_copy")
    yield server.url(name)
    server.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def app(settings: Settings, database_url: str) -> Iterator[Flask]:
    """The application on PostgreSQL; shadows the SQLite one for the tests of this folder."""
    application = create_app(replace(settings, database_url=database_url), FEATURES)
    application.test_client_class = Visitor
    with application.app_context():
        yield application
        db.session.close()
        db.engine.dispose()
