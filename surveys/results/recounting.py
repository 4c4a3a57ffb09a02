"""The tallies counted again from the responses, to find a mismatch. Reads in batches; changes nothing."""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities.models import Participation
from civic.activities.states import ParticipationState
from civic.db import db
from surveys.models import Erasure, FreeText, Response, Survey
from surveys.results import tallies
from surveys.results.tallies import Key

BATCH = 1_000


def recounts(slug: str | None) -> tuple[int, list[dict[str, Any]]]:
    """Recount one survey or all: how many totals were checked, and each that differs. The feature's hook.

    Surveys whose answers were erased at the end of their retention have only their totals left.
    """
    chosen = sa.select(Survey.id, Survey.slug).where(Survey.id.not_in(sa.select(Erasure.survey_id))).order_by(Survey.id)
    surveys = db.session.execute(chosen if slug is None else chosen.where(Survey.slug == slug)).all()
    checked, mismatches = 0, []
    for survey_id, name in surveys:
        stored = tallies.stored(db.session, survey_id)
        counted = counted_again(db.session, survey_id)
        for key in sorted(stored.keys() | counted.keys()):
            checked += 1
            if stored[key] != counted[key]:
                mismatches.append(mismatch(name, key, stored[key], counted[key]))
    return checked, mismatches


def mismatch(slug: str, key: Key, stored: int, counted: int) -> dict[str, Any]:
    question, row, value, off_path = key
    total = {"question": question, "row": row, "value": value, "off_path": off_path}
    return {"activity": slug, **total, "stored": stored, "counted": counted}


def counted_again(session: Session, survey_id: int) -> Counter[Key]:
    """The tallies as the counted responses give them."""
    counts: Counter[Key] = Counter()
    responses = (
        sa.select(Response.answers, Response.off_path)
        .join(Participation, Participation.id == Response.participation_id)
        .where(Response.survey_id == survey_id, Participation.state == ParticipationState.COUNTED)
    )
    for batch in session.execute(responses.execution_options(yield_per=BATCH)).partitions():
        for answers, off_path in batch:
            counts.update(tallies.counts(answers, off_path))
    counts.update(_texts(session, survey_id))
    return counts


def _texts(session: Session, survey_id: int) -> Counter[Key]:
    """Respondents of the text questions: their answers stand in a table of their own."""
    texts = (
        sa.select(FreeText.question, FreeText.off_path, sa.func.count())
        .join(Response, Response.id == FreeText.response_id)
        .join(Participation, Participation.id == Response.participation_id)
        .where(
            FreeText.survey_id == survey_id,
            FreeText.option == "",
            Participation.state == ParticipationState.COUNTED,
        )
        .group_by(FreeText.question, FreeText.off_path)
    )
    return Counter({(question, "", "", off_path): count for question, off_path, count in session.execute(texts)})
