"""The originals of a published result: every comment as everybody may read it, its masks in place, and where it is answered."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from civic import paging
from civic.activities.models import Participation
from civic.activities.states import ParticipationState
from civic.db import db
from consultations.comments import sources
from consultations.comments.models import Comment, Consultation, DraftVersion, Passage
from consultations.comments.publishing.queries import Group, Result, published

COMMENTS = 50
"""Originals on one page: numbers 1 to 50, 51 to 100, so that the page of a number is known."""


@dataclass(frozen=True)
class Original:
    """One comment as everybody may read it. `parts` are runs of its text and the number of the group each is answered in."""

    number: int
    channel: str
    language: str
    passage: str | None
    late: bool
    state: str
    parts: Sequence[tuple[str, int | None]]

    @property
    def masked(self) -> bool:
        return any("■" in text for text, _group in self.parts)

    @property
    def groups(self) -> list[int]:
        """The groups that answer it."""
        return list(dict.fromkeys(group for _text, group in self.parts if group is not None))


@dataclass(frozen=True)
class OriginalsPage:
    """One page of originals, of all comments or of one group's."""

    result: Result
    rows: Sequence[Original]
    page: int
    pages: int
    group: Group | None
    total: int


def originals_page(slug: str, page: int, group_number: int | None = None) -> OriginalsPage:
    """Masked originals of every comment, or of those one answer is about. NotFound before the result is published.

    A page beyond the last is the last.
    """
    result = published(slug)
    group = result.group(group_number) if group_number is not None else None
    numbers: Sequence[int] = range(1, result.consultation.last_comment + 1)
    if group is not None:
        numbers = list(dict.fromkeys(item["comment"] for item in group["items"]))
    page = paging.within(page, len(numbers), COMMENTS)
    wanted = numbers[(page - 1) * COMMENTS : page * COMMENTS]
    return OriginalsPage(
        result=result,
        rows=originals_of(result, wanted),
        page=page,
        pages=paging.pages(len(numbers), COMMENTS),
        group=group,
        total=len(numbers),
    )


def originals_of(result: Result, numbers: Sequence[int]) -> list[Original]:
    """The comments with these numbers, as everybody may read them now."""
    one = result.consultation
    rows = db.session.execute(
        sa.select(Comment.id, Comment.number, Comment.channel, Comment.language, Comment.passage, Participation.state)
        .join(Participation, Participation.id == Comment.participation_id)
        .where(Comment.consultation_id == one.id, Comment.number.in_(numbers))
        .order_by(Comment.number)
    ).all()
    refs = {row.id: sources.ref_of(one.slug, row.id) for row in rows}
    found = sources.resolve(list(refs.values()))
    answered = spans_of(result)
    labels = passage_labels(one, {row.passage for row in rows if row.passage})
    return [
        Original(
            row.number,
            row.channel.value,
            row.language,
            labels.get(row.passage or ""),
            row.state is ParticipationState.LATE,
            "replaced" if row.state is ParticipationState.SUPERSEDED else found[refs[row.id]].state,
            cut(found[refs[row.id]].text, answered.get(row.number, ())),
        )
        for row in rows
    ]


def spans_of(result: Result) -> dict[int, list[tuple[int, int, int]]]:
    """(start, stop, group) of every published opinion item, by the number of its comment."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    for group in result.groups:
        for item in group["items"]:
            found.setdefault(item["comment"], []).append((item["start"], item["stop"], group["number"]))
    return found


def cut(text: str | None, spans: Sequence[tuple[int, int, int]]) -> list[tuple[str, int | None]]:
    """A text in runs: each span with its group, what lies between with None. Joined, the runs are the text again."""
    if text is None:
        return []
    parts: list[tuple[str, int | None]] = []
    at = 0
    for start, stop, group in sorted(spans):
        parts += [(text[at:start], None), (text[start:stop], group)]
        at = stop
    return [part for part in [*parts, (text[at:], None)] if part[0]]


def passage_labels(one: Consultation, anchors: set[str]) -> dict[str, str]:
    """The labels of passages of the draft consulted on, by anchor."""
    rows = db.session.execute(
        sa.select(Passage.anchor, Passage.label)
        .join(DraftVersion, DraftVersion.id == Passage.version_id)
        .where(
            DraftVersion.consultation_id == one.id,
            DraftVersion.number == one.current_version,
            Passage.anchor.in_(anchors),
        )
    )
    return {row.anchor: row.label for row in rows}
