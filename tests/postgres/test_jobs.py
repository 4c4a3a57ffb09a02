"""Leases and kills, told again on PostgreSQL."""

from tests.civic.jobs.test_kills import *  # noqa: F403 - the same stories; this folder's `app` runs them on PostgreSQL
from tests.civic.jobs.test_leases import *  # noqa: F403 - likewise
