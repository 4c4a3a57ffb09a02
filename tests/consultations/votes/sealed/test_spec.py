"""A second reading: a vote's files opened from SPEC.md with hashlib and PyNaCl alone."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from nacl.bindings import crypto_box, crypto_scalarmult_base
from nacl.public import PrivateKey, SealedBox
from nacl.signing import VerifyKey

from consultations.votes.protocol.encoding import canonical
from consultations.votes.sealed.manifest import LIMITS
from tests.consultations.votes.sealed.people import CODES, RANKED, TEXT, Vote, key, manifest

SPEC = Path(__file__).resolve().parents[4] / "consultations/votes/sealed/SPEC.md"


def frame(*items: bytes) -> bytes:
    return b"".join(len(item).to_bytes(4, "big") + item for item in items)


def u64(number: int) -> bytes:
    return number.to_bytes(8, "big")


def spelled(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def without_signature(value: dict[str, Any]) -> bytes:
    return spelled({name: one for name, one in value.items() if name != "signature"})


def verify(public: str, signature: str, name: str, *items: bytes) -> None:
    """Raises where it is not signed so."""
    VerifyKey(bytes.fromhex(public)).verify(frame(f"machikoe.vote.1/{name}".encode(), *items), bytes.fromhex(signature))


def pile(contents: list[bytes]) -> dict[str, Any]:
    whole = frame(b"machikoe.vote.1/sealed/pile", *contents)
    return {"count": len(contents), "hash": hashlib.sha256(whole).hexdigest()}


def draws(name: str, secret: bytes, place: int, sizes: list[int]) -> list[bytes]:
    return [
        hashlib.shake_256(frame(f"machikoe.vote.1/{name}".encode(), secret, u64(place), u64(turn))).digest(size)
        for turn, size in enumerate(sizes, 1)
    ]


def box(content: bytes, public: bytes, secret: bytes) -> bytes:
    drawn = crypto_scalarmult_base(secret)
    nonce = hashlib.blake2b(drawn + public, digest_size=24).digest()
    return drawn + crypto_box(content, nonce, public, secret)


@pytest.fixture(scope="module")
def vote() -> Vote:
    return Vote().run()


def test_the_spec_says_the_limits_word_for_word() -> None:
    said = SPEC.read_text(encoding="utf-8")
    assert all(text in said for text in LIMITS.values())


def test_signatures_and_piles_are_as_written(vote: Vote) -> None:
    files = [json.loads(canonical(step.value)) for step in vote.steps]
    source, batch, records = (files[-1][name] for name in ("manifest", "batch", "records"))
    id_of_vote = hashlib.sha256(spelled(source)).digest()
    for one in (source["keeper"], *source["openers"]):
        verify(one["key"], one["signature"], "sealed/opener", without_signature(one))
    verify(source["keeper"]["key"], batch["signature"], "sealed/batch", id_of_vote, without_signature(batch))
    piles = [pile([bytes.fromhex(one) for one in file["contents"]]) for file in files]
    assert piles[0] == batch["boxes"]
    assert pile(sorted(vote.cast)) == batch["cast"]
    before = batch
    for place, record in enumerate(records):
        signer = source["openers"][(0, 1, 0)[place]]["key"]
        verify(signer, record["signature"], "sealed/record", id_of_vote, without_signature(record))
        assert record["previous"] == hashlib.sha256(spelled(before)).hexdigest()
        assert {"count": record["in"], "hash": record["before"]} == piles[place]
        assert {"count": record["out"], "hash": record["after"]} == piles[place + 1]
        before = record


def test_a_ballot_opens_layer_by_layer_to_its_block(vote: Vote) -> None:
    secrets = [key(0).box, key(1).box, key(2).box, key(1).closing]
    content = vote.cast[1]
    assert len(content) == 8 * 4 + 1 + 4 + 80 * 4
    for step, secret in enumerate(secrets):
        opened = SealedBox(PrivateKey(secret)).decrypt(content)
        assert opened[:32] == hashlib.sha256(spelled(vote.manifest.source)).digest()
        content = opened[32:]
        assert step == 3 or content in vote.steps[step].contents
    written = spelled(vote.choices[1])
    assert content == len(written).to_bytes(4, "big") + written + bytes(8 * 4 + 1 - len(written))


def test_control_ballots_are_drawn_as_written(vote: Vote) -> None:
    file = json.loads(canonical(vote.controls.value))
    assert hashlib.sha256(spelled(file)).hexdigest() == vote.steps[0].batch.controls.hash
    assert crypto_scalarmult_base(bytes.fromhex(file["cover"])).hex() == vote.manifest.source["keeper"]["box"]
    secret, keys = bytes.fromhex(file["secret"]), [key(1).box, key(2).box, key(1).closing]
    for place in range(file["count"]):
        drawn = draws("sealed/control-choice", secret, place, [16] * 4)
        order = [code for _, code in sorted(zip(drawn, CODES, strict=True))]
        written = spelled([[code] for code in order])
        content = len(written).to_bytes(4, "big") + written + bytes(RANKED.size - len(written))
        fresh = draws("sealed/control", secret, place, [32] * 3)
        for step, drawn_for_it in zip((2, 1, 0), fresh, strict=True):
            content = box(vote.manifest.vote + content, crypto_scalarmult_base(keys[step]), drawn_for_it)
            assert content in vote.steps[step].contents


def test_a_control_text_is_drawn_as_written() -> None:
    texts = Vote(manifest(TEXT), ["意見"] * 12)
    secret = texts.controls.secret
    expected = [draws("sealed/control-choice", secret, place, [8])[0].hex()[:40] for place in range(12)]
    assert list(texts.controls.choices) == expected
