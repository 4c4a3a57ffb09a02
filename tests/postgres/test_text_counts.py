"""The counts of what people wrote, told again on PostgreSQL."""

from tests.reports.test_text_counts import *  # noqa: F403 - the same stories; this folder's `app` runs them on PostgreSQL
