"""The JavaScript verifier in a real Chromium, opened from `file:` and offline: boards, workers, and what people keep."""

import hashlib
import json
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import BROWSER
from tests.browser.verifier.harness import INDEX, MUTATED, PARTS, board_of, canonical, check, cut, mutations, vector
from tests.factories.boards import approval, make_poll, score, single

pytestmark = BROWSER


def stage_of(verdict: dict[str, Any]) -> str:
    """The stage in the words of the vectors' index."""
    return {"no_quorum": "closed", "too_few": "closed", "waiting": "closed"}.get(verdict["stage"], verdict["stage"])


@pytest.mark.parametrize("name", INDEX["valid"])
def test_a_valid_board_has_the_same_totals_here(core: Page, name: str) -> None:
    expected = INDEX["valid"][name]
    verdict = check(core, vector(name))
    assert (verdict["verdict"], verdict["vote"], stage_of(verdict)) == ("valid", expected["vote"], expected["stage"])
    assert (verdict["totals"] or []) == expected["totals"]


@pytest.mark.parametrize(
    ("question", "choices"),
    [
        (single(1), [[1, 0], [0, 1]]),
        (single(9, blank=False), [[0] * 8 + [1], [1] + [0] * 8]),
        (approval(1, 0, 1, blank=False), [[0], [1]]),
        (approval(3, 0, 3), [[0, 0, 0, 0], [1, 1, 1, 0], [0, 0, 0, 1]]),
        (approval(4, 2, 3, blank=False), [[1, 1, 0, 0], [0, 1, 1, 1]]),
        (score(1, 2, blank=True), [[2, 0], [1, 0], [0, 1]]),
        (score(2, 20), [[20, 0], [13, 7]]),
    ],
    ids=["alone", "nine", "yes", "any", "two or three", "points or blank", "twenty points"],
)
def test_every_kind_of_question_is_counted(core: Page, question: dict[str, Any], choices: list[list[int]]) -> None:
    poll = make_poll(question, seed=str(question))
    poll.open()
    cast = [choices[number % len(choices)] for number in range(12)]
    for number, choice in enumerate(cast, start=1):
        poll.cast(number, choice)
    poll.count(2, 3)
    verdict = check(core, poll.file.decode())
    assert (verdict["verdict"], verdict["totals"]) == ("valid", [[sum(column) for column in zip(*cast, strict=True)]])


@pytest.mark.parametrize("name", INDEX["refused"])
def test_a_board_with_an_attack_is_refused_by_name(core: Page, name: str) -> None:
    verdict = check(core, vector(name))
    assert verdict["verdict"] == "refused"
    assert verdict["reason"] not in (None, "unexpected")
    assert verdict["totals"] is None


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        ("a_trustee_who_does_not_know_the_key", "trustee_proof"),
        ("a_joint_key_that_somebody_knows_alone", "joint_key"),
        ("a_trustee_with_anothers_verifying_share", "trustee_share"),
    ],
)
def test_a_ceremony_with_an_attack_is_refused_for_what_it_is(core: Page, attack: str, reason: str) -> None:
    manifest = board_of(f"refused/{attack}.json")["manifest"]
    said = core.evaluate(
        """(manifest) => { const vote = machikoe.voteOf(manifest); machikoe.readKeys(vote);
        try { machikoe.checkCeremony(vote); return null; } catch (error) { return error.reason; } }""",
        manifest,
    )
    assert said == reason


@pytest.mark.parametrize(
    ("name", "many"), [("valid/counted.json", 500), ("valid/open.json", 300), ("valid/several.json", 200)]
)
def test_no_board_with_one_byte_changed_passes(core: Page, name: str, many: int) -> None:
    text = vector(name)
    verdicts = core.evaluate(MUTATED, [text, mutations(text, many, seed=5)])
    assert [verdict for verdict in verdicts if verdict[0] != "refused" or verdict[1] in (None, "unexpected")] == []


