"""The numbers a result publishes, counted from the rows themselves: comments, persons, texts, items, answers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from civic.activities.models import Participation
from civic.activities.states import Channel, ParticipationState
from civic.db import db
from consultations.comments.models import Comment, OpinionGroup, OpinionItem
from consultations.comments.stages import Outcome

COUNTED = ParticipationState.COUNTED


@dataclass(frozen=True)
class Numbers:
    """Comments that count by channel, those that came late, were taken back or replaced apart; items and answers by outcome.

    `persons` is None where not everybody who commented was identified: then nobody knows how many people they were.
    `texts` counts copies of one text once.
    """

    channels: Mapping[Channel, int]
    persons: int | None
    texts: int
    late: int
    withdrawn: int
    replaced: int = 0
    items: Mapping[Outcome, int] = field(default_factory=dict)
    answers: Mapping[Outcome, int] = field(default_factory=dict)

    @property
    def submissions(self) -> int:
        return sum(self.channels.values())

    def to_json(self) -> dict[str, Any]:
        """As the published document has them."""
        return {
            "submissions": self.submissions,
            "persons": self.persons,
            "texts": self.texts,
            "items": sum(self.items.values()),
            "answers": sum(self.answers.values()),
            "late": self.late,
            "withdrawn": self.withdrawn,
            "replaced": self.replaced,
            "channels": {channel.value: count for channel, count in self.channels.items()},
            "outcomes": {
                outcome.value: {"items": self.items.get(outcome, 0), "answers": self.answers.get(outcome, 0)}
                for outcome in Outcome
            },
        }


def numbers_of(consultation_id: int) -> Numbers:
    """All numbers of a consultation, in four queries, whatever the number of comments."""
    channels, states = _by_channel(consultation_id)
    persons, unknown, texts = _people_and_texts(consultation_id)
    items, answers = _by_outcome(consultation_id)
    return Numbers(
        channels=channels,
        persons=None if unknown or not channels else persons,
        texts=texts,
        late=states[ParticipationState.LATE],
        withdrawn=states[ParticipationState.WITHDRAWN],
        replaced=states[ParticipationState.SUPERSEDED],
        items=items,
        answers=answers,
    )


def _by_channel(consultation_id: int) -> tuple[dict[Channel, int], Counter[ParticipationState]]:
    """Counted comments by channel; all comments by how they stand."""
    rows = db.session.execute(
        sa.select(Comment.channel, Participation.state, sa.func.count())
        .join(Participation, Participation.id == Comment.participation_id)
        .where(Comment.consultation_id == consultation_id)
        .group_by(Comment.channel, Participation.state)
    ).all()
    states: Counter[ParticipationState] = Counter()
    counted: Counter[Channel] = Counter()
    for channel, state, count in rows:
        states[state] += count
        counted[channel] += count if state is COUNTED else 0
    in_order = {channel: counted[channel] for channel in Channel if counted[channel]}
    return in_order, states


def _people_and_texts(consultation_id: int) -> tuple[int, int, int]:
    """Distinct persons, comments of nobody knows whom, distinct texts; of the comments that count."""
    persons, known, everything, texts = db.session.execute(
        sa.select(
            sa.func.count(sa.distinct(Participation.person_key)),
            sa.func.count(Participation.person_key),
            sa.func.count(),
            sa.func.count(sa.distinct(Comment.fold_key)),
        )
        .select_from(Comment)
        .join(Participation, Participation.id == Comment.participation_id)
        .where(Comment.consultation_id == consultation_id, Participation.state == COUNTED)
    ).one()
    return persons, everything - known, texts


def _by_outcome(consultation_id: int) -> tuple[dict[Outcome, int], dict[Outcome, int]]:
    """Items of counted comments, and the answers to them, by outcome."""
    rows = db.session.execute(
        sa.select(OpinionGroup.outcome, sa.func.count(OpinionItem.id), sa.func.count(sa.distinct(OpinionGroup.id)))
        .join(OpinionItem, OpinionItem.group_id == OpinionGroup.id)
        .join(Comment, Comment.id == OpinionItem.comment_id)
        .join(Participation, Participation.id == Comment.participation_id)
        .where(
            OpinionGroup.consultation_id == consultation_id,
            OpinionGroup.outcome.is_not(None),
            Participation.state == COUNTED,
        )
        .group_by(OpinionGroup.outcome)
    ).all()
    known = [(outcome, items, answers) for outcome, items, answers in rows if outcome is not None]
    return {one: items for one, items, _ in known}, {one: answers for one, _, answers in known}
