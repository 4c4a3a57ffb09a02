"""The result of a consultation as one JSON document: what is published, hashed, kept, and read by every page and file.

Texts of residents stand in it by reference and span only: what may be shown of one is asked anew at every reading. It
holds no name, address, group of commenters or receipt number. Equal rows and the same moment give equal bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from civic.activities.models import Participation, PeriodChange, Texts
from civic.activities.rules import last_day
from civic.activities.states import Channel, ParticipationState
from civic.clock import day_in_japan
from civic.db import db
from civic.identity.models import Department
from consultations.comments import opening, rules
from consultations.comments.drafting.diffing import Anchored, changed_passages
from consultations.comments.models import Attachment, Comment, Consultation, DraftVersion, OpinionItem
from consultations.comments.publishing.checking import answered_groups
from consultations.comments.publishing.corrections import VERSION
from consultations.comments.publishing.counting import numbers_of
from consultations.comments.sources import ref_of
from consultations.comments.stages import Decision


class LabelledPassage(Anchored, Protocol):
    """A passage as read from a text or as stored."""

    @property
    def label(self) -> str: ...


def canonical(document: Mapping[str, Any]) -> bytes:
    """The document as the bytes its hash covers: sorted keys, no spaces, UTF-8."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(document: Mapping[str, Any]) -> str:
    """The hash printed beside an edition."""
    return hashlib.sha256(canonical(document)).hexdigest()


