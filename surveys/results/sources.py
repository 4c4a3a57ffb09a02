"""The texts residents wrote, for analysis and reports: all of them to staff, with confirmed masks to everybody else."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from civic import clock
from civic.activities import reviews
from civic.activities.models import Activity, Participation, TextReview
from civic.activities.states import ParticipationState
from civic.db import db
from civic.features import Source, SourceText, TextCount
from surveys.models import FreeText, QuestionnaireVersion, Response, Survey
from surveys.questionnaire import Questionnaire, from_json
from surveys.results import queries

BATCH = 1_000
IN_ONE_QUERY = 500


def ref_of(slug: str, text_id: int) -> str:
    return f"survey:{slug}:{text_id}"


def texts(activity: Activity) -> Iterator[SourceText]:
    """Every text of a survey in the order it came. `question` is its code, with the option for words beside "other".

    Not visible: what no longer counts (replaced, taken back, late, in conflict) and what a person hid.
    """
    hidden = set(
        db.session.scalars(
            sa.select(TextReview.ref).where(
                TextReview.activity_id == activity.id, TextReview.hidden_reason.is_not(None)
            )
        )
    )
    asked = asked_words(queries.survey_with_questionnaire(activity.slug)[1])
    for row in db.session.execute(_written(FreeText.survey_id == activity.id).execution_options(yield_per=BATCH)):
        ref = ref_of(activity.slug, row.id)
        visible = row.state is ParticipationState.COUNTED and ref not in hidden
        words = asked.get((row.question, row.option), {})
        yield SourceText(ref, place_of(row.question, row.option), row.text, row.channel.value, visible, words)


def text_counts(survey_ids: Sequence[int]) -> Mapping[int, Sequence[TextCount]]:
    """The visible texts of these surveys counted, the questions of each in the order of their first texts."""
    ref = sa.literal("survey:") + Activity.slug + ":" + sa.cast(FreeText.id, sa.String)
    counted = (
        sa.select(FreeText.survey_id, FreeText.question, FreeText.option, sa.func.count(), sa.func.count(TextReview.id))
        .join(Response, Response.id == FreeText.response_id)
        .join(Participation, Participation.id == Response.participation_id)
        .join(Activity, Activity.id == FreeText.survey_id)
        .outerjoin(TextReview, TextReview.ref == ref)
        .where(
            FreeText.survey_id.in_(survey_ids),
            Participation.state == ParticipationState.COUNTED,
            TextReview.hidden_reason.is_(None),
        )
        .group_by(FreeText.survey_id, FreeText.question, FreeText.option)
        .order_by(sa.func.min(FreeText.id))
    )
    present = (
        sa.select(Survey.id, QuestionnaireVersion.document)
        .join(QuestionnaireVersion, QuestionnaireVersion.survey_id == Survey.id)
        .where(Survey.id.in_(survey_ids), QuestionnaireVersion.number == Survey.current_version)
    )
    asked = {key: asked_words(from_json(content)) for key, content in db.session.execute(present)}
    found: dict[int, list[TextCount]] = {}
    for survey_id, question, option, texts_, reviewed in db.session.execute(counted):
        words = asked[survey_id].get((question, option), {})
        found.setdefault(survey_id, []).append(TextCount(place_of(question, option), words, texts_, reviewed))
    return found


def asked_words(questionnaire: Questionnaire) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """What was asked by (question, option): the question, and for words beside an answer that answer in brackets."""
    asked: dict[tuple[str, str], Mapping[str, str]] = {}
    for question in questionnaire.questions:
        asked[question.code, ""] = question.text
        for option in question.options:
            beside = {
                language: f"{words} ({option.text.get(language, option.text['ja'])})"
                for language, words in question.text.items()
            }
            asked[question.code, option.code] = beside
    return asked


def resolve(refs: Sequence[str]) -> Mapping[str, Source]:
    """What a page shows of each reference; one that names no text any more is `missing`."""
    numbers = {ref: number for ref in refs if (number := _number(ref)) is not None}
    rows: dict[int, Any] = {}
    for start in range(0, len(numbers), IN_ONE_QUERY):
        part = list(numbers.values())[start : start + IN_ONE_QUERY]
        rows |= {row.id: row for row in db.session.execute(_written(FreeText.id.in_(part)))}
    decided = reviews.reviews_of(list(numbers))
    return {ref: _source(ref, rows.get(numbers.get(ref, 0)), decided.get(ref)) for ref in refs}


def _written(which: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    """Texts with the channel and state of their participation and the address of their survey."""
    return (
        sa.select(
            FreeText.id,
            FreeText.question,
            FreeText.option,
            FreeText.text,
            Response.channel,
            Participation.state,
            Activity.slug,
        )
        .join(Response, Response.id == FreeText.response_id)
        .join(Participation, Participation.id == Response.participation_id)
        .join(Activity, Activity.id == FreeText.survey_id)
        .where(which)
        .order_by(FreeText.id)
    )


def place_of(question: str, option: str) -> str:
    return f"{question}.{option}" if option else question


def _number(ref: str) -> int | None:
    kind, _, rest = ref.partition(":")
    number = rest.rpartition(":")[2]
    return int(number) if kind == "survey" and number.isascii() and number.isdigit() and len(number) < 19 else None


def _source(ref: str, row: Any, review: TextReview | None) -> Source:
    if row is None or ref_of(row.slug, row.id) != ref:
        return Source(ref, ref.rpartition(":")[2], None, "", "missing")
    state = _state(row, review)
    shown = reviews.masked(row.text, review.spans) if state == "shown" and review else None
    since = clock.day_in_japan(review.reviewed_at) if state == "hidden" and review else None
    return Source(ref, str(row.id), shown, row.channel.value, state, since)


def _state(row: Any, review: TextReview | None) -> str:
    """A decision holds for exactly the words the person saw."""
    if row.state is not ParticipationState.COUNTED:
        return "withdrawn"
    if review is None or review.text_digest != reviews.digest(row.text):
        return "unconfirmed"
    return "hidden" if review.hidden_reason is not None else "shown"
