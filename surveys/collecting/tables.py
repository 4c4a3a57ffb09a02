"""Tables of responses: how their columns are answers to one survey, and how what they bring is kept."""

from collections.abc import Callable, Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic import clock
from civic.activities.arrivals import Entered
from civic.activities.models import Activity
from civic.activities.states import Channel
from civic.intake.reading import Intake
from civic.intake.refusals import FileDoesNotFit
from civic.intake.rows import Read
from civic.messages import Message
from surveys import columns, recording
from surveys.columns import ColumnMap, MapRefused
from surveys.conditions import off_path_codes
from surveys.models import Response, Survey
from surveys.questionnaire import Questionnaire
from surveys.recording import Filled
from surveys.results.queries import survey_with_questionnaire
from surveys.rows import RowReader

COMMAND = "surveys import-responses"


def read_table(activity: Activity, intake: Intake) -> "ResponseTable":
    """The table under the questionnaire as it is now: the feature's `tables`. Raises FileDoesNotFit for a wrong map."""
    survey, questionnaire = survey_with_questionnaire(activity.slug)
    return ResponseTable(survey, questionnaire, intake)


class ResponseTable:
    """A table of responses to one survey; `civic.intake.rows.Table` says what its parts are."""

    def __init__(self, survey: Survey, questionnaire: Questionnaire, intake: Intake) -> None:
        self._survey_id, self._version = survey.id, survey.current_version
        self._questionnaire = questionnaire
        self._map = column_map(intake, questionnaire)
        self._person = intake.person

    @property
    def key(self) -> Sequence[str]:
        return self._map.key

    @property
    def named(self) -> Collection[str]:
        return self._map.uses.keys()

    @property
    def about_person(self) -> Collection[str]:
        return ()

    def header_problems(self, headers: Sequence[str]) -> Sequence[Message]:
        return self._map.header_problems(headers, [self._person] if self._person else [])

    def reader(self, headers: Sequence[str]) -> Callable[[Sequence[str], str], Read[Filled]]:
        rows = RowReader(self._map, headers)

        def read(cells: Sequence[str], key: str) -> Read[Filled]:
            result = rows.read(cells)
            day = clock.day_in_japan(result.answered_at) if result.answered_at else None
            if result.problems:
                return Read(None, result.cells, result.problems, day)
            filled = Filled(
                self._version,
                result.answers,
                off_path=off_path_codes(self._questionnaire, result.answers),
                attributes=result.attributes,
                answered_at=result.answered_at,
                row_key=key,
                key_cells=result.key,
            )
            return Read(filled, result.cells, arrived_on=day)

        return read

    def stored_keys(self, session: Session, channel: Channel, keys: Sequence[str]) -> set[str]:
        found = session.scalars(
            sa.select(Response.row_key).where(
                Response.survey_id == self._survey_id, Response.channel == channel, Response.row_key.in_(keys)
            )
        )
        return {key for key in found if key is not None}

    def store(self, session: Session, channel: Channel, entered: Sequence[tuple[Entered, Filled]]) -> None:
        recording.store_together(session, self._survey_id, channel, entered)


def column_map(intake: Intake, questionnaire: Questionnaire) -> ColumnMap:
    """The map to read with; raises FileDoesNotFit."""
    if intake.column_map is None:
        return columns.default_map(questionnaire, intake.key)
    try:
        return columns.read_map(intake.column_map, questionnaire, intake.key)
    except MapRefused as refused:
        raise FileDoesNotFit(refused.problems) from refused