def moment(at: datetime) -> str:
    """A moment as the document has it: UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def build(one: Consultation, at: datetime) -> dict[str, Any]:
    """The first edition of the result as the rows are now, published at `at`."""
    return {
        "version": VERSION,
        "edition": 1,
        "published_at": moment(at),
        "slug": one.slug,
        "title": one.title,
        "project": {"slug": one.project.slug, "title": one.project.title},
        "department": one.department.name,
        "contact": one.contact,
        "notice": notice_part(one, at),
        "numbers": numbers_of(one.id).to_json(),
        "answer": one.answer,
        "decision": decision_part(one),
        "changes": changes_of(one, one.final_version) if one.decision is Decision.CHANGED else [],
        "groups": groups_of(one),
        "late": late_comments(one),
        "attachments": [attachment_part(row) for row in attachments_of(one.id)],
        "errata": [],
    }


def notice_part(one: Consultation, at: datetime) -> dict[str, Any]:
    """What the notice said: its day and period, who might comment and how, its rule; why the period was announced short."""
    rule = rules.rule_from_json(one.rule)
    period, announced = opening.period_of(one, at), opening.announced_period(one, at)
    return {
        "day": period[0].isoformat() if period else None,
        "last_day": period[1].isoformat() if period else None,
        "days": rules.days_open(*period) if period else None,
        "announced_days": rules.days_open(*announced) if announced else None,
        "short_reason": one.short_reason if announced and rules.is_short(*announced, rule) else {},
        "changes": [change_part(change) for change in one.period_changes],
        "basis": one.basis,
        "eligibility": one.eligibility,
        "categories": [category.text for category in rule.categories],
        "channels": [channel for channel in one.channels if channel != Channel.IMPORT],
        "rule": {"name": rule.name, "number": rule.number, "minimum_days": rule.minimum_days, "clauses": rule.clauses},
    }


def change_part(change: PeriodChange) -> dict[str, Any]:
    """A longer period or an early stop: when it was decided, the new last day (None for a stop), and why."""
    return {
        "act": change.act,
        "reason": change.reason,
        "day": day_in_japan(change.decided_at).isoformat() if change.decided_at else None,
        "last_day": last_day(change.new_end).isoformat() if change.new_end else None,
    }


def decision_part(one: Consultation) -> dict[str, Any]:
    """What the city decided about the plan, why, and by which versions of it."""
    return {
        "outcome": one.decision.value if one.decision else None,
        "reason": one.decision_reason,
        "consulted_version": one.current_version,
        "final_version": one.final_version,
    }


def changes_of(one: Consultation, final: int | None) -> list[dict[str, Any]]:
    """The passages that differ between the draft consulted on and version `final`, as it was kept with that version."""
    wanted = (DraftVersion.consultation_id == one.id, DraftVersion.number.in_([one.current_version, final]))
    kept = db.session.scalar(sa.select(DraftVersion.changes).where(*wanted, DraftVersion.number == final))
    if kept is not None:
        return kept
    rows = db.session.scalars(sa.select(DraftVersion).options(selectinload(DraftVersion.passages)).where(*wanted))
    versions = {version.number: version.passages for version in rows}
    return compared(versions.get(one.current_version or 0, []), versions.get(final or 0, []))


def compared(before: Sequence[LabelledPassage], after: Sequence[LabelledPassage]) -> list[dict[str, Any]]:
    """What differs between two drafts, as pieces that stayed, went, came."""
    return [
        {
            "anchor": (change.after or change.before).anchor,  # type: ignore[union-attr]  # one of them is there
            "label": (change.after or change.before).label,  # type: ignore[union-attr]  # one of them is there
            "what": "new" if change.before is None else "gone" if change.after is None else "changed",
            "pieces": [[piece.change.value, piece.text] for piece in change.pieces],
        }
        for change in changed_passages(before, after)
    ]


def groups_of(one: Consultation) -> list[dict[str, Any]]:
    """The groups with an item of a counted comment, in their order, each with its answer and its items by reference."""
    groups = answered_groups(one.id)
    items = items_by_group(one)
    names = department_names(group.department_id for group in groups)
    return [
        {
            "order": order,
            "number": group.number,
            "title": group.heading,
            "gist": group.gist,
            "outcome": group.outcome.value if group.outcome else None,
            "answer": group.answer,
            "department": names.get(group.department_id or 0, one.department.name),
            "items": items[group.id],
        }
        for order, group in enumerate(groups, 1)
    ]


def department_names(ids: Iterable[int | None]) -> dict[int, Texts]:
    wanted = {number for number in ids if number is not None}
    rows = db.session.execute(sa.select(Department.id, Department.name).where(Department.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def items_by_group(one: Consultation) -> dict[int, list[dict[str, Any]]]:
    """The items of counted comments by group, in the order of the comments and of the text."""
    rows = db.session.execute(
        sa.select(OpinionItem.group_id, Comment.id, Comment.number, OpinionItem.start, OpinionItem.stop)
        .join(Comment, Comment.id == OpinionItem.comment_id)
        .join(Participation, Participation.id == Comment.participation_id)
        .where(
            OpinionItem.consultation_id == one.id,
            OpinionItem.group_id.is_not(None),
            Participation.state == ParticipationState.COUNTED,
        )
        .order_by(Comment.number, OpinionItem.start)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for group_id, comment_id, number, start, stop in rows:
        item = {"ref": ref_of(one.slug, comment_id), "comment": number, "start": start, "stop": stop}
        found.setdefault(group_id or 0, []).append(item)
    return found


def late_comments(one: Consultation) -> list[dict[str, Any]]:
    """Comments that came after the period: kept and named, not counted and not answered (行政手続法42条 as default)."""
    rows = db.session.execute(
        sa.select(Comment.id, Comment.number)
        .join(Participation, Participation.id == Comment.participation_id)
        .where(Comment.consultation_id == one.id, Participation.state == ParticipationState.LATE)
        .order_by(Comment.number)
    )
    return [{"ref": ref_of(one.slug, row.id), "comment": row.number} for row in rows]


def attachments_of(consultation_id: int) -> Sequence[Attachment]:
    return db.session.scalars(
        sa.select(Attachment)
        .options(joinedload(Attachment.file))
        .where(Attachment.consultation_id == consultation_id)
        .order_by(Attachment.position, Attachment.number)
    ).all()


def attachment_part(row: Attachment) -> dict[str, Any]:
    return {"number": row.number, "title": row.title, "file_name": row.file_name, "sha256": row.file.sha256}
