"""Reads of results: released tables for everybody, full counts for staff, both from what is kept up, never from responses."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from analysis.disclosure import FrequencyTable, ReleasedTable
from analysis.margins import Margin
from civic import clock
from civic.activities.models import Activity, Participation, ParticipationCount
from civic.activities.rules import shows_results
from civic.activities.states import ParticipationState
from civic.db import db
from civic.opendata.models import Release
from civic.opendata.queries import newest
from civic.refusals import NotFound
from surveys.models import QuestionnaireVersion, Response, Survey
from surveys.questionnaire import Questionnaire, from_json
from surveys.results import crossing, datasets, tallies, weighting
from surveys.results.crossing import Crossed, Pair, Variable
from surveys.results.weighting import Asked

BATCH = 1_000


@dataclass(frozen=True)
class ReleasedResults:
    """What everybody may see of a survey: its newest release; None before the first."""

    survey: Survey
    questionnaire: Questionnaire
    release: Release | None

    @property
    def tables(self) -> dict[str, ReleasedTable]:
        stored = self.release.tables if self.release else []
        return {table["name"]: ReleasedTable.from_json(table) for table in stored}


@dataclass(frozen=True)
class FullResults:
    """What the staff of the department sees: all counts, and what of them was last released."""

    survey: Survey
    questionnaire: Questionnaire
    tables: dict[str, FrequencyTable]
    states: Counter[str]
    release: Release | None


def released_results(slug: str, at: datetime) -> ReleasedResults:
    """The results at this address; raises NotFound where the survey's rule shows none at `at`."""
    survey, questionnaire = survey_with_questionnaire(slug)
    if survey.approved_at is None or not shows_results(survey, at):
        raise NotFound
    return ReleasedResults(survey, questionnaire, newest(survey.id))


def full_results(slug: str) -> FullResults:
    """All counts of a survey. The caller asks for the permission."""
    survey, questionnaire = survey_with_questionnaire(slug)
    counted = _participations(survey.id)
    tables = _tables(survey, questionnaire, _channels(counted))
    states: Counter[str] = Counter()
    for (_channel, state), count in counted.items():
        states[state] += count
    return FullResults(survey, questionnaire, {one.name: one for one in tables}, states, newest(survey.id))


def tables_of(activity: Activity) -> list[FrequencyTable]:
    """The frequency tables of a survey, before disclosure control. The feature's `datasets`."""
    survey, questionnaire = survey_with_questionnaire(activity.slug)
    return _tables(survey, questionnaire, _channels(_participations(survey.id)))


def _tables(survey: Survey, questionnaire: Questionnaire, channels: dict[str, int]) -> list[FrequencyTable]:
    opened = clock.day_in_japan(survey.opened_at) if survey.opened_at else None
    stored = tallies.stored(db.session, survey.id)
    return datasets.tables(questionnaire, stored, channels, survey.channels, opened)


def _participations(survey_id: int) -> dict[tuple[str, str], int]:
    """Participations by (channel, state)."""
    rows = db.session.execute(
        sa.select(ParticipationCount.channel, ParticipationCount.state, sa.func.sum(ParticipationCount.count))
        .where(ParticipationCount.activity_id == survey_id)
        .group_by(ParticipationCount.channel, ParticipationCount.state)
    )
    return {(channel.value, state.value): count for channel, state, count in rows}


def _channels(participations: dict[tuple[str, str], int]) -> dict[str, int]:
    """Counted participations by channel."""
    return {
        channel: count
        for (channel, state), count in sorted(participations.items())
        if state == ParticipationState.COUNTED and count
    }


def survey_with_questionnaire(slug: str) -> tuple[Survey, Questionnaire]:
    """The survey in whatever state; raises NotFound. The caller asks for the permission."""
    found = db.session.execute(
        sa.select(Survey, QuestionnaireVersion.document)
        .join(QuestionnaireVersion, QuestionnaireVersion.survey_id == Survey.id)
        .where(Survey.slug == slug, QuestionnaireVersion.number == Survey.current_version)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], from_json(found[1])


def crossed(survey: Survey, questionnaire: Questionnaire, row: str, column: str) -> Crossed | None:
    """The cross-tab of two variables over counted responses, grouped by the database; None for variables there are not."""
    known = crossing.variables(questionnaire)
    if row not in known or column not in known or row == column:
        return None
    return crossing.cross(known[row], known[column], _pairs(survey.id, known[row], known[column]))


def crossed_weighted(
    survey: Survey, questionnaire: Questionnaire, row: str, column: str, margins: Sequence[Margin]
) -> Crossed | None:
    """The same with weighted figures beside: by the weights stored with the responses, or raked to margins where there are any.

    Raises ValueError, MarginRefused too, for weights or margins that cannot be used.
    """
    known = crossing.variables(questionnaire)
    if row not in known or column not in known or row == column:
        return None
    named = (name for margin in margins for name in margin.variables if name in known)
    variables = [known[name] for name in dict.fromkeys((row, column, *named))]
    responses = list(_responses(survey.id, variables))
    weights = weighting.raked(responses, variables, margins) if margins else weighting.stored_weights(responses)
    pairs = ((one.stored[0], one.stored[1], list(one.off_path), 1) for one in responses)
    return crossing.cross_weighted(known[row], known[column], pairs, weights)


def _responses(survey_id: int, variables: Sequence[Variable]) -> Iterator[Asked]:
    """The counted responses in the order they came, with what is stored for these variables."""
    asked = (
        sa.select(
            Response.off_path, Response.attributes, *(Response.answers[one.path].as_string() for one in variables)
        )
        .join(Participation, Participation.id == Response.participation_id)
        .where(Response.survey_id == survey_id, Participation.state == ParticipationState.COUNTED)
        .order_by(Response.id)
    )
    for off_path, attributes, *stored in db.session.execute(asked.execution_options(yield_per=BATCH)):
        yield Asked(tuple(stored), off_path, attributes)


def _pairs(survey_id: int, row: Variable, column: Variable) -> Iterator[Pair]:
    first, second = (Response.answers[one.path].as_string() for one in (row, column))
    grouped = (
        sa.select(first, second, Response.off_path, sa.func.count())
        .join(Participation, Participation.id == Response.participation_id)
        .where(Response.survey_id == survey_id, Participation.state == ParticipationState.COUNTED)
        .group_by(sa.literal_column("1"), sa.literal_column("2"), Response.off_path)
    )
    yield from db.session.execute(grouped)
