"""Making releases, in the job process: a feature's tables pass disclosure control and are stored for everybody.

While an activity runs (only where its results show live) a release follows every ten participations; the last one
follows the close. Figures that differ from an earlier release by fewer people than that would tell who came between.
"""

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from analysis.disclosure import NotDue, Policy, ReleasedTable, due_for_release, release
from civic import clock
from civic.activities import gate
from civic.db import writing
from civic.features import house
from civic.jobs.context import JobContext
from civic.opendata import queries
from civic.opendata.models import Release


def release_tables(job: JobContext) -> None:
    """The release after a close (`activity` in the payload), or after what was published was `corrected`."""
    made = make_release(int(job.payload["activity"]), corrected=bool(job.payload.get("corrected")))
    with writing() as session:
        if made is not None:
            session.add(made)
        job.finish(session)


def release_live(job: JobContext) -> None:
    """The releases that are due of everything whose results show live."""
    ids = queries.live_activities()
    for done, activity_id in enumerate(ids):
        made = make_release(activity_id)
        with writing() as session:
            job.hold(session)
            if made is not None:
                session.add(made)
        job.progress(done + 1, len(ids))
    with writing() as session:
        job.finish(session)


def policy() -> Policy:
    """The installation's smallest cell, and the step between two releases."""
    smallest: int = current_app.extensions["settings"].minimum_cell
    return Policy(smallest, max(10, smallest))


def make_release(activity_id: int, *, corrected: bool = False) -> Release | None:
    """The next release of an activity, not yet stored; None where none is due or its kind has no tables.

    Where fewer than ten participations came after the last live release, the final one shows that one's figures again,
    beside what a statute lets through. After the final one another follows only where something was `corrected`.
    """
    with writing() as session:  # the gate is held, so that all tables count the same participations
        activity = gate.alone(session, activity_id, clock.now())
        datasets = house().of(activity).datasets
        tables = list(datasets(activity)) if datasets else []
        final = activity.closed_at is not None
        earlier = _releases(session, activity_id)
    if not tables or (earlier and earlier[-1].final and not corrected):
        return None
    base = tables[0].base
    last = earlier[-1] if earlier else None
    if not final and not due_for_release(last.participations if last else None, base, policy()):
        return None
    known = [ReleasedTable.from_json(table) for one in earlier for table in one.tables]
    try:
        shown = [table.to_json() for table in release(tables, known, policy())]
    except NotDue:
        if last is None:
            raise
        statutory = [table for table in tables if table.statutory]
        kept = [table for table in last.tables if not table.get("statutory")]
        shown, base = [*(table.to_json() for table in release(statutory)), *kept], last.participations
    return Release(
        activity_id=activity_id,
        number=last.number + 1 if last else 1,
        participations=base,
        final=final,
        tables=shown,
        released_at=clock.now(),
    )


def _releases(session: Session, activity_id: int) -> list[Release]:
    """All releases of an activity, oldest first."""
    return list(session.scalars(sa.select(Release).where(Release.activity_id == activity_id).order_by(Release.number)))
