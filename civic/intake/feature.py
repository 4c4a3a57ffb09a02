"""How the intake of tables joins the house. Its pages belong to the kinds of activity: see `pages.py`."""

from civic.features import Feature
from civic.intake import actions, jobs

FEATURE = Feature(name="intake", jobs=jobs.JOBS, periodic=jobs.PERIODIC, forget=actions.forget)
