"""The published test vectors are what the code makes, and what the board says of them."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from consultations.votes.protocol.board import read_published
from consultations.votes.protocol.checkpoints import read_receipt
from consultations.votes.protocol.encoding import read
from consultations.votes.protocol.refusals import Refused
from tests import vectors
from tests.vectors.made import vectors as made

FOLDER: Final = Path(vectors.__path__[0])
INDEX: Final[dict[str, Any]] = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))


def test_the_files_are_what_the_code_makes() -> None:
    files = made()
    kept = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.json")}
    assert kept == files.keys()
    assert [name for name, content in files.items() if (FOLDER / name).read_bytes() != content] == []


@pytest.mark.parametrize("name", INDEX["valid"])
def test_a_valid_board_is_read_to_its_end(name: str) -> None:
    board = read_published(read((FOLDER / name).read_bytes())).board
    found = {"stage": board.stage, "totals": board.totals, "vote": board.manifest.vote.hex()}
    assert found == INDEX["valid"][name] | {"totals": board.totals}
    assert [list(row) for row in board.totals] == INDEX["valid"][name]["totals"]


@pytest.mark.parametrize("name", INDEX["refused"])
def test_a_refused_board_is_refused_by_its_rule(name: str) -> None:
    with pytest.raises(Refused) as refused:
        read_published(read((FOLDER / name).read_bytes()))
    assert refused.value.check == INDEX["refused"][name]


def test_a_receipt_is_found_and_an_altered_one_refused() -> None:
    published = read_published(read((FOLDER / "valid/counted.json").read_bytes()))
    receipt = read_receipt(read((FOLDER / "valid/counted.receipt.json").read_bytes()), published.board.manifest)
    assert published.verdict(receipt) == "included"
    with pytest.raises(Refused):
        read_receipt(read((FOLDER / "valid/counted.receipt-altered.json").read_bytes()), published.board.manifest)
