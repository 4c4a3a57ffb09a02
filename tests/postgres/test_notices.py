"""The outbox, told again on PostgreSQL."""

from tests.civic.notices.test_sending import *  # noqa: F403 - the same stories; this folder's `app` runs them on PostgreSQL
