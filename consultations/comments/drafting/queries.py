"""What the pages of preparation need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from civic import clock
from civic.activities import rules as activities
from civic.activities.models import Participation, Project
from civic.activities.states import State
from civic.db import db
from civic.identity import access
from civic.refusals import NotFound
from consultations.comments import opening, rules
from consultations.comments.drafting.diffing import PassageChange, changed_passages
from consultations.comments.models import Attachment, Comment, Consultation, DraftVersion, Passage, ProcedureRule
from consultations.comments.queries import consultation_for
from consultations.comments.refusals import DraftFrozen
from consultations.comments.rules import Calendar, Rule
from consultations.comments.sources import STANDS

UNOPENED = (State.DRAFT, State.IN_APPROVAL, State.SCHEDULED)


@dataclass(frozen=True)
class Listed:
    """One consultation in the list of staff."""

    consultation: Consultation
    state: State


def consultations() -> list[Listed]:
    """Consultations of the departments this account works in, newest first."""
    departments = access.departments("consultation.inspect")
    statement = sa.select(Consultation).options(joinedload(Consultation.project), joinedload(Consultation.department))
    if departments is not None:
        statement = statement.where(Consultation.department_id.in_(departments))
    rows = db.session.scalars(statement.order_by(Consultation.created_at.desc(), Consultation.id.desc()))
    return [Listed(row, activities.state_of(row, clock.now())) for row in rows]


def projects(permission: str) -> list[Project]:
    """Projects in whose department this account holds `permission`, newest first."""
    departments = access.departments(permission)
    statement = sa.select(Project).order_by(Project.id.desc())
    if departments is not None:
        statement = statement.where(Project.department_id.in_(departments))
    return list(db.session.scalars(statement))


def city_rules() -> list[tuple[str, Rule]]:
    """The city's own rules with their codes, the newest edit first."""
    rows = db.session.scalars(sa.select(ProcedureRule).order_by(ProcedureRule.edited_at.desc(), ProcedureRule.id))
    return [(row.code, rules.rule_from_json(row.content)) for row in rows]


@dataclass(frozen=True)
class DraftPage:
    """A draft under an editor's hands: the version residents would read, how many comments each passage has, all versions."""

    consultation: Consultation
    state: State
    current: DraftVersion | None
    passages: Sequence[Passage]
    comments: Mapping[str | None, int]
    versions: Sequence[DraftVersion]

    @property
    def editable(self) -> bool:
        return self.state in UNOPENED


def draft_page(slug: str, permission: str) -> DraftPage:
    """The draft of a consultation. Six statements, however long it is."""
    consultation = consultation_for(slug, permission)
    versions = list(
        db.session.scalars(
            sa.select(DraftVersion)
            .where(DraftVersion.consultation_id == consultation.id)
            .order_by(DraftVersion.number.desc())
        )
    )
    current = next((one for one in versions if one.number == consultation.current_version), None)
    passages = db.session.scalars(
        sa.select(Passage).where(Passage.version_id == (current.id if current else 0)).order_by(Passage.position)
    )
    state = activities.state_of(consultation, clock.now())
    return DraftPage(consultation, state, current, list(passages), comments_by_passage(consultation.id), versions)


def comments_by_passage(consultation_id: int) -> dict[str | None, int]:
    """How many comments each passage has, those that came late included; under None those on the whole draft."""
    rows = db.session.execute(
        sa.select(Comment.passage, sa.func.count().label("comments"))
        .join(Participation, Participation.id == Comment.participation_id)
        .where(Comment.consultation_id == consultation_id, Participation.state.in_(STANDS))
        .group_by(Comment.passage)
    )
    return {row.passage: row.comments for row in rows}


@dataclass(frozen=True)
class ShownChange:
    """A passage that differs, for the macro `change_of`. `what`: new, gone or changed; pieces: pairs of change and words."""

    anchor: str
    label: str
    what: str
    pieces: Sequence[tuple[str, str]]


def shown_change(change: PassageChange[Passage]) -> ShownChange:
    one = change.after or change.before
    assert one is not None
    what = "new" if change.before is None else "gone" if change.after is None else "changed"
    return ShownChange(one.anchor, one.label, what, [(piece.change.value, piece.text) for piece in change.pieces])


