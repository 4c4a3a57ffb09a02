"""Both profiles, sown again on PostgreSQL."""

from tests.seeds.test_profiles import *  # noqa: F403 - the same stories; this folder's `app` runs them on PostgreSQL
