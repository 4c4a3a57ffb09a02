"""From opened choices to a result: the control ballots taken off, then counted by a method, or listed (SPEC.md, section 9)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from consultations.votes.counting.methods import METHODS, BallotKind
from consultations.votes.counting.records import Plain, plain
from consultations.votes.protocol.encoding import Json
from consultations.votes.protocol.refusals import Refused
from consultations.votes.sealed.checking import Chain, check_controls
from consultations.votes.sealed.controls import Controls
from consultations.votes.sealed.manifest import LIMITS, Manifest
from consultations.votes.sealed.records import copies
from consultations.votes.sealed.rules import Choice, RankedRules, TextRules

RANKINGS: Final = (BallotKind.RANKING, BallotKind.WEAK_RANKING)


@dataclass(frozen=True)
class Taken:
    """What never became a choice: copies (at the close and after each step), and boxes taken out, by reason."""

    doubled: int
    invalid: dict[str, int]


def counted_choices(chain: Chain, controls: Controls) -> list[Choice]:
    """The residents' choices in ascending order of their bytes, after all checks. Refused("sealed.…")."""
    last = chain.last
    if chain.missing or not last.is_open:
        raise Refused("sealed.incomplete", f"step {chain.missing[0]}")
    check_controls(chain, controls)
    rules = last.manifest.rules
    left = Counter(last.contents) - Counter(rules.content(one) for one in controls.choices)
    return [rules.choice(one) for one in sorted(left.elements())]


def taken_out(chain: Chain) -> Taken:
    batch, records = chain.last.batch, chain.last.records
    doubled = copies(batch.doubled) + sum(copies(one.doubled) for one in records)
    named = [*batch.invalid, *(one for record in records for one in record.invalid)]
    reasons = Counter(one["reason"] for one in named)
    return Taken(doubled, dict(sorted(reasons.items())))


def methods_for(manifest: Manifest) -> list[str]:
    """The methods that count rankings of these rules."""
    rules = manifest.rules
    if isinstance(rules, TextRules):
        return []
    kinds = RANKINGS[1:] if rules.ties else RANKINGS
    return sorted(name for name, method in METHODS.items() if method.ballot in kinds)


def count(manifest: Manifest, choices: Sequence[Choice], method: str, seats: int, seed: str | None) -> Plain:
    """The result and the record of every round. Refused("sealed.method"), or a CountRefused of `counting/`."""
    rules = manifest.rules
    if method not in methods_for(manifest) or not isinstance(rules, RankedRules):
        raise Refused("sealed.method", method)
    one = METHODS[method]
    if seats > 1 and not one.several_seats:
        raise Refused("sealed.method", f"{method}, {seats}")
    ballots = [(_ranking(choice, one.ballot), 1) for choice in choices]
    more = {"seats": seats} if one.several_seats else {}
    return plain(one.count(ballots, rules.codes, seed=seed, **more))


def _ranking(choice: Choice, kind: BallotKind) -> Sequence[Json]:
    return [rank[0] for rank in choice] if kind is BallotKind.RANKING else choice


def result_value(chain: Chain, choices: Sequence[Choice], result: Plain) -> dict[str, Json]:
    """The file of the result; `result` is None for free text, which is only listed."""
    manifest, batch = chain.last.manifest, chain.last.batch
    taken = taken_out(chain)
    return {
        "cast": batch.cast.count + copies(batch.doubled),
        "choices": list(choices),
        "controls": batch.controls.count,
        "counted": len(choices),
        "doubled": taken.doubled,
        "invalid": taken.invalid,
        "limits": dict(LIMITS),
        "result": result,
        "title": dict(manifest.title),
        "version": 1,
        "vote": manifest.vote.hex(),
    }
