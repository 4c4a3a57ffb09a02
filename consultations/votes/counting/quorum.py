"""Quorum and turnout rules (成立要件) as data: what a vote needs to stand, and a record of each figure.

An ordinance says such things as 「投票資格者総数の2分の1以上の投票」 or 「賛成が有効投票の過半数かつ資格者総数の4分の1以上」. A
rule is at least a share or, 過半数, more than it; rules are joined by all or any. A share is a fraction, and every
comparison is one of whole numbers: no vote fails by a rounding. A rule's plain form is what a manifest states.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from consultations.votes.counting.errors import BadQuorum
from consultations.votes.counting.records import Plain


class Of(StrEnum):
    """What a share of votes for an option is a share of."""

    CAST = "cast"  # all ballots cast
    VALID = "valid"  # ballots that count, blank ones among them where they are an option
    ROLL = "roll"  # everyone entitled to vote


@dataclass(frozen=True)
class Figures:
    """What the rules are held against: the roll, ballots cast, those valid, and the votes of each option."""

    roll: int
    cast: int
    valid: int
    votes: Mapping[str, int]


@dataclass(frozen=True)
class Voters:
    """At least so many voted."""

    least: int

    def plain(self) -> Plain:
        return {"voters": {"least": self.least}}


@dataclass(frozen=True)
class Turnout:
    """At least this share of the roll voted; with `more`, more than it."""

    share: Fraction
    more: bool = False

    def plain(self) -> Plain:
        return {"turnout": {"share": str(self.share), "more": self.more}}


@dataclass(frozen=True)
class Approval:
    """An option has at least this share of what `of` says; with `more`, more than it."""

    option: str
    share: Fraction
    of: Of
    more: bool = False

    def plain(self) -> Plain:
        return {"approval": {"option": self.option, "share": str(self.share), "of": str(self.of), "more": self.more}}


@dataclass(frozen=True)
class All:
    """Every one of the rules is met; without a rule it is."""

    rules: "tuple[Quorum, ...]"

    def plain(self) -> Plain:
        return {"all": [rule.plain() for rule in self.rules]}


@dataclass(frozen=True)
class Either:
    """One of the rules at least is met."""

    rules: "tuple[Quorum, ...]"

    def plain(self) -> Plain:
        return {"any": [rule.plain() for rule in self.rules]}


Quorum = Voters | Turnout | Approval | All | Either


@dataclass(frozen=True)
class Held:
    """A rule held against the figures: met when `found` is at least `needed` people or ballots.

    `whole` is what the share was taken of, None for a plain number. For all and any there are `parts` instead.
    """

    rule: Quorum
    met: bool
    found: int | None
    needed: int | None
    whole: int | None
    parts: "tuple[Held, ...]" = ()


def hold(rule: Quorum, figures: Figures) -> Held:
    """Hold a rule against the figures. Raises BadQuorum for figures or a rule that make no sense."""
    _check(figures)
    return _hold(rule, figures)


def _hold(rule: Quorum, figures: Figures) -> Held:
    match rule:
        case Voters(least):
            if least < 1:
                raise BadQuorum(f"A quorum of {least} voters asks for nothing.")
            return Held(rule, figures.cast >= least, figures.cast, least, None)
        case Turnout(share, more):
            return _shared(rule, figures.cast, share, figures.roll, more)
        case Approval(option, share, of, more):
            if option not in figures.votes:
                raise BadQuorum(f"The quorum names {option!r}, which is not an option.")
            whole = {Of.CAST: figures.cast, Of.VALID: figures.valid, Of.ROLL: figures.roll}[of]
            return _shared(rule, figures.votes[option], share, whole, more)
        case All(rules):
            parts = tuple(_hold(part, figures) for part in rules)
            return Held(rule, all(part.met for part in parts), None, None, None, parts)
        case Either(rules):
            if not rules:
                raise BadQuorum("One of no rules can never be met.")
            parts = tuple(_hold(part, figures) for part in rules)
            return Held(rule, any(part.met for part in parts), None, None, None, parts)


def _shared(rule: Quorum, found: int, share: Fraction, whole: int, more: bool) -> Held:
    """Nobody is never enough: a share of nothing needs one."""
    if not 0 < share <= 1 or (more and share == 1):
        raise BadQuorum(f"A share of {share} cannot be asked for.")
    exact = share * whole
    needed = exact.numerator // exact.denominator + 1 if more else -(-exact.numerator // exact.denominator)
    return Held(rule, found >= max(1, needed), found, max(1, needed), whole)


def _check(figures: Figures) -> None:
    if not 0 <= figures.valid <= figures.cast <= figures.roll:
        raise BadQuorum(
            f"{figures.valid} valid of {figures.cast} ballots by {figures.roll} entitled: each must be part of the next."
        )
    for option, votes in figures.votes.items():
        if not 0 <= votes <= figures.valid:
            raise BadQuorum(f"The option {option!r} has {votes} votes on {figures.valid} valid ballots.")


def quorum_of(document: object) -> Quorum:
    """The rule that a manifest states, as `records.plain` writes it: one key, its kind; shares as fractions ("1/2").

    Raises BadQuorum for anything else, also for one key too many.
    """
    match document:
        case {"voters": {"least": int(least), **left}, **over} if not left and not over and not isinstance(least, bool):
            return Voters(least)
        case {"turnout": {"share": str(share), "more": bool(more), **left}, **over} if not left and not over:
            return Turnout(_fraction(share), more)
        case {
            "approval": {"option": str(option), "share": str(share), "of": str(of), "more": bool(more), **left},
            **over,
        } if not left and not over:
            return Approval(option, _fraction(share), _of(of), more)
        case {"all": list(rules), **over} if not over:
            return All(_rules(rules))
        case {"any": list(rules), **over} if not over:
            return Either(_rules(rules))
    raise BadQuorum(f"{document!r} is no quorum rule.")


def _rules(documents: Iterable[object]) -> tuple[Quorum, ...]:
    return tuple(quorum_of(document) for document in documents)


def _fraction(text: str) -> Fraction:
    numerator, _, denominator = text.partition("/")
    digits = (numerator, denominator or "1")
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in digits) or int(digits[1]) == 0:
        raise BadQuorum(f"{text!r} is no share; write it like 1/2.")
    return Fraction(int(digits[0]), int(digits[1]))


def _of(text: str) -> Of:
    if text not in set(Of):
        raise BadQuorum(f"{text!r} is nothing a share can be taken of.")
    return Of(text)
