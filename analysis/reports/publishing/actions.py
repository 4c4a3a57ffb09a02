"""Writing and publishing reports. Each function is one transaction and writes its audit record in it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from analysis.reports import rules
from analysis.reports.models import Edition, Finding, Origin, Report, ReportActivity, ReportRun
from analysis.reports.publishing import document
from analysis.reports.publishing.findings import machine_findings
from analysis.reports.refusals import PublicationRefused, SourceNeeded
from analysis.reports.runs.queries import latest_done, run_view
from civic import clock
from civic.activities.refusals import SecondPersonNeeded, SlugTaken
from civic.audit import chain
from civic.db import db, refuse, writing
from civic.identity.accounts import Actor
from civic.opendata.releasing import policy
from civic.refusals import NotAllowed, NotFound, StaleVersion

refuse("ck_report_edition_second_person_publishes", SecondPersonNeeded)
refuse("uq_report_slug", SlugTaken)


def create_report(
    actor: Actor, *, project_id: int, slug: str, title: dict[str, str], activity_ids: Sequence[int]
) -> int:
    """A draft report over some activities of a project, with the sentences of their newest analyses; returns its id."""
    author = _person(actor)
    newest = _newest_runs(activity_ids)
    with writing() as session:
        report = Report(
            slug=slug,
            project_id=project_id,
            title=title,
            author_id=author,
            last_editor_id=author,
            created_at=clock.now(),
        )
        session.add(report)
        session.flush()
        for position, activity_id in enumerate(activity_ids):
            session.add(ReportActivity(report_id=report.id, activity_id=activity_id, position=position))
        session.flush()
        _take_runs(session, report, newest)
        chain.record(session, "report.created", actor.label, f"report:{slug}")
        return report.id


def take_newest_runs(report_id: int, seen_revision: int, actor: Actor) -> None:
    """Replace the machine's sentences by those of the newest analyses. Sentences written by people stay."""
    covered = sa.select(ReportActivity.activity_id).where(ReportActivity.report_id == report_id)
    newest = _newest_runs(db.session.scalars(covered.order_by(ReportActivity.position)).all())
    _change(report_id, seen_revision, actor, lambda session, report: _take_runs(session, report, newest))


def _newest_runs(activity_ids: Sequence[int]) -> list[tuple[int, list[Finding]]]:
    """The newest finished analyses of these activities, each with the sentences that may be published now."""
    minimum = policy().minimum_cell
    return [
        (run.id, machine_findings(run_view(run), document.comments_of(run), minimum))
        for activity_id in activity_ids
        for run in latest_done(activity_id)
    ]


def _take_runs(session: Session, report: Report, newest: Sequence[tuple[int, list[Finding]]]) -> None:
    session.execute(sa.delete(ReportRun).where(ReportRun.report_id == report.id))
    session.execute(sa.delete(Finding).where(Finding.report_id == report.id, Finding.origin == Origin.MACHINE))
    position = 1000  # after the sentences people wrote
    for place, (run_id, findings) in enumerate(newest):
        session.add(ReportRun(report_id=report.id, run_id=run_id, position=place))
        for finding in findings:
            finding.report_id, finding.position = report.id, position
            session.add(finding)
            position += 1


def edit_texts(
    report_id: int,
    seen_revision: int,
    actor: Actor,
    *,
    title: dict[str, str],
    lead: dict[str, str],
    limits: dict[str, str],
) -> None:
    """Change title, main points and limits. Raises StaleVersion."""

    def change(_session: Session, report: Report) -> None:
        report.title, report.lead, report.limits = title, lead, limits

    _change(report_id, seen_revision, actor, change)


def add_sentence(
    report_id: int,
    seen_revision: int,
    actor: Actor,
    *,
    sentence: dict[str, str],
    sources: Sequence[str],
    run_id: int | None,
    topic: str | None,
) -> None:
    """Add a person's own sentence with the comments it rests on. Raises SourceNeeded, StaleVersion."""
    if not sources:
        raise SourceNeeded

    def change(session: Session, report: Report) -> None:
        last = sa.select(sa.func.max(Finding.position)).where(
            Finding.report_id == report.id, Finding.origin == Origin.PERSON
        )
        session.add(
            Finding(
                report_id=report.id,
                position=1 + (session.scalar(last) or 0),
                run_id=run_id,
                topic=topic,
                kind="person",
                sentence=sentence,
                sources=list(sources),
                origin=Origin.PERSON,
            )
        )

    _change(report_id, seen_revision, actor, change)


