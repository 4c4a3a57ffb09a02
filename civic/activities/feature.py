"""How the ledger's room joins the house."""

from pathlib import Path

from civic.activities import confirming, jobs, staff, tasks, views
from civic.activities.acts import ACTS
from civic.features import Feature, NavigationItem, Panel
from civic.identity.roles import PUBLIC, STAFF, Permit, Role, Scope, permit
from civic.messages import N_

RESIDENT_PAGES = ("home", "results", "project", "help", "privacy", "accessibility")
READ = ("work.today", "desk.activities", "desk.overview", "desk.count", "desk.conflicts_page", "projects.index")
EDIT = ("settings", "contact", "propose_conflict")
APPROVE = ("decide_period", "decide_conflict")


def _permits() -> tuple[Permit, ...]:
    asked_first = [(act.name.replace("-", "_"), act.permission) for act in (*confirming.CONFIRMED, *confirming.ASKING)]
    asked_first += [(name, "activity.edit") for name in EDIT] + [(name, "activity.approve") for name in APPROVE]
    roles = {"activity.edit": Role.EDITOR, "activity.approve": Role.APPROVER}
    return (
        *(permit(f"activities.{name}", "GET", f"{name}.read", PUBLIC) for name in RESIDENT_PAGES),
        permit("activities.receipt", "GET POST", "receipt.find", PUBLIC),
        *(permit(name, "GET", "activity.read", STAFF, Scope.DEPARTMENT) for name in READ),
        *(permit(f"desk.{name}", "GET POST", one, roles[one], Scope.DEPARTMENT) for name, one in asked_first),
        permit("projects.new", "GET POST", "project.edit", Role.EDITOR, Scope.DEPARTMENT),
        permit("projects.edit", "GET POST", "project.edit", Role.EDITOR, Scope.DEPARTMENT),
    )


FEATURE = Feature(
    name="activities",
    blueprints=(views.pages, staff.work, staff.pages, staff.project_pages),
    permits=_permits(),
    navigation=(
        NavigationItem("resident", "activities.home", N_("Take part"), 10),
        NavigationItem("resident", "activities.results", N_("Results and answers"), 20),
        NavigationItem("resident", "activities.receipt", N_("Find by receipt number"), 30),
        NavigationItem("footer", "activities.help", N_("How to use this"), 10),
        NavigationItem("footer", "activities.privacy", N_("Personal information"), 20),
        NavigationItem("footer", "activities.accessibility", N_("Accessibility"), 30),
        NavigationItem("staff", "work.today", N_("Today's work"), 10),
        NavigationItem("staff", "desk.activities", N_("Activities"), 20),
        NavigationItem("staff", "projects.index", N_("Projects"), 25),
        NavigationItem("staff.begin", "projects.new", N_("Begin a project"), 50),
    ),
    acts=ACTS,
    jobs={"activities.latches": jobs.set_latches},
    periodic={"activities.latches": 60},
    tasks=tasks.tasks,
    panels=(Panel("me.participations", "activities/my_participations.html", views.my_participations),),
    locales=Path(__file__).parent / "locales",
)
