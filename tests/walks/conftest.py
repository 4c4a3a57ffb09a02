"""The town of the walks, built once per worker."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest

from civic import keys
from civic.config import Mode, Settings
from tests.walks.sheets import CONSULTATIONS
from tests.walks.town import Town, built


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Town]:
    """A town with everything in it; a walk that changes something puts it back."""
    instance = tmp_path_factory.mktemp("town")
    copyfile(migrated_file, instance / "machikoe.db")
    keys.create(instance / "keys")
    settings = Settings(
        mode=Mode.TEST, instance=instance, municipality_ja="みなと野市", municipality_en="Minatono City"
    )
    with built(settings, [part.plant for part in CONSULTATIONS]) as town:
        town.snapshot(instance / "kept.db")
        yield town


@pytest.fixture(scope="session")
def few(town: Town) -> Town:
    return town
