"""What the report pages need: the draft at the staff desk, and the published edition as council and residents read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from analysis.reports import rules
from analysis.reports.models import Edition, Finding, Report, ReportActivity
from analysis.reports.publishing import document
from analysis.reports.runs.queries import run_view
from civic import clock
from civic.activities.models import Activity, Project
from civic.db import db
from civic.features import Source
from civic.identity import access
from civic.messages import Message
from civic.refusals import NotFound

# -- at the staff desk ------------------------------------------------------------------------------------------------


def report_for(slug: str, permission: str) -> Report:
    """The report, if the signed-in account holds `permission` in its project's department."""
    report = db.session.scalar(sa.select(Report).options(joinedload(Report.project)).where(Report.slug == slug))
    if report is None:
        raise NotFound
    access.require(permission, report.project.department_id)
    return report


def reports() -> list[Report]:
    """Reports of this account's departments, newest first."""
    departments = access.departments("report.read")
    statement = sa.select(Report).options(joinedload(Report.project)).order_by(Report.created_at.desc())
    if departments is not None:
        statement = statement.join(Report.project).where(Project.department_id.in_(departments))
    return list(db.session.scalars(statement))


@dataclass(frozen=True)
class ProjectChoice:
    project: Project
    activities: Sequence[Activity]


def choices() -> list[ProjectChoice]:
    """Projects with activities that have closed, for a new report."""
    departments = access.departments("report.write")
    statement = (
        sa.select(Activity)
        .options(joinedload(Activity.project))
        .where(Activity.closed_at.is_not(None))
        .order_by(Activity.id)
    )
    if departments is not None:
        statement = statement.where(Activity.department_id.in_(departments))
    by_project: dict[int, list[Activity]] = {}
    for activity in db.session.scalars(statement):
        by_project.setdefault(activity.project_id, []).append(activity)
    return [ProjectChoice(activities[0].project, activities) for activities in by_project.values()]


@dataclass(frozen=True)
class DraftTopic:
    """The sentences of a draft about one topic, numbered; `label` is None for those about the whole."""

    label: str | None
    findings: Sequence[tuple[int, Finding]]


@dataclass(frozen=True)
class DraftPage:
    """A draft report: its sentences, those left out, what stands against publishing it, what was published."""

    report: Report
    topics: Sequence[DraftTopic]
    left_out: Sequence[Finding]
    problems: Sequence[Message]
    editions: Sequence[Edition]
    sources: Mapping[str, Source]


def draft_page(slug: str) -> DraftPage:
    """The draft at this address."""
    report = report_for(slug, "report.read")
    rows = document.all_findings_of(report)
    editions = db.session.scalars(
        sa.select(Edition).where(Edition.report_id == report.id).order_by(Edition.number.desc())
    ).all()
    quoted = [ref for finding in rows if finding.kind != "computed" for ref in finding.sources]
    return DraftPage(
        report=report,
        topics=by_topic(report, [row for row in rows if not row.left_out]),
        left_out=[row for row in rows if row.left_out],
        problems=document.problems(report),
        editions=editions,
        sources=document.resolve(quoted),
    )


def by_topic(report: Report, findings: Sequence[Finding]) -> list[DraftTopic]:
    """The sentences in their order, those about one topic together under its name."""
    names = {(run.id, topic.id): topic.label for run in document.runs_of(report) for topic in run_view(run).topics}
    parts = groupby(enumerate(findings, 1), key=lambda one: names.get((one[1].run_id or 0, one[1].topic or "")))
    return [DraftTopic(label, list(numbered)) for label, numbered in parts]


# -- as published -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ListedReport:
    """A published report in a list; `embargo_until` is set while residents cannot read it yet."""

    slug: str
    title: Mapping[str, str]
    project: Mapping[str, str]
    published_at: datetime
    edition: int
    embargo_until: datetime | None


def published(*, residents: bool, activity_id: int | None = None) -> list[ListedReport]:
    """Published reports, newest edition first; for residents without those under embargo."""
    newest = (
        sa.select(Edition.report_id, sa.func.max(Edition.number).label("number")).group_by(Edition.report_id).subquery()
    )
    statement = (
        sa.select(Report, Edition.published_at, Edition.number, Project.title)
        .join(newest, newest.c.report_id == Report.id)
        .join(Edition, sa.and_(Edition.report_id == Report.id, Edition.number == newest.c.number))
        .join(Project, Project.id == Report.project_id)
        .order_by(Edition.published_at.desc(), Report.id)
    )
    if activity_id is not None:
        statement = statement.join(ReportActivity, ReportActivity.report_id == Report.id).where(
            ReportActivity.activity_id == activity_id
        )
    now = clock.now()
    found = []
    for report, published_at, number, project_title in db.session.execute(statement):
        waiting = report.embargo_until if report.embargo_until and report.embargo_until > now else None
        if not (residents and waiting):
            found.append(ListedReport(report.slug, report.title, project_title, published_at, number, waiting))
    return found


@dataclass(frozen=True)
class ReadSentence:
    """One sentence as it may be read now. `words` is None when it was taken back, `since` the day where it is known.

    `partly`: it still counts comments of which some cannot be shown any more.
    """

    number: int
    kind: str
    origin: str
    words: Mapping[str, str] | None
    sources: Sequence[Source]
    state: str
    since: date | None
    partly: bool


