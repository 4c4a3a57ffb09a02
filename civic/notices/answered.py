"""Telling those who left an address that the city has answered: each once, and then the address is erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale, gettext

from civic import clock
from civic.activities.models import Activity, Participation
from civic.activities.states import ParticipationState
from civic.config import Settings
from civic.db import db, writing
from civic.features import house
from civic.identity.models import ContactAddress
from civic.jobs.context import JobContext
from civic.keys import keys
from civic.notices.links import absolute
from civic.notices.outbox import queue_mail
from civic.web.languages import FIRST, LANGUAGES, plain

BATCH: Final = 100
LONGEST_TITLE: Final = 120  # of a subject line
STILL_STANDS = frozenset({ParticipationState.COUNTED, ParticipationState.CONFLICT, ParticipationState.LATE})


@dataclass(frozen=True)
class Left:
    """An address left with one participation; `to` is None where the participation was withdrawn or replaced."""

    participation_id: int
    language: str
    to: str | None


def tell(job: JobContext) -> None:
    """Queue a mail to everyone who left an address for the answer to `payload["activity"]`."""
    activity_id = int(job.payload["activity"])
    letters = letters_by_language(activity_id)
    told = 0
    while batch := next_left(activity_id):
        with writing() as session:
            job.hold(session)
            for one in batch:
                if one.to is not None:
                    subject, body = letters[one.language if one.language in letters else FIRST]
                    key = f"answered:{one.participation_id}"
                    queue_mail(session, key=key, to=one.to, subject=subject, body=body, activity_id=activity_id)
            done = [one.participation_id for one in batch]
            session.execute(sa.delete(ContactAddress).where(ContactAddress.participation_id.in_(done)))
        told += len(batch)
        job.progress(told)
    with writing() as session:
        job.finish(session)


def letters_by_language(activity_id: int) -> dict[str, tuple[str, str]]:
    """Subject and body of the mail, by language."""
    settings: Settings = current_app.extensions["settings"]
    activity = db.session.get_one(Activity, activity_id)
    address = absolute(house().kinds[activity.kind].answered_endpoint, slug=activity.slug)
    template = current_app.jinja_env.get_template("notices/answered.txt")  # a page's values need a request
    letters = {}
    for language, locale in LANGUAGES.items():
        with force_locale(locale):
            title = " ".join(plain(activity.title).split())[:LONGEST_TITLE]
            subject = plain(gettext("The answer to “%(title)s” is here", title=title))
            values = {"title": title, "address": address, "sender": settings.municipality(language)}
            letters[language] = (subject, template.render(**values))
    db.session.rollback()
    return letters


def next_left(activity_id: int) -> Sequence[Left]:
    """The next addresses left for this activity, opened."""
    rows = db.session.execute(
        sa.select(ContactAddress.participation_id, ContactAddress.language, ContactAddress.sealed, Participation.state)
        .join(Participation, Participation.id == ContactAddress.participation_id)
        .where(Participation.activity_id == activity_id)
        .order_by(ContactAddress.participation_id)
        .limit(BATCH)
    ).all()
    db.session.rollback()
    return [
        Left(row.participation_id, row.language, opened(row.participation_id, row.sealed))
        if row.state in STILL_STANDS
        else Left(row.participation_id, row.language, None)
        for row in rows
    ]


def opened(participation_id: int, sealed: bytes) -> str:
    return keys().unseal(f"contact_address.sealed|{participation_id}", sealed)


def erase_overdue(job: JobContext) -> None:
    """Erase addresses whose day has come, answered or not."""
    with writing() as session:
        session.execute(sa.delete(ContactAddress).where(ContactAddress.erase_after < clock.today()))
        job.finish(session)
