"""The questions of a ballot paper as a list: their order, their codes, one put in another's place. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from consultations.votes.conducting.actions import VoteSettings

Question = dict[str, Any]


def fresh_code(questions: Sequence[Mapping[str, Any]]) -> str:
    """The first code of q1, q2 … that no question has."""
    taken = {one["code"] for one in questions}
    return next(code for number in range(1, len(taken) + 2) if (code := f"q{number}") not in taken)


def replaced(questions: Sequence[Question], question: Question) -> list[Question]:
    """The list with this question in the place of the one with its code, or at its end."""
    if any(one["code"] == question["code"] for one in questions):
        return [question if one["code"] == question["code"] else one for one in questions]
    return [*questions, question]


def arranged(questions: Sequence[Question], code: str, act: str) -> list[Question]:
    """The list after one of the acts up, down, remove; as it is where there is no such question."""
    place = next((place for place, one in enumerate(questions) if one["code"] == code), None)
    listed = list(questions)
    if place is None:
        return listed
    arrange(listed, act, str(place))
    return listed


def arrange(entries: list[Any], act: str, place: str) -> None:
    """Move or drop the entry at `place`; what cannot be moved further stays."""
    if not (place.isascii() and place.isdigit()) or int(place) >= len(entries):
        return
    here = int(place)
    if act == "remove":
        del entries[here]
    elif act in ("up", "down"):
        there = here + (1 if act == "down" else -1)
        if 0 <= there < len(entries):
            entries[here], entries[there] = entries[there], entries[here]


def with_questions(facts: VoteSettings, questions: list[Question]) -> VoteSettings:
    return replace(facts, questions=questions)