def test_the_small_steps_are_those_of_the_vectors(core: Page) -> None:
    steps = core.evaluate(
        """(parts) => ({
          frame: machikoe.hex(machikoe.frame(...parts.frame.of.map(machikoe.unhex))),
          canonical: machikoe.canonical(parts.canonical.of),
          scalar: machikoe.hex(machikoe.scalarBytes(machikoe.scalarHash(parts.scalar_hash.name,
            ...parts.scalar_hash.items.map(machikoe.unhex)))),
          lagrange: parts.lagrange.map(({ trustee, of }) => machikoe.hex(machikoe.scalarBytes(machikoe.lagrange(trustee, of)))),
          weights: Object.fromEntries(Object.keys(parts.weights).map((k) => [k, machikoe.weightsOf(Number(k))])),
          hash: machikoe.hex(machikoe.hash256(machikoe.encoded(parts.ballot.canonical))),
          confirmation: machikoe.confirmationOf(machikoe.hash256(machikoe.encoded(parts.ballot.canonical))),
          twelve: machikoe.hex(machikoe.encodedPoint(machikoe.BASE.times(12n))),
          chain: machikoe.hex(machikoe.encodedPoint(new machikoe.Chain(machikoe.G).times(12n))),
        })""",
        PARTS,
    )
    assert steps == {
        "frame": PARTS["frame"]["is"],
        "canonical": PARTS["canonical"]["is"],
        "scalar": PARTS["scalar_hash"]["is"],
        "lagrange": [one["is"] for one in PARTS["lagrange"]],
        "weights": PARTS["weights"],
        "hash": PARTS["ballot"]["hash"],
        "confirmation": PARTS["ballot"]["confirmation"],
        "twelve": PARTS["points"]["twelve"],
        "chain": PARTS["points"]["twelve"],
    }


def chained(board: Any, bodies: list[Any]) -> Any:
    """`board` with these entries instead, hashed anew (which anybody can), and no checkpoint."""
    vote = hashlib.sha256(canonical(board["manifest"]).encode()).digest()
    head = framed(b"machikoe.vote.1/board", vote)
    entries = []
    for body in bodies:
        head = framed(b"machikoe.vote.1/chain", head, canonical(body).encode())
        entries.append({"body": body, "hash": head.hex()})
    return {**board, "checkpoints": [], "entries": entries}


