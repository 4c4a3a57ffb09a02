"""Publishing the answer to 10,000 comments in 100 groups: how long its transactions hold everybody else up.

`python -m benchmarks.publishing` does it in the installation that the environment names, and prints what it measured.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.city import installation
from benchmarks.measuring import Measured, run
from civic import clock
from civic.activities import actions as activities
from civic.app import create_app
from civic.db import db
from consultations.comments.models import Edition, OpinionItem
from tests.cast import Cast
from tests.factories import consultations as make
from tests.factories.surveys import actor, text
from wsgi import FEATURES

COMMENTS, GROUPS = 10_000, 100
SECONDS = 0.2
"""Of work in one transaction."""

MEGABYTES = 400


def measure(data: Path | None) -> Iterator[Measured]:
    with installation() as made:
        ran = run([sys.executable, "-m", "benchmarks.publishing"], made.environment)
    told = json.loads(ran.output.splitlines()[-1])
    note = f"longest of {len(told['transactions'])} transactions; {told['seconds']:.2f} s in all"
    yield Measured(
        f"publish {COMMENTS:,} comments", max(told["transactions"]), ran.megabytes, SECONDS, MEGABYTES, note=note,
        well=told["items"] == COMMENTS,
    )  # fmt: skip


def prepared(cast: Cast) -> int:
    """A consultation whose comments are all grouped, answered, approved and looked through; its id."""
    made = make.make_consultation(cast, slug="large")
    make.comment(made, [f"停留所{number}に屋根をつけてください。雨の日に困っています。" for number in range(COMMENTS)])
    make.end(made, cast)
    ids = list(db.session.scalars(sa.select(OpinionItem.id).where(OpinionItem.consultation_id == made.id)))
    words = "ご意見をふまえて検討します。" * 12
    for number in range(GROUPS):
        some = ids[number::GROUPS]
        make.answered_group(made, cast, f"停留所の屋根 {number}", some, words=words, gist=text("屋根がほしい。"))
    make.confirm_all(made, cast)
    make.write_result(made, cast)
    return made.id


def timed(cast: Cast, consultation_id: int) -> dict[str, Any]:
    """Publish it; how long each transaction was open that was committed."""
    opened: list[float] = []
    lasted: list[float] = []
    sa.event.listen(db.engine, "begin", lambda connection: opened.append(time.monotonic()))
    sa.event.listen(db.engine, "commit", lambda connection: lasted.append(time.monotonic() - opened[-1]))
    revision = make.revision_of(consultation_id)
    start = time.monotonic()
    activities.publish_answer(consultation_id, revision, actor(cast.approver), clock.now())
    seconds = time.monotonic() - start
    edition = db.session.scalars(sa.select(Edition).where(Edition.consultation_id == consultation_id)).one()
    return {"transactions": lasted, "seconds": seconds, "items": edition.document["numbers"]["items"]}


if __name__ == "__main__":
    app = create_app(features=FEATURES)
    with app.app_context():
        cast = Cast(app)
        print(json.dumps(timed(cast, prepared(cast))))
