"""Reads of what was released. Residents, council, files and the API see figures through here and nowhere else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic.activities.models import Activity
from civic.activities.rules import shows_results, state_of
from civic.activities.states import State
from civic.db import db
from civic.opendata.models import Release
from civic.refusals import NotFound


def newest(activity_id: int) -> Release | None:
    """The newest release of an activity; None before the first."""
    return db.session.scalar(
        sa.select(Release).where(Release.activity_id == activity_id).order_by(Release.number.desc()).limit(1)
    )


def released(activity: Activity) -> list[dict[str, Any]]:
    """The newest released tables of an activity as JSON (`analysis.disclosure.ReleasedTable`); [] before the first.

    For pages of staff and council; what residents see also asks `shows_results`.
    """
    found = newest(activity.id)
    return found.tables if found else []


@dataclass(frozen=True)
class Dataset:
    """An activity whose released tables everybody may have."""

    activity: Activity
    state: State
    release: Release


def datasets(at: datetime) -> list[Dataset]:
    """Everything released to everybody, newest first."""
    newest_number = (
        sa.select(Release.activity_id, sa.func.max(Release.number).label("number"))
        .group_by(Release.activity_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(Activity, Release)
        .join(Release, Release.activity_id == Activity.id)
        .join(
            newest_number,
            sa.and_(newest_number.c.activity_id == Release.activity_id, newest_number.c.number == Release.number),
        )
        .options(joinedload(Activity.department), joinedload(Activity.project))
        .order_by(Release.released_at.desc(), Release.id.desc())
    )
    return [Dataset(one, state_of(one, at), release) for one, release in rows if shows_results(one, at)]


def dataset(slug: str, at: datetime) -> Dataset:
    """The released tables of the activity at this address; raises NotFound unless everybody may have them."""
    found = next((one for one in datasets(at) if one.activity.slug == slug), None)
    if found is None:
        raise NotFound
    return found


def public_activities(at: datetime) -> list[tuple[Activity, State]]:
    """Every approved activity with its state, newest first."""
    rows = db.session.scalars(
        sa.select(Activity)
        .options(joinedload(Activity.department), joinedload(Activity.project))
        .where(Activity.approved_at.is_not(None))
        .order_by(Activity.starts_at.desc(), Activity.id.desc())
    )
    return [(row, state_of(row, at)) for row in rows]


def live_activities() -> list[int]:
    """Ids of the activities whose results show while they run, not yet closed."""
    return list(
        db.session.scalars(
            sa.select(Activity.id).where(
                Activity.results_show == "live",
                Activity.opened_at.is_not(None),
                Activity.closed_at.is_(None),
                Activity.withdrawn_at.is_(None),
            )
        )
    )
