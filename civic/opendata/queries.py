"""Reads of released figures: the only figures residents, council and machines are shown."""

from typing import Any

import sqlalchemy as sa

from civic.activities.models import Activity
from civic.db import db
from civic.opendata.models import Release


def newest_release(activity_id: int) -> Release | None:
    """The newest release of an activity's tables, or None before the first."""
    return db.session.scalar(
        sa.select(Release).where(Release.activity_id == activity_id).order_by(Release.number.desc()).limit(1)
    )


def released(activity: Activity) -> list[dict[str, Any]]:
    """The newest released tables of an activity as JSON (`analysis.disclosure.ReleasedTable`), none before the first."""
    found = newest_release(activity.id)
    return found.tables if found else []
