"""Who may conduct a vote."""

from civic.identity.roles import Role, Scope, permit

INSPECTORS = (Role.EDITOR, Role.APPROVER, Role.ANALYST, Role.MODERATOR)
INSPECT = ("vote.inspect", INSPECTORS, Scope.DEPARTMENT)
CREATE = ("vote.create", Role.EDITOR, Scope.DEPARTMENT)
EDIT = ("vote.edit", Role.EDITOR, Scope.DEPARTMENT)
CONDUCT = ("vote.conduct", Role.EDITOR, Scope.DEPARTMENT)

PERMITS = (
    permit("votes_conducting.index", "GET", *INSPECT),
    permit("votes_conducting.new", "GET POST", *CREATE),
    permit("votes_conducting.conduct", "GET", *INSPECT),
    permit("votes_conducting.facts", "GET", *INSPECT),
    permit("votes_conducting.save_facts", "POST", *EDIT),
    permit("votes_conducting.questions", "GET", *INSPECT),
    permit("votes_conducting.arrange_questions", "POST", *EDIT),
    permit("votes_conducting.new_question", "GET POST", *EDIT),
    permit("votes_conducting.question", "GET POST", *EDIT),
    permit("votes_readying.trustees", "GET", *INSPECT),
    permit("votes_readying.take_ceremony", "POST", *EDIT),
    permit("votes_readying.witnesses", "GET POST", *EDIT),
    permit("votes_readying.roll", "GET", *INSPECT),
    permit("votes_readying.choose_register", "POST", *EDIT),
    permit("votes_readying.freezing", "GET", *INSPECT),
    permit("votes_readying.freeze", "POST", *EDIT),
    permit("votes_readying.confirm_missing", "POST", *EDIT),
    permit("votes_readying.unfreeze", "POST", *EDIT),
    permit("votes_readying.manifest", "GET", *INSPECT),
    permit("votes_readying.rehearse", "POST", *EDIT),
    permit("votes_running.paper", "GET", *INSPECT),
    permit("votes_running.record_paper", "POST", *CONDUCT),
    permit("votes_running.heads", "GET", *INSPECT),
    permit("votes_running.sign_head", "POST", *CONDUCT),
    permit("votes_running.take_cosignature", "POST", *CONDUCT),
    permit("votes_running.board_file", "GET", *INSPECT),
    permit("votes_running.close", "GET POST", *CONDUCT),
    permit("votes_running.shares", "GET", *INSPECT),
    permit("votes_running.take_share", "POST", *CONDUCT),
    permit("votes_running.count", "GET POST", *CONDUCT),
)
