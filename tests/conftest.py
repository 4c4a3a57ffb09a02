"""Fixtures every test may use: an application on a fresh migrated SQLite file, and a client.

The file is migrated once per worker and copied per test (some milliseconds); templates and the functions that build
addresses are compiled once per worker, not once per application, which would be most of the time of most tests.
Servers that a machine may lack are asked for in `tests/servers.py`; there a missing one skips, or fails with
`REQUIRE_ALL=1`.
"""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from argon2 import PasswordHasher
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from civic import keys, limits
from civic.app import create_app
from civic.config import Mode, Settings
from civic.db import db
from civic.identity import passwords
from civic.ops import migrating
from tests import servers
from tests.cast import Cast
from tests.hanging import pytest_handlecrashitem, pytest_terminal_summary
from wsgi import FEATURES

__all__ = ["pytest_handlecrashitem", "pytest_terminal_summary"]
MEMORY, MUCH = Path("/dev/shm"), 8 * 2**30


class Compiled(BytecodeCache):
    """Templates as this worker has compiled them: by name and source, as Jinja asks for them."""

    def __init__(self) -> None:
        self.found: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.found:
            bucket.bytecode_from_string(self.found[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.found[bucket.key] = bucket.bytecode_to_string()


class Known(Rule):
    """A route whose address is built by the function this worker has compiled for the same route before."""

    builders: ClassVar[dict[tuple[Any, ...], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, self.subdomain, repr(self.defaults), append_unknown)
        if key not in self.builders:
            self.builders[key] = super()._compile_builder(append_unknown)
        return self.builders[key]


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}
Flask.url_rule_class = Known
COSTLY_HASHER = passwords.HASHER  # what residents get; the tests of its costs take it back
passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest migration, to be copied, never opened."""
    path = tmp_path_factory.mktemp("migrated") / "machikoe.db"
    migrating.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def settings(tmp_path: Path, migrated_file: Path) -> Settings:
    """Settings of a test installation in a folder of its own, with keys and a migrated database."""
    instance = tmp_path / "instance"
    instance.mkdir()
    shutil.copyfile(migrated_file, instance / "machikoe.db")
    keys.create(instance / "keys")
    return Settings(mode=Mode.TEST, instance=instance, municipality_ja="みなと野市", municipality_en="Minatono City")


class Visitor(FlaskClient):
    """A test client whose every request has an application context of its own, as on a server.

    Under the context a test holds open, Flask would share `g` (who is signed in, the form token) among all requests.
    The test's own reading transaction ends before each request, so that it sees what the request wrote.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():
            db.session.rollback()
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole application, as `wsgi.py` composes it, with an application context open."""
    application = create_app(settings, FEATURES)
    application.test_client_class = Visitor
    with application.app_context():
        yield application
        db.session.close()
        for engine in (db.engine, limits.engine()):
            engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor without a session."""
    return app.test_client()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Residents, staff and council members, each made on first use: see `tests/cast.py`."""
    return Cast(app)


def pytest_configure(config: pytest.Config) -> None:
    """Folders of tests stand in memory where there is much of it: most of a test's wait was for the disk, at each commit."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MUCH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays: the collector need not look through it again at each of a test's allocations."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last line, after pytest's own, names every folder that a missing server kept from running."""
    missing = servers.missing()
    if missing and not hasattr(config, "workerinput"):  # one of several workers says nothing
        config.get_terminal_writer().line("skipped: " + ", ".join(missing))
