"""What the staff page of the result needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic import clock
from civic.activities import desk
from civic.activities.rules import state_of
from civic.activities.states import State
from civic.db import db
from civic.messages import Message
from civic.refusals import NotFound
from consultations.comments.models import Consultation, DraftVersion, Edition, Erratum
from consultations.comments.publishing import checking, corrections, document, showing
from consultations.comments.publishing.counting import Numbers, numbers_of
from consultations.comments.publishing.queries import Group, Result, published
from consultations.comments.queries import consultation_for

WHERE = {
    checking.NOT_GROUPED: "consultations_desk.comments",
    checking.NO_TITLE: "consultations_answering.board",
    checking.NO_OUTCOME: "consultations_answering.board",
    checking.NOT_APPROVED: "consultations_answering.board",
    checking.NOT_REVIEWED: "analysis_runs.masks",
}
"""The page on which a problem is solved; those not named here are solved on this one."""


@dataclass(frozen=True)
class ResultPage:
    """The result while it is written, what stands against it, and what was published of it."""

    consultation: Consultation
    state: State
    problems: Sequence[tuple[Message, str | None]]  # with the endpoint where each is solved
    left_out: Sequence[tuple[int, Sequence[str]]]  # words in no opinion item, by the number of their comment
    numbers: Numbers
    consulted: str  # Markdown
    final: str  # Markdown; as consulted while none is written
    changes: Sequence[Mapping[str, Any]]
    editions: Sequence[Edition]
    pending: Sequence[Erratum]
    decided: Sequence[Erratum]
    groups: Sequence[Group]
    people: Mapping[int, str]


def result_page(slug: str, permission: str) -> ResultPage:
    """The page of a consultation's result."""
    one = consultation_for(slug, permission)
    markdown = markdown_of(one)
    consulted = markdown.get(one.current_version or 0, "")
    errata = list(
        db.session.scalars(
            sa.select(Erratum)
            .options(joinedload(Erratum.group))
            .where(Erratum.consultation_id == one.id)
            .order_by(Erratum.id.desc())
        )
    )
    editions = db.session.scalars(
        sa.select(Edition).where(Edition.consultation_id == one.id).order_by(Edition.number.desc())
    ).all()
    people = {one.last_editor_id} | {row.author_id for row in editions} | {row.published_by_id for row in editions}
    people |= {row.proposed_by_id for row in errata}
    return ResultPage(
        consultation=one,
        state=state_of(one, clock.now()),
        problems=[(problem, WHERE.get(problem.msgid)) for problem in checking.answer_problems(one)],
        left_out=checking.left_out(one) if one.answered_at is None else [],
        numbers=numbers_of(one.id),
        consulted=consulted,
        final=markdown.get(one.final_version or 0, consulted),
        changes=document.changes_of(one, one.final_version) if one.final_version else [],
        editions=editions,
        pending=[row for row in errata if row.decided_at is None],
        decided=[row for row in errata if row.decided_at is not None],
        groups=corrections.read(editions[0].document)["groups"] if editions else [],
        people=desk.names(*people),
    )


def markdown_of(one: Consultation) -> dict[int, str]:
    """The draft consulted on and the final version, by number."""
    rows = db.session.execute(
        sa.select(DraftVersion.number, DraftVersion.markdown).where(
            DraftVersion.consultation_id == one.id,
            DraftVersion.number.in_([one.current_version, one.final_version]),
        )
    )
    return {row.number: row.markdown for row in rows}


def preview(one: Consultation) -> Result:
    """The result as everybody would read it if it were published now."""
    content = document.build(one, clock.now())
    edition = Edition(number=0, document=content | {"edition": 0}, sha256=document.sha256(content))
    return Result(one, edition, 0)


@dataclass(frozen=True)
class CorrectionPage:
    """Published words to be corrected: of one answer, or (`group` None) of the result as a whole."""

    result: Result
    group: Group | None
    words: Mapping[str, Any]  # by name, as they are published


def correction_page(slug: str, number: int | None) -> CorrectionPage:
    """The words of one published answer, or of the result as a whole; NotFound, NotAllowed."""
    consultation_for(slug, "result.correct")
    result = published(slug)
    group = None if number is None else result.group(number)
    return CorrectionPage(result, group, corrections.words_of(result.content, number))


@dataclass(frozen=True)
class DecisionPage:
    """A proposed correction beside what is published: of each text what it is, what it says and what it should say."""

    result: Result
    group: Group | None
    erratum: Erratum
    proposer: str
    words: Sequence[tuple[str, Message, Any, Any]]


def decision_page(slug: str, erratum_id: int) -> DecisionPage:
    """A proposed correction; NotFound, NotAllowed, also for one that is decided."""
    one = consultation_for(slug, "result.approve")
    erratum = db.session.get(Erratum, erratum_id)
    if erratum is None or erratum.consultation_id != one.id or erratum.decided_at is not None:
        raise NotFound
    result = published(slug)
    number = erratum.group.number if erratum.group else None
    now = corrections.words_of(result.content, number)
    words = [
        (name, showing.what_is(name, number is not None), now.get(name, {}), given)
        for name, given in corrections.in_order(erratum.words, number).items()
    ]
    people = desk.names(erratum.proposed_by_id)
    group = None if number is None else result.group(number)
    return DecisionPage(result, group, erratum, people[erratum.proposed_by_id], words)
