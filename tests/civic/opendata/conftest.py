"""The kernel with gatherings, whose one table counts the channels."""

from tests.civic.activities.conftest import app, desk

__all__ = ["app", "desk"]
