"""The votes of the demo city, and one in each state for an outside check."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from civic.activities import actions as activities
from civic.activities.states import State
from civic.identity import seeds as people
from consultations.votes.casting.files import PROGRAMS
from consultations.votes.seeds import content, planting, trustees
from consultations.votes.seeds.content import Written
from consultations.votes.seeds.planting import Planted
from consultations.votes.seeds.trustees import Trustees

FEW: Final = {"voters": 24, "ballots": [8, 3, 1], "paper": 1, "changed": 1, "witness": False, "quorum": None}
"""A vote that stands for a state only: twelve ballots."""

PERIODS: Final[Mapping[State, tuple[int, int]]] = {
    State.DRAFT: (20, 34),
    State.IN_APPROVAL: (20, 34),
    State.SCHEDULED: (8, 22),
    State.ENDED: (-15, -1),
    State.CLOSED: (-20, -6),
    State.WITHDRAWN: (-5, 9),
}
"""First and last day of the period of those that stand for a state, in days from today."""

TOO_FEW: Final = {"ballots": [5, 4, 0], "changed": 0}
"""Nine ballots: closed for good and never opened."""


def demo() -> dict[str, Any]:
    """One counted and one open vote; this room's part of the seed's document."""
    return document(plant_city()[0])


def audit() -> dict[str, Any]:
    """The same, a small vote in each other state, and one with too few ballots to be counted."""
    planted, keys = plant_city()
    small = content.read("city-hall").content
    for state, (starts, ends) in PERIODS.items():
        few = {**small, **FEW, "state": state.value, "starts": starts, "ends": ends}
        planted.append(planting.plant(Written(f"vote-{state.value.replace('_', '-')}", few), keys))
    starts, ends = PERIODS[State.CLOSED]
    nine = {**small, **FEW, **TOO_FEW, "state": State.CLOSED.value, "starts": starts, "ends": ends}
    planted.append(planting.plant(Written("vote-few", nine), keys))
    return document(planted)


def plant_city() -> tuple[list[Planted], Trustees]:
    """The city's project, its trustees' keys, and what it asks everybody on the roll."""
    city = content.city()
    for one in city["projects"]:
        department, editor = people.department(one["department"]), people.actor(one["editor"])
        activities.create_project(one["slug"], department, one["title"], one["summary"], editor)
    keys = trustees.hold_ceremony(city["trustees"], city["threshold"])
    trustees.keep(keys)
    return [planting.plant(content.read(slug), keys) for slug in city["votes"]], keys


def document(planted: Sequence[Planted]) -> dict[str, Any]:
    """What an operator or an outside check needs to know of what was planted."""
    running = [one for one in planted if one.state == State.OPEN]
    return {
        "activities": [{"kind": "vote", "slug": one.slug, "state": one.state} for one in planted],
        "objects": {
            "register_codes": [
                {"activity": one.slug, "code": person.code, "birth_date": person.birth_date}
                for one in running
                for person in one.people
            ],
            "ids": {
                "slug": [*(one.slug for one in planted), *(one["slug"] for one in content.city()["projects"])],
                "code": ["q1"],
                "n": [1],
                "name": list(PROGRAMS),
            },
        },
    }


SEEDS: Final[Mapping[str, Callable[[], Any]]] = {"demo": demo, "audit": audit}
