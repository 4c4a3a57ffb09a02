"""Key files that open at once, and three trustees who met."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from consultations.votes.trustee import keyfile
from tests.factories.trustees import Trustees


@pytest.fixture(scope="session", autouse=True)
def cheap_passphrases() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyfile, "COST", keyfile.PRACTICE)
        yield


@pytest.fixture(scope="session")
def met_once(tmp_path_factory: pytest.TempPathFactory, cheap_passphrases: None) -> Path:
    """Not to be written in."""
    return Trustees(tmp_path_factory.mktemp("met")).meet().folder


@pytest.fixture
def met(met_once: Path, tmp_path: Path) -> Trustees:
    """Three trustees after their ceremony, in a folder of their own."""
    shutil.copytree(met_once, tmp_path / "met")
    return Trustees(tmp_path / "met")


@pytest.fixture
def seated(tmp_path: Path) -> Trustees:
    """Three trustees with key files who have all taken a seat; the third has shown commitments too."""
    trustees = Trustees(tmp_path).keygen().begin()
    assert trustees.turn(2) == trustees.turn(3) == 0
    return trustees
