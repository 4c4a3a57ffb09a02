"""The two doors of the database, told again on PostgreSQL."""

from tests.civic.test_db import *  # noqa: F403 - the same stories; this folder's `app` runs them on PostgreSQL