def framed(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


def test_the_verdict_is_the_same_with_one_worker_and_with_many(core: Page) -> None:
    for name in ("valid/counted.json", "refused/two_of_a_single_choice.json"):
        verdicts = [check(core, vector(name), workers=workers) for workers in (0, 1, 3)]
        assert verdicts[0] == verdicts[1] == verdicts[2]


def test_the_first_wrong_entry_is_named_however_many_look(core: Page) -> None:
    board = board_of("valid/open.json")
    forged = "ab" * 64
    audits = [
        {"confirmation": f"{'A' * 21}{a}{b}A", "signature": forged, "type": "audit"}
        for a in "ABCDEFGH"
        for b in "ABCDEFGHIJ"
    ]
    text = canonical(chained(board, [*(entry["body"] for entry in board["entries"]), *audits]))
    for workers in (0, 1, 4):
        verdict = check(core, text, workers=workers)
        assert (verdict["check"], verdict["reason"], verdict["where"]) == (
            "signatures",
            "entry_signature",
            {"entry": 5},
        )


def test_workers_do_their_part_from_a_file(core: Page) -> None:
    """The page's worker is made of the page's own text; without it this thread does the work, with the same verdict."""
    made = core.evaluate(
        """async ([board]) => { const Real = Worker; let made = 0;
        globalThis.Worker = class extends Real { constructor(...all) { super(...all); made += 1; } };
        const first = await machikoe.checkBoard(new Blob([board]), { workers: 2 });
        globalThis.Worker = class { constructor() { throw new Error("none here"); } };
        const second = await machikoe.checkBoard(new Blob([board]), { workers: 2 });
        globalThis.Worker = Real;
        return [made, first.verdict, second.verdict]; }""",
        [vector("valid/open.json")],
    )
    assert made == [2, "valid", "valid"]


def verdict_on(core: Page, board: str, text: str) -> dict[str, Any]:
    found: dict[str, Any] = check(core, board, {"paper.json": text})["papers"][0]
    return found


def test_a_receipt_is_included_not_yet_in_a_checkpoint_or_missing(core: Page) -> None:
    board, receipt = board_of("valid/counted.json"), vector("valid/counted.receipt.json")
    entry = json.loads(receipt)["entry"]
    assert verdict_on(core, canonical(board), receipt)["verdict"] == "included"
    assert verdict_on(core, cut(board, entry), receipt)["verdict"] == "not_yet"
    assert verdict_on(core, cut(board, entry - 1), receipt)["verdict"] == "missing"
    assert check(core, cut(board, entry - 1), {"receipt.json": receipt})["verdict"] == "refused"


@pytest.mark.parametrize(
    ("name", "reason"), [("receipt-altered", "receipt_signature"), ("audited-untrue", "audit_encryption")]
)
def test_a_paper_that_lies_is_refused_and_the_board_stands(core: Page, name: str, reason: str) -> None:
    verdict = check(core, vector("valid/counted.json"), {"paper.json": vector(f"valid/counted.{name}.json")})
    assert verdict["verdict"] == "valid"
    assert (verdict["papers"][0]["verdict"], verdict["papers"][0]["reason"]) == ("refused", reason)


def test_an_audited_ballot_is_right_only_with_its_entry(core: Page) -> None:
    board, audited = board_of("valid/counted.json"), vector("valid/counted.audited.json")
    assert verdict_on(core, canonical(board), audited)["verdict"] == "right"
    before = next(n for n, entry in enumerate(board["entries"]) if entry["body"]["type"] == "audit")
    assert verdict_on(core, cut(board, before), audited)["verdict"] == "not_audited"


def test_a_kept_checkpoint_agrees_or_shows_what_is_gone(core: Page) -> None:
    board = board_of("valid/counted.json")
    kept = canonical(board["checkpoints"][-1])
    assert verdict_on(core, canonical(board), kept)["verdict"] == "agrees"
    assert verdict_on(core, cut(board, board["checkpoints"][-1]["n"] - 1), kept)["verdict"] == "shorter"


def test_a_kept_checkpoint_of_another_history_shows_both_heads(core: Page) -> None:
    shown, kept = (make_poll(seed="two histories") for _ in range(2))
    for poll, choice in ((shown, [1, 0, 0]), (kept, [0, 1, 0])):
        poll.open()
        poll.cast(1, choice)
        poll.checkpoint()
    ours, theirs = shown.value["checkpoints"][0], kept.value["checkpoints"][0]
    verdict = check(core, shown.file.decode(), {"kept.json": canonical(theirs)})
    found = verdict["papers"][0]
    assert (verdict["verdict"], found["verdict"]) == ("refused", "forked")
    assert found["kept"] == {"hash": theirs["hash"], "signature": theirs["signature"]}
    assert found["found"] == {"hash": ours["hash"], "signature": ours["signature"]}


def test_a_checkpoint_that_nobody_signed_is_no_evidence(core: Page) -> None:
    board = board_of("valid/counted.json")
    forged = canonical({**board["checkpoints"][-1], "hash": "ab" * 32})
    assert verdict_on(core, canonical(board), forged)["reason"] == "checkpoint_signature"


@pytest.mark.parametrize(
    "text", ["{}", "[]", "null", "", '{"entry":1}', '{"ballot":{}}', '{"cosignatures":[]}', "\ufeff"]
)
def test_a_paper_of_no_kind_is_refused_by_name(core: Page, text: str) -> None:
    found = verdict_on(core, vector("valid/counted.json"), text)
    assert found["verdict"] == "refused"
    assert found["reason"] not in (None, "unexpected")
