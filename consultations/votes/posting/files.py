"""The board as one file (protocol/SPEC.md, section 6), piece by piece, so that a large one fits into memory."""

from collections.abc import Iterator

from civic.db import db
from consultations.votes.models import VoteBoard
from consultations.votes.posting import boards
from consultations.votes.protocol.encoding import canonical


def pieces(board_id: int) -> Iterator[bytes]:
    """The canonical JSON of the board as it stands now."""
    session = db.session
    board = session.get_one(VoteBoard, board_id)
    manifest, length = board.manifest, board.length
    checkpoints = [one.body for one in boards.checkpoints_of(session, board_id) if one.n <= length]
    slots = boards.slots_of(session, board_id)
    yield b'{"checkpoints":' + canonical(checkpoints) + b',"entries":['
    for entry in boards.bodies(session, board_id):
        if entry.n > length:
            break
        separator = "" if entry.n == 1 else ","
        yield f'{separator}{{"body":{entry.body},"hash":"{entry.hash.hex()}"}}'.encode()
    yield b'],"manifest":' + manifest.encode() + b',"slots":' + canonical(slots) + b',"version":1}'


def whole(board_id: int) -> bytes:
    return b"".join(pieces(board_id))
