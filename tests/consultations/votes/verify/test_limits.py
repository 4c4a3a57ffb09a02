"""What the manifest, the slots and the entries may be, one change at a time, and that it is found before any cryptography."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from consultations.votes.verifier import group
from tests.consultations.votes.verify.boards import changed, refused_for

WORDS: Final = {"ja": "案"}
SMALL: Final = group.NEVER_POINTS[2].hex()
MIXED: Final = group.NEVER_POINTS[4].hex()
CODES: Final = [{"code": f"o{number:02}", "text": WORDS} for number in range(1, 101)]
SINGLE: Final = {"blank": False, "code": "q", "kind": "single", "max": 1, "min": 1, "points": 1, "text": WORDS}


def question(number: int, **keys: Any) -> list[dict[str, Any]]:
    return [SINGLE | {"options": CODES[:number]} | keys]


FINE: Final[dict[str, Any]] = {
    "questions": question(1, blank=True),
    "quorum": {"denominator": 10**6, "numerator": 10**6},
    "title": {"ja": "あ" * 2000, "ja-easy": "あ", "en": "\u0000"},
    "witnesses": [],
}
MANIFESTS: Final[list[tuple[str, Any, str]]] = [
    ("version", 2, "shape"), ("version", True, "shape"), ("version", "1", "shape"), ("level", 2, "shape"),
    ("title", {}, "shape"), ("title", {"en": "x"}, "shape"), ("title", {"ja": ""}, "limit"), ("title", "x", "shape"),
    ("title", {"ja": "あ" * 2001}, "limit"), ("title", {"ja": "x", "fr": "x"}, "shape"), ("title", {"ja": 1}, "shape"),
    ("opens", "2026-11-30T11:00Z", "manifest"), ("opens", "2026-02-29T11:00Z", "shape"), ("opens", "2026-11-28", "shape"),
    ("opens", "2026-11-28T24:00Z", "shape"), ("opens", "0000-11-28T23:00Z", "shape"), ("opens", 0, "shape"),
    ("opens", "２０２６-11-28T23:00Z", "shape"), ("opens", "2026-11-28T23:00Z\n", "shape"),
    ("quorum", {"denominator": 1, "numerator": 2}, "manifest"), ("quorum", {"denominator": 1, "numerator": 0}, "limit"),
    ("quorum", {"denominator": 10**6 + 1, "numerator": 1}, "limit"), ("quorum", 0, "shape"), ("quorum", {}, "shape"),
    ("register", {"count": 0, "hash": "0" * 64}, "limit"), ("register", {"count": 10**6 + 1, "hash": "0" * 64}, "limit"),
    ("register", {"count": 11, "hash": "0" * 64}, "register"), ("register", {"count": 12, "hash": "0" * 64}, "register"),
    ("revote", 1, "shape"), ("revote", None, "shape"), ("salt", "A" * 64, "shape"), ("salt", "0" * 63, "shape"),
    ("salt", "0" * 64 + "\n", "shape"), ("ceremony", "", "shape"), ("ceremony", "0" * 64, "trustee_proof"),
    ("threshold", 0, "limit"), ("threshold", 4, "manifest"), ("threshold", 1, "manifest"), ("threshold", 10, "limit"),
    ("trustees", [], "limit"), ("key", "01" + "00" * 31, "point"), ("key", SMALL, "point"), ("key", MIXED, "point"),
    ("board_key", SMALL, "point"), ("board_key", MIXED, "point"), ("board_key", "f" * 64, "point"),
    ("witnesses", [{"key": SMALL, "name": "a"}], "point"), ("witnesses", [{"key": MIXED, "name": "a"}], "point"),
    ("witnesses", [{"key": group.base(1).hex(), "name": name} for name in "ba"], "manifest"),
    ("witnesses", [{"key": group.base(1).hex(), "name": name} for name in "aa"], "manifest"),
    ("witnesses", [{"key": group.base(1).hex(), "name": ""}], "limit"),
    ("witnesses", [{"key": group.base(1).hex(), "name": "a" * 201}], "limit"),
    ("witnesses", [{"key": group.base(1).hex(), "name": name} for name in "abcdefghij"], "limit"),
    ("questions", [], "limit"), ("questions", question(2) * 2, "question"), ("questions", question(2) * 21, "limit"),
    ("questions", question(0), "limit"), ("questions", question(1), "question"), ("questions", question(100), "limit"),
    ("questions", question(2, options=CODES[1:3]), "question"), ("questions", question(2, code="Q"), "shape"),
    ("questions", question(2, code="q" * 33), "shape"), ("questions", question(2, kind="ranked"), "shape"),
    ("questions", question(2, min=0), "question"), ("questions", question(2, max=2), "question"),
    ("questions", question(2, points=2), "question"), ("questions", question(2, blank=0), "shape"),
    ("questions", question(2, kind="approval", min=2, max=1), "question"),
    ("questions", question(2, kind="approval", min=0, max=0), "question"),
    ("questions", question(2, kind="approval", min=0, max=3), "question"),
    ("questions", question(2, kind="approval", points=2), "question"),
    ("questions", question(2, kind="score", min=0, max=2, points=1), "question"),
    ("questions", question(2, kind="score", min=0, max=2, points=21), "limit"),
    ("questions", question(2, kind="score", min=1, max=2, points=5), "question"),
    ("questions", question(2, kind="score", min=0, max=1, points=5), "question"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), FINE.items())
def test_what_is_within_the_limits_passes(key: str, value: Any) -> None:
    assert refused_for(changed("valid/not-opened.json", lambda board: board["manifest"].update({key: value}))) == set()


@pytest.mark.parametrize(("key", "value", "check"), MANIFESTS)
def test_a_manifest_is_refused(key: str, value: Any, check: str) -> None:
    assert refused_for(changed("valid/not-opened.json", lambda board: board["manifest"].update({key: value}))) == {
        check
    }


BOARDS: Final[list[tuple[str, Callable[[Any], object], str]]] = [
    ("no slot", lambda board: board.update(slots=[]), "limit"),
    ("slots the other way round", lambda board: board["slots"].reverse(), "register"),
    ("one slot twice", lambda board: board["slots"].insert(0, board["slots"][0]), "register"),
    ("a slot in capitals", lambda board: board["slots"].insert(0, "A" * 32), "shape"),
    ("a million and one slots", lambda board: board.update(slots=["0" * 32] * (10**6 + 1)), "limit"),
    ("another version", lambda board: board.update(version=2), "shape"),
    ("a key more", lambda board: board.update(note=""), "shape"),
    ("entries as an object", lambda board: board.update(entries={}), "shape"),
    ("an entry that is none", lambda board: board["entries"].append(None), "shape"),
    ("a body that is none", lambda board: board["entries"].append({"body": [], "hash": "0" * 64}), "shape"),
    ("a type that is none", lambda board: board["entries"].append({"body": {"type": []}, "hash": "0" * 64}), "shape"),
    ("an unknown type", lambda board: board["entries"].append({"body": {"type": "poll"}, "hash": "0" * 64}), "shape"),
    (
        "a checkpoint on time of its own",
        lambda board: board["checkpoints"][0].update(time="2026-11-29T12:05Z"),
        "shape",
    ),
    ("a checkpoint of nothing", lambda board: board["checkpoints"][0].update(n=0), "limit"),
    ("a seq of nothing", lambda board: board["entries"][1]["body"].update(seq=0), "limit"),
    ("a position too few", lambda board: board["entries"][1]["body"]["ciphertexts"][0].pop(), "shape"),
    (
        "a position too many",
        lambda board: board["entries"][1]["body"]["ciphertexts"][0].append(["0" * 64] * 2),
        "shape",
    ),
    ("a question too few", lambda board: board["entries"][1]["body"]["proofs"].pop(), "shape"),
    ("a branch too few", lambda board: board["entries"][1]["body"]["proofs"][0]["bits"][0].pop(), "shape"),
    ("a sum without statement", lambda board: board["entries"][1]["body"]["proofs"][0].update(sum=[]), "shape"),
    ("a scalar of q", lambda board: scalar_of_q(board["entries"][1]["body"]), "scalar"),
]


def scalar_of_q(body: dict[str, Any]) -> None:
    body["proofs"][0]["sum"][0][0] = group.Q.to_bytes(32, "little").hex()


@pytest.mark.parametrize(("change", "check"), [one[1:] for one in BOARDS], ids=[one[0] for one in BOARDS])
def test_a_board_is_refused_before_any_cryptography(
    change: Callable[[Any], object], check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if check != "register":
        monkeypatch.setattr(group, "sodium", None)
    assert refused_for(changed("valid/counted.json", change)) == {check}
