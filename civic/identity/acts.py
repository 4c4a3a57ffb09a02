"""Audited acts on accounts, departments and registers. Residents' own acts on their accounts are never here."""

from civic.audit.acts import act

ACTS = (
    act("staff.invited", "roles", "ends_on"),
    act("staff.enrolled"),
    act("staff.signed_in", "second_factor"),
    act("staff.password_changed"),
    act("staff.roles_changed", "roles", "ends_on"),
    act("staff.suspended"),
    act("staff.reinstated"),
    act("staff.second_factor_reset"),
    act("department.added"),
    act("register.import_started", "rows"),
    act("register.imported", "stored", "already_there"),
)
