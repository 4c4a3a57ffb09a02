"""Key files that open at once."""

from collections.abc import Iterator

import pytest

from consultations.votes.offline import keyfiles


@pytest.fixture(scope="session", autouse=True)
def cheap_passphrases() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyfiles, "COST", keyfiles.PRACTICE)
        yield
