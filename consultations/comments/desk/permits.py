"""Who may sort opinions, and what the audit records of it."""

from civic.audit.acts import act
from civic.identity.roles import Role, Scope, permit

READERS = (Role.EDITOR, Role.MODERATOR, Role.ANALYST, Role.APPROVER)
SORTERS = (Role.EDITOR, Role.MODERATOR, Role.ANALYST)
IDENTIFIERS = (Role.EDITOR, Role.MODERATOR)

PERMITS = (
    permit("consultations_desk.comments", "GET", "opinion.read", READERS, Scope.DEPARTMENT),
    permit("consultations_desk.comment", "GET", "opinion.read", READERS, Scope.DEPARTMENT),
    permit("consultations_desk.groups", "GET", "opinion.read", READERS, Scope.DEPARTMENT),
    permit("consultations_desk.cut", "POST", "opinion.sort", SORTERS, Scope.DEPARTMENT),
    permit("consultations_desk.keep", "POST", "opinion.sort", SORTERS, Scope.DEPARTMENT),
    permit("consultations_desk.join", "POST", "opinion.sort", SORTERS, Scope.DEPARTMENT),
    permit("consultations_desk.sort", "POST", "opinion.sort", SORTERS, Scope.DEPARTMENT),
    permit("consultations_desk.rename", "POST", "opinion.sort", SORTERS, Scope.DEPARTMENT),
    permit("consultations_desk.merge", "POST", "opinion.sort", SORTERS, Scope.DEPARTMENT),
    permit("consultations_desk.delete", "POST", "opinion.sort", SORTERS, Scope.DEPARTMENT),
    permit("consultations_desk.reorder", "POST", "opinion.sort", SORTERS, Scope.DEPARTMENT),
    permit("consultations_desk.undo", "POST", "opinion.sort", SORTERS, Scope.DEPARTMENT),
    permit("consultations_desk.topics", "GET POST", "opinion.sort", SORTERS, Scope.DEPARTMENT),
    permit("consultations_desk.author", "GET POST", "identity.read", IDENTIFIERS, Scope.DEPARTMENT),
)
STEP = ("step", "origin")
ACTS = (
    act("opinion.split", *STEP, "comment", "items"),
    act("opinion.joined", *STEP, "comment", "items"),
    act("opinion.moved", *STEP, "items", "group"),
    act("group.created", *STEP, "group", "title", "items"),
    act("group.split", *STEP, "group", "title", "items"),
    act("group.merged", *STEP, "group", "into", "items"),
    act("group.renamed", *STEP, "group", "title"),
    act("group.reordered", *STEP, "group"),
    act("group.deleted", *STEP, "group", "title"),
    act("step.undone", "step", "undone"),
    act("comment.author_read", "comment", "reason"),
)
