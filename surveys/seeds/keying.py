"""Paper forms of the demo city, keyed by staff."""

from datetime import timedelta

from civic import clock
from civic.activities import ledger
from civic.db import writing
from civic.identity.accounts import Actor
from civic.keys import keys
from surveys import recording
from surveys.results import tallies
from surveys.seeds.answering import Participant

KEYED_AFTER = timedelta(hours=20)


def key_form(survey_id: int, one: Participant, subject: str | None, editor: Actor) -> str:
    """Key one form the day after it arrived; the receipt number."""
    filled = recording.Filled(1, one.answers)
    with writing() as session:
        recorded = ledger.take_part(
            session,
            keys(),
            survey_id,
            subject=subject,
            channel=one.channel,
            submission=None,
            at=one.at,
            arrived_on=clock.day_in_japan(one.at),
        )
        recording.store(session, survey_id, recorded.participation, filled)
        tallies.add(session, survey_id, recording.change_of(recorded.participation, filled))
        return recorded.participation.receipt or ""
