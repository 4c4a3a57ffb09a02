"""Publishing the answer to 10,000 comments in 100 groups: how long the transactions of it hold everybody else up.

`python -m benchmarks.publishing` measures in the installation that the environment names and prints JSON.
"""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa


from benchmarks.measuring import Measured

COMMENTS, GROUPS = 10_000, 100
LIMIT = 0.2
"""Seconds of work in one transaction."""


def measure(data: Path | None) -> Iterator[Measured]:
    told = made_with("benchmarks.publishing")
    longest = max(told["transactions"])
    note = f"{len(told['transactions'])} transactions, {told['seconds']:.1f} s in all, {told['items']} opinions"
    yield Measured(
        f"publish {COMMENTS:,} comments", longest, told["megabytes"], LIMIT, note=note, well=told["items"] == COMMENTS
    )


def prepared(cast: Any) -> int:
    """A consultation with all its comments grouped, answered, approved and looked through; its id."""
    from civic.db import db, writing
    from civic.keys import keys
    from civic import clock
    from civic.activities import ledger
    from civic.activities.states import Channel
    from consultations.comments import recording
    from consultations.comments.models import Consultation, OpinionItem
    from consultations.comments.recording import Written
    from tests.factories import consultations as make
    from tests.factories.surveys import text

    made = make.make_consultation(cast, slug="large")
    make.comment(made, [f"停留所{number}に屋根をつけてください。雨の日に困っています。" for number in range(COMMENTS)])
    make.end(made, cast)
    ids = list(db.session.scalars(sa.select(OpinionItem.id).where(OpinionItem.consultation_id == made.id)))
    for number in range(GROUPS):
        some = ids[number::GROUPS]
        make.answered_group(made, cast, f"停留所の屋根 {number}", some, words="ご意見をふまえて検討します。" * 12, gist=text("屋根がほしい。"))
    make.confirm_all(made, cast)
    make.write_result(made, cast)
    return made.id


def timed(cast: Any, consultation_id: int) -> dict[str, Any]:
    """Publish it, and how long each transaction that writes was open."""
    from civic import clock
    from civic.db import db
    from civic.activities import actions as activities
    from consultations.comments.models import Edition
    from tests.factories import consultations as make
    from tests.factories.surveys import actor

    opened: dict[int, float] = {}
    lasted: list[float] = []
    sa.event.listen(db.engine, "begin", lambda connection: opened.update({0: time.monotonic()}))
    sa.event.listen(db.engine, "commit", lambda connection: lasted.append(time.monotonic() - opened[0]))
    revision = make.revision_of(consultation_id)
    start = time.monotonic()
    activities.publish_answer(consultation_id, revision, actor(cast.approver), clock.now())
    seconds = time.monotonic() - start
    edition = db.session.scalars(sa.select(Edition).where(Edition.consultation_id == consultation_id)).one()
    return {"transactions": lasted, "seconds": seconds, "items": edition.document["numbers"]["items"]}
