"""The same vote held once more in Belenios' group: our choices and their randomness, keys drawn for it, our board's result."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Final, TypeAlias

from consultations.votes.belenios.archive import Decryption, Held
from consultations.votes.belenios.ballots import (
    Election,
    Position,
    ballot_of,
    compact,
    encrypted,
    ordered,
    short_hash,
    together,
)
from consultations.votes.belenios.field import NAME, Element, G, drawn, fixed_power
from consultations.votes.belenios.opened import Cast, OpenedVote
from consultations.votes.belenios.trustees import Trustees
from consultations.votes.protocol.encoding import Json
from consultations.votes.protocol.group import Random
from consultations.votes.protocol.manifest import Manifest
from consultations.votes.protocol.questions import Question

Answers: TypeAlias = Sequence[tuple[Question, Sequence[Position]]]

DIGITS: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
TEXT_LANGUAGE: Final = "ja"  # the one every manifest has


def held(vote: OpenedVote, random: Random) -> Held:
    """Everything Belenios verifies: ballots in the board's order, of which the last of a credential counts."""
    manifest = vote.manifest
    trustees = Trustees.drawn(len(manifest.trustees), manifest.threshold, random)
    parameters = parameters_of(manifest, trustees.key)
    election = Election(uuid_of(manifest), short_hash(parameters), trustees.key)
    credentials = {one.slot: drawn(random) for one in vote.ballots}
    answers = [(one, answers_of(one, manifest, election.key)) for one in vote.ballots]
    tally = tally_of({one.slot: answer for one, answer in answers}, manifest)
    return Held(
        uuid=election.uuid,
        opened=int(manifest.opens.replace(tzinfo=UTC).timestamp()),
        election=parameters,
        trustees=trustees.published(random),
        credentials=compact([str(fixed_power(G, secret)) for secret in credentials.values()]),
        ballots=[ballot_of(election, credentials[one.slot], answer, random) for one, answer in answers],
        counted=len(credentials),
        tally=compact([[one.json for one in row] for row in tally]),
        decryptions=[
            Decryption(one, trustees.decryption(one, all_ordered(off, manifest), election, tally, random))
            for one, off in vote.shares.items()
        ],
        result=compact({"result": all_ordered(vote.totals, manifest)}),
    )


def uuid_of(manifest: Manifest) -> str:
    """A name for the election that follows from the vote's id."""
    return "".join(DIGITS[byte % len(DIGITS)] for byte in manifest.vote[:22])


def parameters_of(manifest: Manifest, key: Element) -> str:
    return compact({
        "version": 1,
        "description": manifest.vote.hex(),
        "name": manifest.title[TEXT_LANGUAGE],
        "group": NAME,
        "public_key": str(key),
        "questions": [question_of(question) for question in manifest.questions],
        "uuid": uuid_of(manifest),
    })  # fmt: skip


def question_of(question: Question) -> dict[str, Json]:
    """A question in Belenios' words: single and approval are the same there."""
    return {
        "answers": [option.text[TEXT_LANGUAGE] for option in question.options],
        **({"blank": True} if question.blank else {}),
        "min": question.min,
        "max": question.max,
        "question": question.text[TEXT_LANGUAGE],
    }


def answers_of(one: Cast, manifest: Manifest, key: Element) -> Answers:
    """The ballot's ciphertexts in the other group."""
    return [
        (
            question,
            [encrypted(*pair, key) for pair in zip(ordered(question, values), ordered(question, row), strict=True)],
        )
        for question, values, row in zip(manifest.questions, one.choices, one.randomness, strict=True)
    ]


def tally_of(last: Mapping[str, Answers], manifest: Manifest) -> list[list[Position]]:
    """Per question and position, the ciphertext of the total."""
    rows = [[answers[place][1] for answers in last.values()] for place in range(len(manifest.questions))]
    return [[together(column) for column in zip(*row, strict=True)] for row in rows]


def all_ordered(rows: Sequence[Sequence[int]], manifest: Manifest) -> list[list[int]]:
    """A number per question and column, in Belenios' order."""
    return [ordered(*pair) for pair in zip(manifest.questions, rows, strict=True)]
