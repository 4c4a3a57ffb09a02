"""The consultations of the demo city, and one in each state for an outside check."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa

from civic import clock
from civic.activities import actions as activities
from civic.activities.models import Project
from civic.activities.states import State
from civic.db import db
from civic.identity import seeds as people
from civic.identity.accounts import Actor
from civic.web.formatters import receipt_number
from consultations.comments.drafting.notheld.actions import NotHeld, create_notice, publish_notice
from consultations.comments.drafting.rulebook.actions import create_rule
from consultations.comments.publishing import actions as publishing
from consultations.comments.rules import Rule
from consultations.comments.seeds import content, planting
from consultations.comments.seeds.content import Written
from consultations.comments.seeds.planting import APPROVER, Planted
from consultations.comments.stages import Asked

RECEIPTS_SHOWN: Final = 3
FEW: Final = 6
"""Comments of each consultation that stands for a state only."""

PERIODS: Final[Mapping[State, tuple[int, int]]] = {
    State.DRAFT: (20, 55),
    State.IN_APPROVAL: (20, 55),
    State.SCHEDULED: (8, 45),
    State.ENDED: (-37, -1),
    State.CLOSED: (-45, -10),
    State.WITHDRAWN: (-10, 26),
}
"""First and last day of the period of those that stand for a state, in days from today."""


def demo() -> dict[str, Any]:
    """One answered and one open consultation; this room's part of the seed's document."""
    return document(plant_city(content.rule()))


def audit() -> dict[str, Any]:
    """The same under a rule that asks for nothing but the words, and a small consultation in each other state."""
    rule = replace(content.rule(), categories=(), asks_name=Asked.OPTIONAL)
    planted = plant_city(rule)
    plan = content.read("transport-plan")
    project_id = project(plan.content["project"])
    for state, (starts, ends) in PERIODS.items():
        few = {
            **plan.content,
            "plan": plan.slug,
            "state": state.value,
            "starts": starts,
            "ends": ends,
            "comments": plan.comments[:FEW],
        }
        slug = f"plan-{state.value.replace('_', '-')}"
        planted.append(planting.plant(Written(slug, few), project_id, rule))
    found = document(planted)
    found["objects"]["ids"]["erratum_id"] = [propose_correction(planted)]
    return found


def propose_correction(planted: Sequence[Planted]) -> int:
    """Let the editor propose a correction of the first published answer; it waits for a second person. Its number."""
    answered = next(one for one in planted if one.groups)
    wanted = content.city()["correction"]
    words = publishing.Correction({"answer": wanted["answer"]}, wanted["note"], 1)
    editor = people.actor(content.read(answered.slug).content["editor"])
    return publishing.propose_erratum(answered.id, answered.groups[0], words, editor, clock.now())


def plant_city(rule: Rule) -> list[Planted]:
    """The city's rule and project, a procedure it did not hold, and what it asks opinions on."""
    city = content.city()
    one = city["project"]
    activities.create_project(
        one["slug"], people.department(one["department"]), one["title"], one["summary"], people.actor(one["editor"])
    )
    create_rule(city["rule"]["code"], rule, people.actor("demo-admin"), clock.now())
    publish_not_held(city["not_held"], people.actor(one["editor"]))
    written = [content.read(slug) for slug in city["consultations"]]
    return [planting.plant(each, project(each.content["project"]), rule) for each in written]


def publish_not_held(written: Mapping[str, Any], editor: Actor) -> None:
    """Write the notice of a procedure that was not held, and let the approver publish it."""
    texts = {name: written[name] for name in ("title", "aim", "basis", "reason", "contact")}
    notice = NotHeld(**texts, rule=content.rule(), exemption=written["exemption"])
    made = create_notice(written["slug"], project(written["project"]), notice, editor)
    publish_notice(made, 1, people.actor(APPROVER), clock.now())


def project(slug: str) -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(Project.id).where(Project.slug == slug)).one()


def document(planted: Sequence[Planted]) -> dict[str, Any]:
    """What an operator or an outside check needs to know of what was planted."""
    answered = [one for one in planted if one.groups]
    return {
        "activities": [{"kind": "consultation", "slug": one.slug, "state": one.state} for one in planted],
        "objects": {
            "receipts": [receipt_number(one) for each in planted for one in each.receipts[:RECEIPTS_SHOWN]],
            "ids": {
                "slug": [*(one.slug for one in planted), content.city()["project"]["slug"]],
                "number": sorted({number for one in answered for number in one.groups}),
                "edition": [1] if answered else [],
            },
        },
    }


SEEDS: Final[Mapping[str, Callable[[], Any]]] = {"demo": demo, "audit": audit}
