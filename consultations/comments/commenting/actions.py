"""What residents do to a consultation: send a comment, take one back. One transaction each, and no audit record."""

import hmac
import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civic.activities import gate, ledger, visitor
from civic.activities.models import Participation
from civic.activities.states import Channel, ParticipationState
from civic.db import db, writing
from civic.identity.contacts import contact_address
from civic.identity.models import ContactAddress
from civic.keys import keys
from consultations.comments import recording
from consultations.comments.models import CommentAuthor, Consultation
from consultations.comments.recording import Written
from consultations.comments.refusals import ResultPublished, WrongContact


@dataclass(frozen=True)
class Sending:
    """A filled form: the comment, what makes two sendings one, and the address left for the answer (or none)."""

    written: Written
    submission: ledger.Submission
    subject: str | None
    address: str = ""
    language: str = "ja"


def submission_of(key: str, content: dict[str, str], cookie: str) -> ledger.Submission:
    """What identifies one sending: the form's key, everything typed, and the browser bound to that form."""
    words = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    return ledger.Submission(key, words, visitor.form_session(cookie, key))


def send(consultation_id: int, sending: Sending, at: datetime) -> str:
    """Store a comment and return its receipt number; the same form sent again returns the same number.

    One transaction: the ledger's row, the comment with its author apart, the address for the answer. Raises what the
    ledger raises when the consultation does not take comments now.
    """
    with writing() as session:
        recorded = ledger.take_part(
            session,
            keys(),
            consultation_id,
            subject=sending.subject,
            channel=Channel.WEB,
            submission=sending.submission,
            at=at,
        )
        if not recorded.repeated:
            consultation = session.get_one(Consultation, consultation_id)
            recording.store(session, consultation, recorded.participation, sending.written)
            if sending.address:
                session.add(
                    contact_address(consultation, recorded.participation, sending.address, sending.language, at)
                )
        return recorded.participation.receipt or ""


def withdraw(consultation_id: int, number: str, contact: str, at: datetime) -> None:
    """Take a comment back at its author's wish: it counts no more. Doing it twice is doing it once.

    Possible until the result is published, in which every comment of the period was considered. Raises WrongContact,
    for a number there is not as for a contact that was not left with it; ResultPublished.
    """
    participation_id = owned(consultation_id, number, contact)
    with writing() as session:
        activity = gate.alone(session, consultation_id, at)
        if activity.answered_at is not None:
            raise ResultPublished
        row = session.get_one(Participation, participation_id, populate_existing=True)
        if row.state is not ParticipationState.WITHDRAWN:
            ledger.move(session, row, ParticipationState.WITHDRAWN)


def owned(consultation_id: int, number: str, contact: str) -> int:
    """The participation with this number, if one of the contacts left with it is this one; raises WrongContact."""
    found = db.session.execute(
        sa.select(Participation.id, CommentAuthor, ContactAddress)
        .outerjoin(CommentAuthor, CommentAuthor.participation_id == Participation.id)
        .outerjoin(ContactAddress, ContactAddress.participation_id == Participation.id)
        .where(Participation.activity_id == consultation_id, Participation.receipt == ledger.receipt_from(number))
    ).one_or_none()
    left = [folded(one).encode() for one in contacts_of(found[1], found[2])] if found else []
    typed = folded(contact).encode()
    if found is None or not any(hmac.compare_digest(typed, one) for one in left if one):
        raise WrongContact
    participation_id: int = found[0]
    return participation_id


def contacts_of(author: CommentAuthor | None, address: ContactAddress | None) -> list[str]:
    """What was left with a participation by which its author can show that it is hers."""
    name = [recording.opened_author(author).name] if author else []
    mail = [keys().unseal(f"contact_address.sealed|{address.participation_id}", address.sealed)] if address else []
    return [*name, *mail]


def folded(text: str) -> str:
    """A name or an address without what people type differently: width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
