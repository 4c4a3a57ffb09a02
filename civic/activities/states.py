"""The words of the ledger as types: states, channels, confidentialities."""

from enum import StrEnum


class State(StrEnum):
    """What a page shows of an activity; computed by `rules.state_of`, never stored."""

    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    SCHEDULED = "scheduled"
    OPEN = "open"
    ENDED = "ended"
    CLOSED = "closed"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Channel(StrEnum):
    """受付経路: how a participation came in."""

    WEB = "web"
    KIOSK = "kiosk"
    COUNTER = "counter"
    PAPER = "paper"
    POST = "post"
    MAIL = "mail"
    FAX = "fax"
    PHONE = "phone"
    MEETING = "meeting"
    IMPORT = "import"


RESIDENT_CHANNELS = frozenset({Channel.WEB, Channel.KIOSK})


class ParticipationState(StrEnum):
    """Whether a participation counts. Only `counted` does."""

    COUNTED = "counted"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    CONFLICT = "conflict"
    LATE = "late"


class Confidentiality(StrEnum):
    """Who may know whose it is: staff with a reason, nobody by any page, or nobody who holds the database."""

    NAMED = "named"
    CONFIDENTIAL = "confidential"
    SECRET = "secret"


class Subject(StrEnum):
    """What identifies a participant in an activity."""

    NOBODY = "nobody"
    RESIDENT = "resident"
    REGISTER = "register"


class ResultsShow(StrEnum):
    """When residents see results; fixed at opening."""

    NEVER = "never"
    AFTER_CLOSE = "after_close"
    LIVE = "live"
