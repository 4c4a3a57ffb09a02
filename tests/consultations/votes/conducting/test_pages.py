"""A clerk takes a vote from its first fact to the count, by pages alone, with the trustees' files in hand."""

from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from civic import clock
from civic.activities.models import Activity
from civic.activities.states import State
from civic.db import db, writing
from consultations.votes.conducting import queries
from consultations.votes.models import BoardCheckpoint, Vote
from consultations.votes.posting import boards
from consultations.votes.protocol.checkpoints import cosign
from consultations.votes.protocol.encoding import canonical, read
from consultations.votes.protocol.tally import decrypt_share, purpose_of_rehearsal, rehearsal_of
from tests.cast import Cast
from tests.factories.boards import CEREMONY, WITNESS, WITNESS_KEY, drawn_from
from tests.factories.votes import Held, make_register, make_vote
from tests.pages import Page, opens
from tests.walks.sheet import texts

HALL = "/staff/votes/hall"
YES, NO = [1, 0, 0], [0, 1, 0]


def upload(value: Any, name: str = "file.json") -> tuple[BytesIO, str]:
    return BytesIO(canonical(value)), name


def send_file(page: Page, button: str, field: str, value: Any) -> Page:
    """Choose a file and press the button."""
    return page.press(button, **{field: [upload(value)]})


@pytest.fixture
def editor(cast: Cast) -> FlaskClient:
    return cast.client(cast.editor)


@pytest.fixture
def approver(cast: Cast) -> FlaskClient:
    return cast.client(cast.approver)


def ceremony_of(held: Held) -> dict[str, Any]:
    source = held.poll.manifest.source
    return {name: source[name] for name in ("key", "threshold", "trustees")} | {"ceremony": CEREMONY, "version": 1}


def rehearsal_of_trustee(held: Held, trustee: int) -> dict[str, Any]:
    manifest = boards.manifest_from(held.board.manifest)
    purpose = purpose_of_rehearsal(manifest, trustee)
    share = decrypt_share(purpose, rehearsal_of(manifest), held.poll.secrets[trustee], drawn_from(f"r{trustee}"))
    return share.rehearsal
