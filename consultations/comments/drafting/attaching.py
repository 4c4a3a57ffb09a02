"""Writes of attachments: PDFs handed out beside the draft. One function, one transaction."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic import characters
from civic.activities import gate
from civic.activities.models import Activity, Texts
from civic.audit import chain
from civic.audit.models import AuditRecord
from civic.db import writing
from civic.files import storing
from civic.files.storing import Readable, Received, TooLarge
from civic.identity.accounts import Actor
from civic.refusals import NotFound
from consultations.comments.drafting.actions import begin_draft_edit
from consultations.comments.drafting.refusals import FileTooLarge, NotAPdf
from consultations.comments.models import Attachment

MOST_BYTES: Final = 20_000_000
PDF: Final = "application/pdf"
ADDED: Final = "consultation.attachment_added"
LONGEST_NAME: Final = 120


def receive_pdf(upload: Readable) -> Received:
    """The upload on the disk, to be added or discarded. Raises FileTooLarge, NotAPdf: its content decides, not its name."""
    try:
        received = storing.receive(upload, MOST_BYTES)
    except TooLarge as error:
        raise FileTooLarge(most="20MB") from error
    if not received.beginning.startswith(b"%PDF-"):
        received.discard()
        raise NotAPdf
    return received


def add_attachment(
    consultation_id: int, received: Received, file_name: str, title: Texts, revision: int, actor: Actor, at: datetime
) -> int:
    """Add a received PDF at the end of the list; returns its number. Raises StaleVersion, DraftFrozen."""
    try:
        with writing() as session:
            activity = begin_draft_edit(session, consultation_id, revision, actor, at)
            file = storing.keep(session, received, PDF, at)
            number = next_number(session, activity)
            last = sa.select(sa.func.max(Attachment.position)).where(Attachment.consultation_id == consultation_id)
            session.add(
                Attachment(
                    consultation_id=consultation_id,
                    number=number,
                    position=(session.scalar(last) or 0) + 1,
                    title=title,
                    file_name=shown_name(file_name),
                    file_id=file.id,
                )
            )
            session.flush()
            chain.record(session, ADDED, actor.label, gate.subject(activity), number=number, sha256=received.sha256)
            return number
    finally:
        received.discard()


def next_number(session: Session, activity: Activity) -> int:
    """A number no attachment of this consultation ever had: the audit remembers those that were removed."""
    added = session.scalars(
        sa.select(AuditRecord.details).where(AuditRecord.act == ADDED, AuditRecord.subject == gate.subject(activity))
    )
    return 1 + max((details["number"] for details in added), default=0)


def shown_name(name: str) -> str:
    """A file name for a download: without folders and what cannot be shown, ending in .pdf."""
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = characters.clean(last)
    stem = (clean if isinstance(clean, str) else "").removesuffix(".pdf").removesuffix(".PDF").strip(" .")
    return f"{stem[:LONGEST_NAME] or 'file'}.pdf"


def move_attachment(consultation_id: int, number: int, by: int, revision: int, actor: Actor, at: datetime) -> None:
    """Move an attachment up (-1) or down (+1) in the list. Raises NotFound, StaleVersion, DraftFrozen."""
    with writing() as session:
        begin_draft_edit(session, consultation_id, revision, actor, at)
        rows = _in_order(session, consultation_id)
        place = rows.index(_numbered(rows, number))
        row = rows.pop(place)
        rows.insert(min(max(place + by, 0), len(rows)), row)
        for position, one in enumerate(rows, 1):
            one.position = position


def remove_attachment(consultation_id: int, number: int, revision: int, actor: Actor, at: datetime) -> None:
    """Take an attachment away, and its bytes unless they are handed out elsewhere. Raises NotFound, StaleVersion, DraftFrozen."""
    with writing() as session:
        activity = begin_draft_edit(session, consultation_id, revision, actor, at)
        row = _numbered(_in_order(session, consultation_id), number)
        file_id, sha256 = row.file_id, row.file.sha256
        session.delete(row)
        session.flush()
        storing.release(session, file_id)
        chain.record(
            session,
            "consultation.attachment_removed",
            actor.label,
            gate.subject(activity),
            number=number,
            sha256=sha256,
        )


def _in_order(session: Session, consultation_id: int) -> list[Attachment]:
    return list(
        session.scalars(
            sa.select(Attachment)
            .where(Attachment.consultation_id == consultation_id)
            .order_by(Attachment.position, Attachment.id)
        )
    )


def _numbered(rows: list[Attachment], number: int) -> Attachment:
    found = next((row for row in rows if row.number == number), None)
    if found is None:
        raise NotFound
    return found
