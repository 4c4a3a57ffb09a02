"""What stands between a consultation and its opening, beside what every activity needs; and what a deleted draft leaves."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, object_session

from civic import clock
from civic.activities import rules as activities
from civic.activities.models import Activity
from civic.files import storing
from civic.messages import N_, Message
from consultations.comments import rules
from consultations.comments.models import Attachment, Consultation, DraftVersion, Passage

MISSING = {
    "ja-easy": N_(
        "Texts missing in plain Japanese: %(count)s. Write them, or confirm that they stay in Japanese only."
    ),
    "en": N_("Texts missing in English: %(count)s. Write them, or confirm that they stay in Japanese only."),
}
OWN_TEXTS = ("basis", "digest", "short_reason")


def opening_problems(activity: Activity, at: datetime) -> Sequence[Message]:
    """What the notice lacks, and the texts that stand in Japanese only unless the editor confirmed them."""
    session = object_session(activity)
    assert session is not None
    one = session.get_one(Consultation, activity.id)
    rule = rules.rule_from_json(one.rule)
    problems = rules.notice_problems(
        rule, one.basis, one.short_reason, period_of(one, at), one.current_version is not None
    )
    return problems if problems or one.missing_texts_confirmed else missing(one)


def period_of(one: Activity, at: datetime) -> tuple[date, date] | None:
    """First and last day in Japan; None until both are set. The day of the opening is the day of the notice (公示の日)."""
    noticed, last = noticed_on(one, at), last_day(one)
    return None if noticed is None or last is None else (noticed, last)


def announced_period(one: Activity, at: datetime) -> tuple[date, date] | None:
    """First and last day as the notice announced them, before any change; what is so now where that is not known."""
    period = period_of(one, at)
    ends = [change.old_end for change in one.period_changes if change.old_end is not None]
    return period if period is None or not ends else (period[0], activities.last_day(ends[0]))


def noticed_on(one: Activity, at: datetime) -> date | None:
    """The day of the notice: the first on which people can read it. None until it is set.

    What is approved after its planned opening is noticed with the approval; what waits for it, `at` at the earliest.
    """
    if one.starts_at is None:
        return None
    if one.approved_at is not None:
        return clock.day_in_japan(max(one.starts_at, one.approved_at))
    late = one.starts_at < at and (one.ends_at is None or at < one.ends_at)
    return clock.day_in_japan(at if late else one.starts_at)


def last_day(one: Activity) -> date | None:
    """The last day of the period, as it was stopped where it was stopped early; None until it is set."""
    last = activities.last_moment(one)
    return None if last is None else activities.last_day(last)


def calendar_of(one: Consultation, at: datetime) -> rules.Calendar | None:
    """The days of the notice by its rule; None until the opening is set."""
    noticed = noticed_on(one, at)
    return None if noticed is None else rules.calendar_of(noticed, last_day(one), rules.rule_from_json(one.rule))


def missing_texts(one: Consultation) -> list[tuple[str, str]]:
    """(field, language) of every text of the notice that stands in Japanese but not in that language."""
    own = [
        (name, language)
        for name in OWN_TEXTS
        for language in activities.LANGUAGES
        if getattr(one, name).get("ja", "").strip() and not getattr(one, name).get(language, "").strip()
    ]
    return [*activities.missing_texts(one), *own]


def missing(one: Consultation) -> list[Message]:
    """One sentence for each language in which texts are missing."""
    languages = [language for _field, language in missing_texts(one)]
    counts = {language: languages.count(language) for language in MISSING}
    return [Message(MISSING[language], {"count": count}) for language, count in counts.items() if count]


def discard(session: Session, activity: Activity) -> None:
    """Remove a draft's own rows when the draft is deleted: versions with their passages, attachments. The feature's hook."""
    versions = sa.select(DraftVersion.id).where(DraftVersion.consultation_id == activity.id)
    files = set(session.scalars(sa.select(Attachment.file_id).where(Attachment.consultation_id == activity.id)))
    session.execute(sa.delete(Passage).where(Passage.version_id.in_(versions)))
    for table in (DraftVersion, Attachment):
        session.execute(sa.delete(table).where(table.consultation_id == activity.id))
    for file_id in sorted(files):
        storing.release(session, file_id)