@dataclass(frozen=True)
class VersionPage:
    """One version of a draft beside the one before it; `before` is None for the first."""

    consultation: Consultation
    version: DraftVersion
    before: DraftVersion | None
    changes: Sequence[ShownChange]
    state: State

    @property
    def editable(self) -> bool:
        return self.state in UNOPENED


def version_page(slug: str, number: int) -> VersionPage:
    """A version with what it changed; NotFound for a number there is not."""
    consultation = consultation_for(slug, "consultation.inspect")
    found = db.session.scalars(
        sa.select(DraftVersion)
        .where(DraftVersion.consultation_id == consultation.id, DraftVersion.number.in_((number, number - 1)))
        .order_by(DraftVersion.number.desc())
    ).all()
    if not found or found[0].number != number:
        raise NotFound
    before = found[1] if len(found) > 1 else None
    changes = changed_passages(before.passages, found[0].passages) if before else []
    state = activities.state_of(consultation, clock.now())
    return VersionPage(consultation, found[0], before, [shown_change(one) for one in changes], state)


@dataclass(frozen=True)
class RestorePage:
    """An earlier version beside the one in use, and what would change if it were taken again."""

    consultation: Consultation
    version: DraftVersion
    current: DraftVersion
    changes: Sequence[ShownChange]
    next_number: int


def restore_page(slug: str, number: int) -> RestorePage:
    """An earlier version to be taken again. NotFound for the one in use and for none, DraftFrozen once it has opened."""
    consultation = consultation_for(slug, "consultation.edit")
    rows = db.session.scalars(
        sa.select(DraftVersion)
        .options(selectinload(DraftVersion.passages))
        .where(
            DraftVersion.consultation_id == consultation.id,
            DraftVersion.number.in_((number, consultation.current_version)),
        )
    )
    found = {row.number: row for row in rows}
    current = found.pop(consultation.current_version or 0, None)
    if current is None or number not in found:
        raise NotFound
    if activities.state_of(consultation, clock.now()) not in UNOPENED:
        raise DraftFrozen
    newest = sa.select(sa.func.max(DraftVersion.number)).where(DraftVersion.consultation_id == consultation.id)
    changes = [shown_change(one) for one in changed_passages(current.passages, found[number].passages)]
    return RestorePage(consultation, found[number], current, changes, 1 + (db.session.scalar(newest) or 0))


@dataclass(frozen=True)
class NoticePage:
    """What the notice says, its calendar, and what is missing in which language."""

    consultation: Consultation
    state: State
    rule: Rule
    calendar: Calendar | None
    missing: Sequence[object]
    foreign_channels: Sequence[str]

    @property
    def editable(self) -> bool:
        return self.state in UNOPENED


def notice_page(slug: str, permission: str) -> NoticePage:
    """The notice of a consultation."""
    one = consultation_for(slug, permission)
    rule = rules.rule_from_json(one.rule)
    state = activities.state_of(one, clock.now())
    foreign = [name for name in one.channels if name not in {channel.value for channel in rule.channels}]
    return NoticePage(one, state, rule, opening.calendar_of(one, clock.now()), opening.missing(one), foreign)


@dataclass(frozen=True)
class AttachmentsPage:
    """The PDFs handed out beside the draft, in their order."""

    consultation: Consultation
    state: State
    attachments: Sequence[Attachment]

    @property
    def editable(self) -> bool:
        return self.state in UNOPENED


def attachments_page(slug: str, permission: str) -> AttachmentsPage:
    """The attachments of a consultation."""
    one = consultation_for(slug, permission)
    rows = attachments_of(one.id)
    return AttachmentsPage(one, activities.state_of(one, clock.now()), rows)


def attachments_of(consultation_id: int) -> list[Attachment]:
    """The attachments in their order, each with its file."""
    return list(
        db.session.scalars(
            sa.select(Attachment)
            .options(joinedload(Attachment.file))
            .where(Attachment.consultation_id == consultation_id)
            .order_by(Attachment.position, Attachment.id)
        )
    )


def attachment_of(consultation: Consultation, number: int) -> Attachment:
    """One attachment with its file; raises NotFound."""
    found = next((one for one in attachments_of(consultation.id) if one.number == number), None)
    if found is None:
        raise NotFound
    return found
