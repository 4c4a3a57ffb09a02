"""Mails a person asks for herself. Each function is one transaction."""

from dataclasses import dataclass

from civic.activities.models import Participation
from civic.db import writing
from civic.keys import keys
from civic.notices import outbox


@dataclass(frozen=True)
class MailText:
    """A mail in the language of the page, made before the transaction that queues it."""

    subject: str
    body: str


def mail_receipt(participation: Participation, mail: MailText, address: str) -> None:
    """Mail a receipt number to the person herself, once to each address; it is erased once the mail left."""
    to = keys().mac("receipt-mail.1", address).hex()[:32]
    with writing() as session:
        outbox.queue_mail(
            session,
            key=f"receipt:{participation.id}:{to}",
            to=address,
            subject=mail.subject,
            body=mail.body,
            activity_id=participation.activity_id,
        )
