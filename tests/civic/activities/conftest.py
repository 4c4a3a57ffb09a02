"""The kernel with gatherings as its only kind of activity."""

from collections.abc import Iterator

import pytest
from flask import Flask

from civic.config import Settings
from tests.conftest import Visitor
from tests.factories.gatherings import Desk, application


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    with application(settings, Visitor) as made:
        yield made


@pytest.fixture
def desk(app: Flask) -> Desk:
    """An author and an approver, as the audit knows them."""
    return Desk()
