"""Who may answer opinion groups, and what the audit records of it.

The department of the consultation, and the department asked about a group for that group alone.
"""

from civic.audit.acts import act
from civic.identity.roles import Role, Scope, permit

READERS = (Role.EDITOR, Role.APPROVER, Role.ANALYST, Role.MODERATOR)
DEPARTMENT = Scope.DEPARTMENT

PERMITS = (
    permit("consultations_answering.board", "GET", "response.read", READERS, DEPARTMENT),
    permit("consultations_answering.group", "GET", "response.read", READERS, DEPARTMENT),
    permit("consultations_answering.group", "POST", "response.draft", Role.EDITOR, DEPARTMENT),
    permit("consultations_answering.inquire", "GET POST", "response.ask", Role.EDITOR, DEPARTMENT),
    permit("consultations_answering.decide", "GET POST", "response.approve", Role.APPROVER, DEPARTMENT),
)

ACTS = (
    act("inquiry.asked", "group", "department", "due_on"),
    act("inquiry.taken_back", "group"),
    act("response.drafted", "group", "outcome", "revision"),
    act("response.handed_in", "group", "revision"),
    act("response.returned", "group", "note"),
    act("response.approved", "group", "outcome", "revision"),
)
