"""Who writes, corrects and reads the result, and what the audit records of it. Publishing itself is the house's act."""

from civic.audit.acts import act
from civic.identity.roles import PUBLIC, Role, Scope, permit

READERS = (Role.EDITOR, Role.APPROVER, Role.ANALYST, Role.MODERATOR)
DEPARTMENT = Scope.DEPARTMENT
PAGES = (
    "responses",
    "edition",
    "responses_csv",
    "edition_csv",
    "responses_json",
    "edition_json",
    "decided",
    "originals",
)

PERMITS = (
    permit("consultations_publishing.result", "GET", "result.read", READERS, DEPARTMENT),
    permit("consultations_publishing.save", "POST", "result.write", Role.EDITOR, DEPARTMENT),
    permit("consultations_publishing.preview", "GET", "result.read", READERS, DEPARTMENT),
    permit("consultations_publishing.correct_whole", "GET POST", "result.correct", Role.EDITOR, DEPARTMENT),
    permit("consultations_publishing.correct", "GET POST", "result.correct", Role.EDITOR, DEPARTMENT),
    permit("consultations_publishing.decide", "GET POST", "result.approve", Role.APPROVER, DEPARTMENT),
    *(permit(f"consultation_results.{name}", "GET", "consultation.read", PUBLIC) for name in PAGES),
)

ACTS = (
    act("result.saved", "decision", "version"),
    act("result.published", "edition", "sha256"),
    act("erratum.proposed", "group", "note"),
    act("erratum.decided", "group", "approved"),
)
