"""How the reporting room joins the house."""

from pathlib import Path

from analysis.reports import tasks
from analysis.reports.acts import ACTS
from analysis.reports.publishing import permits as publishing_permits
from analysis.reports.publishing import showing, staff, views
from analysis.reports.runs import permits as runs_permits
from analysis.reports.runs import staff as runs_staff
from analysis.reports.runs.actions import forget
from analysis.reports.runs.job import JOBS, PERIODIC
from analysis.reports.seeds import SEEDS
from civic.features import Feature, NavigationItem, Panel
from civic.messages import N_

BLUEPRINTS = (runs_staff.pages, staff.pages, views.resident, views.council)
for blueprint in (staff.pages, views.resident, views.council):
    showing.register(blueprint)

FEATURE = Feature(
    name="reports",
    blueprints=BLUEPRINTS,
    permits=(*runs_permits.PERMITS, *publishing_permits.PERMITS),
    navigation=(
        NavigationItem("staff", "analysis_runs.index", N_("Analysis"), 40),
        NavigationItem("staff", "analysis_reports.index", N_("Reports"), 45),
        NavigationItem("council", "council.home", N_("Reports"), 10),
    ),
    acts=ACTS,
    jobs=JOBS,
    periodic=PERIODIC,
    seeds=SEEDS,
    groups=tasks.groups,
    forget=forget,
    tasks=tasks.tasks,
    panels=(
        Panel("results.after", "reports/links.html", tasks.reports_of),
        Panel("staff.activity", "reports/staff/links.html", tasks.work_on, 60),
        Panel("receipt.after", "reports/links.html", tasks.reports_of),
    ),
    locales=Path(__file__).parent / "locales",
)
