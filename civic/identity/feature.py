"""How identity joins the house."""

from pathlib import Path

from civic.features import Feature, NavigationItem
from civic.identity import me, views
from civic.identity.acts import ACTS
from civic.identity.administration import staff
from civic.identity.cli import identity
from civic.identity.registers import views as codes_of_registers
from civic.identity.roles import PUBLIC, STAFF, Role, Scope, permit
from civic.identity.seeds import SEEDS
from civic.messages import N_

EVERYBODY = {Role.RESIDENT, Role.COUNCIL, *STAFF}

FEATURE = Feature(
    name="identity",
    blueprints=(views.pages, me.pages, codes_of_registers.pages, staff.pages, staff.departments),
    permits=(
        permit("identity.sign_in", "GET POST", "session.begin", PUBLIC),
        permit("identity.sign_out", "POST", "session.end", PUBLIC),  # an ended session is signed out already
        permit("identity.sign_up", "GET POST", "account.begin", PUBLIC),
        permit("identity.mailed", "GET", "account.mailed", PUBLIC),
        permit("identity.password", "GET POST", "account.password", PUBLIC),
        permit("identity.link", "GET POST", "account.link", PUBLIC),
        permit("identity.enrolment_qr", "GET", "account.link_picture", PUBLIC),
        permit("register_code.enter", "GET POST", "register.enter", PUBLIC),
        permit("me.page", "GET", "account.read", EVERYBODY, Scope.OWN),
        permit("me.address", "GET POST", "account.address", Role.RESIDENT, Scope.OWN),
        permit("me.delete", "GET POST", "account.delete", Role.RESIDENT, Scope.OWN),
        permit("me.recovery_codes", "GET", "account.recovery_codes", {Role.COUNCIL, *STAFF}, Scope.OWN),
        permit("administration.members", "GET", "staff.manage", Role.ADMIN),
        permit("administration.invite", "GET POST", "staff.manage", Role.ADMIN),
        permit("administration.member", "GET POST", "staff.manage", Role.ADMIN),
        permit("administration.suspend", "POST", "staff.manage", Role.ADMIN),
        permit("administration.reinstate", "POST", "staff.manage", Role.ADMIN),
        permit("administration.new_link", "GET POST", "staff.manage", Role.ADMIN),
        permit("departments.listed", "GET POST", "department.manage", Role.ADMIN),
    ),
    navigation=(
        NavigationItem("resident", "identity.sign_in", N_("Sign in"), 90, anonymous_only=True),
        NavigationItem("resident", "me.page", N_("My page"), 90),
        NavigationItem("admin", "administration.members", N_("Staff accounts"), 80),
        NavigationItem("admin", "departments.listed", N_("Departments"), 81),
    ),
    commands=(identity,),
    acts=ACTS,
    seeds=SEEDS,
    locales=Path(__file__).parent / "locales",
)
