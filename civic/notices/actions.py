"""Mails a person asks for herself. Each function is one transaction."""

from dataclasses import dataclass
from typing import Final

from limits import RateLimitItemPerDay

from civic import limits
from civic.activities.models import Participation
from civic.db import writing
from civic.identity.queries import email_key
from civic.keys import keys
from civic.notices import outbox

ADDRESSES: Final = RateLimitItemPerDay(3)  # to which one receipt is mailed


@dataclass(frozen=True)
class MailText:
    """A mail in the language of the page, made before the transaction that queues it."""

    subject: str
    body: str


def mail_receipt(participation: Participation, mail: MailText, address: str) -> None:
    """Mail a receipt number to the person herself, once to each address; it is erased once the mail left.

    Nobody proved that the address is hers, so few mails go to one address and few from one receipt: raises
    `limits.TooManyTries`.
    """
    limits.failures("receipt-mail", str(participation.id), ADDRESSES)
    limits.failures("mail", email_key(address), limits.MAILS)
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
