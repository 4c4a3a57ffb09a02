"""An e-mail address left with a participation, for the city's answer: read from a form, sealed to its participation."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from civic.activities.models import Activity, Participation
from civic.identity.forms import ADDRESS
from civic.identity.models import ContactAddress
from civic.keys import keys
from civic.messages import N_, Message

KEPT_FOR = timedelta(days=365)  # where the activity names no retention date
LONGEST_ADDRESS = 254
WRONG_ADDRESS = N_("Check the e-mail address. It looks like name@example.jp.")
NO_ADDRESS = N_("Enter your e-mail address.")


@dataclass(frozen=True)
class TypedAddress:
    """What was typed into an address field, and what is wrong with it."""

    text: str = ""
    problem: Message | None = None


def read_address(typed: str, *, required: bool = False) -> TypedAddress:
    """An e-mail address, or none at all where none is required."""
    text = typed.strip()
    if required and not text:
        return TypedAddress(text, Message(NO_ADDRESS))
    if text and (len(text) > LONGEST_ADDRESS or not ADDRESS.fullmatch(text)):
        return TypedAddress(text, Message(WRONG_ADDRESS))
    return TypedAddress(text)


def contact_address(
    activity: Activity, participation: Participation, address: str, language: str, at: datetime
) -> ContactAddress:
    """An address left for the city's answer, sealed to its participation."""
    erase_after: date = activity.retention_until or (at + KEPT_FOR).date()
    sealed = keys().seal(f"contact_address.sealed|{participation.id}", address)
    return ContactAddress(participation_id=participation.id, sealed=sealed, language=language, erase_after=erase_after)
