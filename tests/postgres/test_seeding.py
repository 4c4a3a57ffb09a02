"""Seeds, told again on PostgreSQL."""

from tests.civic.ops.test_seeding import *  # noqa: F403 - the same stories; this folder's `app` runs them on PostgreSQL
