"""What only SQLite can do past a trigger: REPLACE deletes without asking one."""

import pytest
import sqlalchemy as sa
from flask import Flask

from civic.audit import chain
from civic.audit.acts import act
from civic.db import writing


@pytest.mark.parametrize("key", ["id", "hash"])
def test_replacing_a_record_is_refused(app: Flask, key: str) -> None:
    app.extensions["acts"]["test.tried"] = act("test.tried")
    with writing() as session:
        chain.record(session, "test.tried", "operator")
    number, digest = ("1", "'f'") if key == "id" else ("9", "hash")
    replace = (
        "INSERT OR REPLACE INTO audit_record (id, at, act, actor, subject, details, previous, hash) "
        f"SELECT {number}, at, 'other', actor, subject, details, previous, {digest} FROM audit_record"
    )
    with pytest.raises(sa.exc.DBAPIError, match="audit records are never changed"), writing() as session:
        session.execute(sa.text(replace))