def leave_out(report_id: int, seen_revision: int, finding_id: int, left_out: bool, actor: Actor) -> None:
    """Put a sentence aside, or put it back. Raises NotFound, StaleVersion."""

    def change(session: Session, report: Report) -> None:
        finding = session.get(Finding, finding_id)
        if finding is None or finding.report_id != report.id:
            raise NotFound
        finding.left_out = left_out

    _change(report_id, seen_revision, actor, change)


def _change(report_id: int, seen_revision: int, actor: Actor, change: Callable[[Session, Report], None]) -> None:
    """One edit: the approval asked for falls, the revision counts up, the audit records it."""
    editor = _person(actor)
    with writing() as session:
        report = _report(session, report_id, seen_revision)
        change(session, report)
        report.revision += 1
        report.last_editor_id = editor
        report.submitted_at = None
        chain.record(session, "report.edited", actor.label, f"report:{report.slug}", revision=report.revision)


def submit(report_id: int, seen_revision: int, actor: Actor) -> None:
    """Hand the draft to a second person. Raises PublicationRefused with everything that stands against it."""
    refuse_untrue(report_id)
    with writing() as session:
        report = _report(session, report_id, seen_revision)
        report.submitted_at = clock.now()
        chain.record(session, "report.submitted", actor.label, f"report:{report.slug}", revision=report.revision)


def send_back(report_id: int, seen_revision: int, actor: Actor) -> None:
    """Give the draft back to its author."""
    with writing() as session:
        report = _report(session, report_id, seen_revision)
        report.submitted_at = None
        chain.record(session, "report.returned", actor.label, f"report:{report.slug}", revision=report.revision)


def publish(report_id: int, seen_revision: int, actor: Actor, embargo_until: datetime | None = None) -> int:
    """Publish the draft as the next edition; returns its number.

    Everything is recomputed from the comments first, and again in the transaction, whose words are published.
    Council members read it at once, residents after the embargo.
    Raises PublicationRefused, StaleVersion, SecondPersonNeeded (the database's check: never author or last editor).
    """
    publisher = _person(actor)
    now = clock.now()
    refuse_untrue(report_id)  # most that is refused is refused before anybody has to wait
    with writing() as session:
        report = _report(session, report_id, seen_revision)
        if report.submitted_at is None:
            raise StaleVersion
        refuse_untrue(report_id)  # a text may have been hidden while this waited
        content: dict[str, Any] = document.build(report, now)
        number = 1 + (session.scalar(sa.select(sa.func.max(Edition.number)).where(Edition.report_id == report.id)) or 0)
        content |= {"edition": number}
        session.add(
            Edition(
                report_id=report.id,
                number=number,
                document=content,
                sha256=rules.sha256(content),
                author_id=report.author_id,
                last_editor_id=report.last_editor_id,
                published_at=now,
                published_by_id=publisher,
            )
        )
        report.published_at = report.published_at or now
        report.embargo_until = embargo_until
        report.submitted_at = None
        session.flush()
        chain.record(
            session,
            "report.published",
            actor.label,
            f"report:{report.slug}",
            edition=number,
            sha256=rules.sha256(content),
        )
        return number


def refuse_untrue(report_id: int) -> None:
    """Raise PublicationRefused unless every sentence follows from confirmed comments, recomputed now."""
    report = db.session.get(Report, report_id)
    if report is None:
        raise NotFound
    if problems := document.problems(report):
        raise PublicationRefused(problems)


def _report(session: Session, report_id: int, seen_revision: int) -> Report:
    report = session.get(Report, report_id, with_for_update=True)
    if report is None:
        raise NotFound
    if report.revision != seen_revision:
        raise StaleVersion
    return report


def _person(actor: Actor) -> int:
    if actor.staff_id is None:
        raise NotAllowed
    return actor.staff_id
