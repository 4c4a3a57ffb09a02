"""The audit chain, told again on PostgreSQL."""

import pytest
import sqlalchemy as sa
from flask import Flask

from civic.db import writing
from tests.civic.audit.test_chain import *  # noqa: F403 - the same stories; this folder's `app` runs them on PostgreSQL


def test_emptying_the_table_is_refused_too(app: Flask) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="audit records are never changed"), writing() as session:
        session.execute(sa.text("TRUNCATE audit_record"))
