"""Keying one comment that came by post, fax, mail or over the counter: one transaction, its audit record inside."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from civic.activities import gate, ledger
from civic.activities.states import Channel
from civic.audit import chain
from civic.db import writing
from civic.identity.accounts import Actor
from civic.keys import keys
from civic.refusals import StaleVersion
from consultations.comments import recording, rules
from consultations.comments.models import Consultation
from consultations.comments.recording import Written


@dataclass(frozen=True)
class Keyed:
    """One comment as a clerk keyed it. `subject` as in `ledger.take_part`; `written.version` is the draft she saw."""

    channel: Channel
    arrived_on: date
    subject: str | None
    written: Written
    submission_key: str

    def content(self) -> bytes:
        """What makes two sendings of one form the same."""
        one = self.written
        days = [self.arrived_on.isoformat(), one.postmarked_on.isoformat() if one.postmarked_on else None]
        author = [one.author.name, one.author.address, one.author.detail]
        return json.dumps([self.channel, *days, self.subject, one.passage, one.category, one.body, author]).encode()


def key_comment(consultation_id: int, keyed: Keyed, actor: Actor, at: datetime) -> ledger.Recorded:
    """Record one comment. A second one of the same person is kept as a conflict, one that came too late as late.

    What was posted in time is in time where the city's rule counts the postmark. Raises StaleVersion when the draft
    changed meanwhile, SubmissionKeyUsed and what `ledger.admit` raises.
    """
    content = keyed.content()
    with writing() as session:
        consultation = session.get_one(Consultation, consultation_id)
        recorded = ledger.take_part(
            session,
            keys(),
            consultation_id,
            subject=keyed.subject,
            channel=keyed.channel,
            submission=ledger.Submission(keyed.submission_key, content, actor.label),
            at=at,
            arrived_on=keyed.arrived_on,
            sent_on=posted_on(consultation, keyed),
        )
        if recorded.repeated:
            return recorded
        if consultation.current_version != keyed.written.version:
            raise StaleVersion
        recording.store(session, consultation, recorded.participation, keyed.written)
        chain.record(
            session,
            "consultation.comment_keyed",
            actor.label,
            gate.subject(consultation),
            channel=keyed.channel.value,
            participation=recorded.participation.id,
        )
        return recorded


def posted_on(consultation: Consultation, keyed: Keyed) -> date | None:
    """The day of the postmark where it decides (消印有効), None where the day of arrival does."""
    counts = rules.rule_from_json(consultation.rule).postmark_counts
    return keyed.written.postmarked_on if counts and keyed.channel is Channel.POST else None