@dataclass(frozen=True)
class ReadableReport:
    """A published edition and what may be shown of the comments it rests on, asked anew at every reading."""

    content: Mapping[str, Any]
    sha256: str
    edition: int
    published_at: datetime
    embargo_until: datetime | None
    sources: Mapping[str, Source]

    @cached_property
    def sentences(self) -> Mapping[int, ReadSentence]:
        """The sentences by number."""
        return {part["number"]: self._sentence(part) for part in self.content["findings"]}

    @cached_property
    def as_read_now(self) -> Mapping[str, Any]:
        """The document without the words of sentences that were taken back, whose numbers it names.

        As long as none was, it is the document the hash covers.
        """
        gone = [number for number, sentence in self.sentences.items() if sentence.words is None]
        if not gone:
            return self.content
        findings = [part | {"sentence": {}} if part["number"] in gone else part for part in self.content["findings"]]
        return {**self.content, "findings": findings, "taken_back": gone}

    def _sentence(self, part: Mapping[str, Any]) -> ReadSentence:
        """A quote, or what a person wrote, is taken back with any of its comments; a figure is not."""
        sources = [self.source(ref) for ref in part["sources"]]
        gone = [source for source in sources if source.state != "shown"]
        words: Mapping[str, str] | None = part["sentence"]
        if part["kind"] == "quote":
            words = None if gone else self._quoted(part)
        elif part["kind"] == "person" and gone:
            words = None
        return ReadSentence(
            part["number"],
            part["kind"],
            part["origin"],
            words,
            sources,
            min((source.state for source in gone), default="shown"),
            max((source.since for source in gone if source.since), default=None),
            bool(gone) and words is not None,
        )

    def _quoted(self, part: Mapping[str, Any]) -> Mapping[str, str] | None:
        ref, start, end = part["spans"][0]
        text = self.source(ref).text
        return {"ja": text[start:end]} if text is not None and end <= len(text) else None

    def source(self, ref: str) -> Source:
        """What may be shown of one text."""
        return self.sources.get(ref) or Source(ref, ref, None, "", "missing")

    def shown(self, refs: Sequence[str]) -> list[Source]:
        """Those of `refs` that may be shown now."""
        return [source for ref in refs if (source := self.source(ref)).state == "shown"]

    def speaks(self, topic: Mapping[str, Any], others: Sequence[Mapping[str, Any]] = ()) -> bool:
        """Whether there is anything to read under a topic, or under one of its parts among `others`."""
        parts = [part for part in others if part["parent"] == topic["id"]]
        return bool(topic["findings"] or self.shown(topic["quotes"])) or any(self.speaks(part) for part in parts)

    @cached_property
    def languages(self) -> Mapping[int, str]:
        """The language of each quote, by the sentence's number: that of the run it comes from."""
        return {
            number: run["parameters"]["language"]
            for run in self.content["runs"]
            for topic in run["topics"]
            for number in topic["findings"]
        }

    @cached_property
    def of_topics(self) -> frozenset[int]:
        """Numbers of sentences that stand under a topic; the others stand first."""
        return frozenset(
            number for run in self.content["runs"] for topic in run["topics"] for number in topic["findings"]
        )

    @cached_property
    def leading(self) -> list[ReadSentence]:
        """Sentences about the whole: people's own."""
        return [one for number, one in self.sentences.items() if number not in self.of_topics]


def readable(slug: str, *, residents: bool) -> ReadableReport:
    """The newest edition at this address. Raises NotFound; for residents also while the embargo lasts."""
    row = db.session.execute(
        sa.select(Report, Edition)
        .join(Edition, Edition.report_id == Report.id)
        .where(Report.slug == slug)
        .order_by(Edition.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound
    report, edition = row
    embargo = report.embargo_until if report.embargo_until and report.embargo_until > clock.now() else None
    if residents and embargo:
        raise NotFound
    return ReadableReport(
        edition.document,
        edition.sha256,
        edition.number,
        edition.published_at,
        embargo,
        document.resolve(refs_of(edition.document)),
    )


def refs_of(content: Mapping[str, Any]) -> set[str]:
    """Every text an edition names."""
    refs = {ref for finding in content["findings"] for ref in finding["sources"]}
    for run in content["runs"]:
        refs |= set(run["minority"]) | {ref for topic in run["topics"] for ref in topic["quotes"]}
    return refs


def no_longer_shown() -> list[tuple[Report, int]]:
    """Published reports with how many of their texts have since been hidden or withdrawn, for the tasks of staff."""
    found = []
    for listed in published(residents=False):
        page = readable(listed.slug, residents=False)
        gone = sum(page.source(ref).state != "shown" for ref in refs_of(page.content))
        if gone:
            report = db.session.scalars(
                sa.select(Report).options(joinedload(Report.project)).where(Report.slug == listed.slug)
            ).one()
            found.append((report, gone))
    return found


def preview(report: Report) -> ReadableReport:
    """The draft as readers would see it now."""
    now = clock.now()
    content = document.build(report, now) | {"edition": 0}
    return ReadableReport(content, rules.sha256(content), 0, now, None, document.resolve(refs_of(content)))
