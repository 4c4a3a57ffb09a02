"""The test vectors of the vote protocol, made from fixed seeds: valid boards, boards to refuse, and the parts they are made of."""

import json
from typing import Any, Final

from consultations.votes.protocol.ballots import Sealed, ballot_hash, context_of
from consultations.votes.protocol.encoding import canonical, frame
from consultations.votes.protocol.group import BASE, SMALL_ORDER, expand_message, plus, scalar_hash, scalar_hex, times
from consultations.votes.protocol.questions import Kind, Question
from consultations.votes.protocol.sharing import lagrange
from tests.factories.attacks import ATTACKS
from tests.factories.boards import Poll, approval, confirmation_of, make_counted, make_poll, score, single

# Made in a moment and too large to keep: 10,000 options, a title of a megabyte, brackets without end.
TOO_LARGE: Final = {"ten_thousand_options", "a_title_of_a_megabyte", "brackets_without_end"}

SPELLED: Final = {"b": [1, True, None], "a": '\u0007\n「あ」"/'}


def vectors() -> dict[str, bytes]:
    """Every file of the folder by its name, and `index.json`, which says what to expect of each."""
    valid = boards()
    refused = {one.name: one for one in ATTACKS if one.name not in TOO_LARGE}
    index = {
        "refused": {f"refused/{name}.json": one.check for name, one in refused.items()},
        "valid": {
            f"valid/{name}.json": {
                "stage": poll.board.stage,
                "totals": poll.board.totals,
                "vote": poll.manifest.vote.hex(),
            }
            for name, poll in valid.items()
        },
    }
    return {
        **{f"valid/{name}.json": poll.file for name, poll in valid.items()},
        **{f"refused/{name}.json": one.make() for name, one in refused.items()},
        **{f"valid/counted.{name}.json": canonical(value) for name, value in beside().items()},
        "parts.json": readable(parts()),
        "index.json": readable(index),
    }


def readable(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def boards() -> dict[str, Poll]:
    several = make_poll(single(code="q1"), approval(4, 1, 2, code="q2"), score(3, 5, code="q3"), seed="several")
    several.open()
    for number in range(1, 11):
        several.cast(number, [0, 1, 0], [1, 0, 0, 1, 0], [5, number % 6, 0])
    several.cast(11, [0, 0, 1], [0, 0, 0, 0, 1], [0, 0, 4])
    several.count(2, 3)
    blank_scores = make_poll(
        score(2, 3, blank=True), approval(3, 0, 3, blank=False, code="q2"), seed="blank", threshold=1
    )
    blank_scores.open()
    for number in range(1, 11):
        blank_scores.cast(number, [0, 0, 1] if number % 2 else [3, 1, 0], [1, 0, 1])
    blank_scores.count(2)
    return {
        "counted": make_counted(),
        "several": several,
        "blank-scores": blank_scores,
        "open": cast_by(3),
        "too-few": closed(9),
        "no-quorum": closed(11, quorum={"denominator": 1, "numerator": 1}),
        "not-opened": make_poll(seed="not-opened"),
    }


def cast_by(voters: int, **changed: Any) -> Poll:
    poll = make_poll(seed=f"voters {voters}", **changed)
    poll.open()
    for number in range(1, voters + 1):
        poll.cast(number, [1, 0, 0])
    return poll


def closed(voters: int, **changed: Any) -> Poll:
    poll = cast_by(voters, **changed)
    poll.close()
    return poll


def beside() -> dict[str, Any]:
    """What voters of the counted vote hold: receipts and an audited ballot."""
    poll = make_poll(single(), seed="counted")
    poll.open()
    receipts = [poll.cast(number, [1, 0, 0]) for number in range(1, 12)]
    receipts += [poll.cast(1, [0, 1, 0]), poll.cast(2, [0, 0, 1]), poll.cast(1, [0, 0, 1])]
    sealed = poll.seal(3, [0, 1, 0])
    missing = receipts[4].body | {"entry": receipts[5].entry}
    return {
        "receipt": receipts[4].body,
        "receipt-altered": missing,
        "audited": audited(poll, sealed, [[0, 1, 0]]),
        "audited-untrue": audited(poll, sealed, [[1, 0, 0]]),
    }


def audited(poll: Poll, sealed: Sealed, choices: list[list[int]]) -> dict[str, Any]:
    return {
        "ballot": sealed.body, "choices": choices, "randomness": sealed.randomness, "version": 1,
        "vote": poll.manifest.vote.hex(),
    }  # fmt: skip


def parts() -> dict[str, Any]:
    """Small things to begin with."""
    poll = make_counted()
    ballot = {name: value for name, value in poll.bodies[1].items() if name != "signature"}
    context = context_of(poll.manifest, ballot["slot"], ballot["seq"], ballot["prev"], ballot["ciphertexts"])
    return {
        "ballot": {
            "canonical": canonical(ballot).decode(),
            "confirmation": confirmation_of(Sealed(ballot, [])),
            "context": context.hex(),
            "hash": ballot_hash(ballot),
        },
        "canonical": {"of": SPELLED, "is": canonical(SPELLED).decode()},
        "expand_message": {
            "domain": "machikoe.vote.1/bit", "message": "abc", "size": 64,
            "result": expand_message(b"abc", b"machikoe.vote.1/bit", 64).hex(),
        },
        "frame": {"of": ["ab", "00ff"], "is": frame(b"\xab", b"\x00\xff").hex()},
        "lagrange": [{"trustee": one, "of": [1, 3], "is": scalar_hex(lagrange(one, [1, 3]))} for one in (1, 3)],
        "points": {
            "base": BASE.hex(), "twelve": times(12, BASE).hex(), "small_order": SMALL_ORDER.hex(),
            "mixed_order": plus(BASE, SMALL_ORDER).hex(),
        },
        "scalar_hash": {"name": "bit", "items": ["616263", "0000000000000007"], "is": scalar_hex(scalar_hash("bit", "abc", 7))},
        "weights": {str(points): list(weights(points)) for points in range(1, 21)},
    }  # fmt: skip


def weights(points: int) -> list[int]:
    return list(Question("q", Kind.SCORE, {}, [], False, 0, 0, points).weights)
