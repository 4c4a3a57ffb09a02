"""Who may sort opinions, and what the audit records of it."""

from civic.audit.acts import act
from civic.identity.roles import Permit, Role

READERS = (Role.EDITOR, Role.MODERATOR, Role.ANALYST, Role.APPROVER)
SORTERS = (Role.EDITOR, Role.MODERATOR, Role.ANALYST)
IDENTIFIERS = (Role.EDITOR, Role.MODERATOR)

PERMITS: tuple[Permit, ...] = ()
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
