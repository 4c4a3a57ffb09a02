"""Preparing a consultation: the draft, its versions and what the notice says. One function, one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities import editing, gate
from civic.activities.editing import ActivitySettings
from civic.activities.models import Activity, Project, Texts
from civic.activities.refusals import FrozenByOpening, SlugTaken
from civic.audit import chain
from civic.db import writing
from civic.identity.accounts import Actor
from civic.refusals import NotFound
from consultations.comments.drafting import passages
from consultations.comments.drafting.refusals import NothingToRead, TooManyPassages
from consultations.comments.models import Consultation, DraftVersion, Passage
from consultations.comments.refusals import DraftFrozen
from consultations.comments.rules import Rule
from consultations.comments.stages import Asked

RESERVED = frozenset({"new", "rules", "not-held"})
"""Addresses beside those of consultations: none of them can have such a one."""


@dataclass(frozen=True)
class NoticeSettings:
    """What the notice of a consultation says beside the settings every activity has."""

    rule: Rule
    basis: Texts = field(default_factory=dict)
    digest: Texts = field(default_factory=dict)
    short_reason: Texts = field(default_factory=dict)
    asks_name: Asked = Asked.OPTIONAL
    asks_address: Asked = Asked.OPTIONAL
    comments_public: bool = False

    def fill(self, consultation: Consultation) -> None:
        """Write the settings onto the consultation."""
        consultation.rule = self.rule.to_json()
        consultation.basis, consultation.digest = self.basis, self.digest
        consultation.short_reason = self.short_reason
        consultation.asks_name, consultation.asks_address = self.asks_name, self.asks_address
        consultation.comments_public = self.comments_public


def create_consultation(
    actor: Actor, *, project_id: int, slug: str, settings: ActivitySettings, notice: NoticeSettings, at: datetime
) -> int:
    """A new consultation without a draft yet; returns its id. Raises NotFound for the project, SlugTaken."""
    if slug in RESERVED:
        raise SlugTaken
    with writing() as session:
        project = session.get(Project, project_id)
        if project is None:
            raise NotFound
        made = editing.create(session, Consultation, slug, project_id, project.department_id, settings, actor, at)
        notice.fill(made)
        session.flush()
        return made.id


def save_notice(consultation_id: int, notice: NoticeSettings, revision: int, actor: Actor, at: datetime) -> int:
    """Change what the notice says before the opening; the new revision. Raises StaleVersion, FrozenByOpening.

    Texts that were confirmed to stay in Japanese only are asked about again: others may be missing now.
    """
    with writing() as session:
        activity = editing.begin_edit(session, consultation_id, revision, actor, at)
        consultation = session.get_one(Consultation, consultation_id)
        notice.fill(consultation)
        consultation.missing_texts_confirmed = False
        session.flush()
        return activity.revision


def confirm_missing_texts(consultation_id: int, revision: int, actor: Actor, at: datetime) -> None:
    """The editor confirms that some texts stay in Japanese only. Raises StaleVersion, FrozenByOpening."""
    with writing() as session:
        activity = gate.alone(session, consultation_id, at)
        editing.check_revision(activity, revision)
        if activity.opened_at is not None:
            raise FrozenByOpening
        session.get_one(Consultation, consultation_id).missing_texts_confirmed = True
        chain.record(
            session, "consultation.missing_texts_confirmed", actor.label, gate.subject(activity), revision=revision
        )


def save_draft(consultation_id: int, markdown: str, note: str, revision: int, actor: Actor, at: datetime) -> int:
    """Keep a new version of the draft before the opening; returns its number.

    A passage that stands unchanged or little changed keeps its anchor, so that comments and links stay with it.
    Raises StaleVersion, DraftFrozen, NothingToRead, TooManyPassages.
    """
    parsed = read(markdown)
    with writing() as session:
        begin_draft_edit(session, consultation_id, revision, actor, at)
        consultation = session.get_one(Consultation, consultation_id)
        version = add_version(session, consultation, markdown, note, actor, at, parsed)
        consultation.current_version = version.number
        return version.number


def restore_version(consultation_id: int, number: int, note: str, revision: int, actor: Actor, at: datetime) -> int:
    """Keep an earlier version once more as the newest, with its anchors; its number. Nothing is overwritten.

    Raises StaleVersion, DraftFrozen, NotFound.
    """
    with writing() as session:
        begin_draft_edit(session, consultation_id, revision, actor, at)
        consultation = session.get_one(Consultation, consultation_id)
        wanted = (DraftVersion.consultation_id == consultation_id, DraftVersion.number == number)
        earlier = session.scalars(sa.select(DraftVersion).where(*wanted)).one_or_none()
        if earlier is None:
            raise NotFound
        made = [as_parsed(one) for one in earlier.passages]
        version = keep_version(session, consultation, earlier.markdown, note, made, actor, at)
        consultation.current_version = version.number
        subject = gate.subject(consultation)
        chain.record(
            session, "consultation.draft_restored", actor.label, subject, version=version.number, restored=number
        )
        return version.number


def read(markdown: str) -> list[passages.Passage]:
    """The passages of a draft that can be kept. Raises NothingToRead, TooManyPassages."""
    parsed = passages.parse(markdown)
    if not parsed:
        raise NothingToRead
    if len(parsed) > passages.MOST_PASSAGES:
        raise TooManyPassages(count=f"{len(parsed):,}", most=f"{passages.MOST_PASSAGES:,}")
    return parsed


def begin_draft_edit(session: Session, consultation_id: int, revision: int, actor: Actor, at: datetime) -> Activity:
    """Start an edit of what is consulted on. Raises StaleVersion, and DraftFrozen once it has opened."""
    try:
        return editing.begin_edit(session, consultation_id, revision, actor, at)
    except FrozenByOpening as refusal:
        raise DraftFrozen from refusal


def add_version(
    session: Session,
    consultation: Consultation,
    markdown: str,
    note: str,
    actor: Actor,
    at: datetime,
    parsed: Sequence[passages.Passage] | None = None,
) -> DraftVersion:
    """Add the next version with its passages (`parsed` where they are read already); anchors follow from the newest version.

    Raises NothingToRead, TooManyPassages.
    """
    made = with_anchors(session, consultation.id, read(markdown) if parsed is None else parsed)
    return keep_version(session, consultation, markdown, note, made, actor, at)


def with_anchors(
    session: Session, consultation_id: int, parsed: Sequence[passages.Passage]
) -> Sequence[passages.Passage]:
    """The passages with the anchors that follow from the newest version."""
    newest = newest_version(session, consultation_id)
    before = [as_parsed(one) for one in newest.passages] if newest else []
    return passages.anchored(parsed, before, highest_anchor(session, consultation_id))


def newest_version(session: Session, consultation_id: int) -> DraftVersion | None:
    return session.scalar(
        sa.select(DraftVersion)
        .where(DraftVersion.consultation_id == consultation_id)
        .order_by(DraftVersion.number.desc())
        .limit(1)
    )


def keep_version(
    session: Session,
    consultation: Consultation,
    markdown: str,
    note: str,
    made: Sequence[passages.Passage],
    actor: Actor,
    at: datetime,
    changes: list[dict[str, Any]] | None = None,
) -> DraftVersion:
    """Store the next version with these anchored passages and, of a final one, what changed in it."""
    newest = newest_version(session, consultation.id)
    version = DraftVersion(
        consultation_id=consultation.id,
        number=newest.number + 1 if newest else 1,
        markdown=markdown,
        note=note,
        changes=changes,
        created_by_id=editing.staff_of(actor),
        created_at=at,
    )
    session.add(version)
    session.flush()
    rows: list[Mapping[str, object]] = [
        {
            "version_id": version.id,
            "position": position,
            "anchor": one.anchor,
            "kind": one.kind,
            "depth": one.depth,
            "label": one.label,
            "text": one.text,
            "html": one.html,
        }
        for position, one in enumerate(made)
    ]
    session.execute(sa.insert(Passage), rows)
    chain.record(
        session, "consultation.draft_saved", actor.label, f"consultation:{consultation.slug}", version=version.number
    )
    return version


def highest_anchor(session: Session, consultation_id: int) -> int:
    """The highest number of an anchor in all versions; 0 for none."""
    number = sa.cast(sa.func.substr(Passage.anchor, 2), sa.Integer)
    versions = sa.select(DraftVersion.id).where(DraftVersion.consultation_id == consultation_id)
    return session.scalar(sa.select(sa.func.max(number)).where(Passage.version_id.in_(versions))) or 0


def as_parsed(row: Passage) -> passages.Passage:
    """A stored passage as the pure module has it."""
    return passages.Passage(row.kind, row.depth, row.label, row.text, row.html, row.anchor)
