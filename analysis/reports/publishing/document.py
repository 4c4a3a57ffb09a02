"""A report's content as one JSON document: what is published, hashed, kept, and read by every page and file."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from analysis.evidence import Comments
from analysis.reports import rules
from analysis.reports.masked_words import Words
from analysis.reports.models import Finding, Report, ReportActivity, ReportRun, Run
from analysis.reports.publishing import checking
from analysis.reports.publishing.ordering import published_ids, sentences_in_order, topics_in_order
from analysis.reports.runs.queries import RunView, run_view, texts_of
from civic.activities import reviews
from civic.activities.models import Activity, ParticipationCount, TextReview
from civic.activities.states import ParticipationState
from civic.db import db
from civic.features import Source, SourceText, house
from civic.messages import Message
from civic.opendata import queries as opendata
from civic.opendata.releasing import policy

VERSION = 1
QUOTES_PER_TOPIC = 3
MINORITY_SHOWN = 12


def findings_of(report: Report) -> list[Finding]:
    """The sentences of a draft that are not left out, in their order: people's own first."""
    return [finding for finding in all_findings_of(report) if not finding.left_out]


def all_findings_of(report: Report) -> list[Finding]:
    """The sentences of a draft with those left out, in the order in which they are numbered and published."""
    findings = db.session.scalars(sa.select(Finding).where(Finding.report_id == report.id))
    return sentences_in_order(findings, map(run_view, runs_of(report)))


def activities_of(report: Report) -> list[Activity]:
    return list(
        db.session.scalars(
            sa.select(Activity)
            .join(ReportActivity, ReportActivity.activity_id == Activity.id)
            .where(ReportActivity.report_id == report.id)
            .order_by(ReportActivity.position)
        )
    )


def runs_of(report: Report) -> list[Run]:
    return list(
        db.session.scalars(
            sa.select(Run)
            .join(ReportRun, ReportRun.run_id == Run.id)
            .where(ReportRun.report_id == report.id, Run.output.is_not(None))
            .order_by(ReportRun.position)
        )
    )


def resolve(refs: Iterable[str]) -> dict[str, Source]:
    """What may be shown of each text now, asked of the feature that owns it."""
    found: dict[str, Source] = {}
    wanted = sorted(set(refs))
    for room in house().rooms:
        if room.resolve and room.activity:
            own = [ref for ref in wanted if ref.startswith(f"{room.activity.kind}:")]
            found |= room.resolve(own) if own else {}
    return found


def refs_by_number(report: Report) -> dict[str, str]:
    """The refs of the texts a report may rest on, by the numbers people speak of them by; the first where two are equal."""
    found: dict[str, str] = {}
    for activity in activities_of(report):
        for text in texts_of(activity):
            found.setdefault(text.shown_number, text.ref)
    return found


def texts_and_reviews(run: Run) -> tuple[list[SourceText], Mapping[str, TextReview]]:
    """The visible texts of a run's question and what people decided about them."""
    texts = [text for text in texts_of(run.activity) if text.question == run.question]
    return texts, reviews.reviews_of([text.ref for text in texts])


def comments_of(run: Run) -> Comments:
    """A run's comments as they and their masks are now."""
    return checking.comments_of(run, *texts_and_reviews(run))


def problems(report: Report) -> list[Message]:
    """Everything that stands against publishing the draft, recomputed from the comments."""
    findings = findings_of(report)
    runs = runs_of(report)
    gathered = {run.id: texts_and_reviews(run) for run in runs}
    found = checking.Evidence(
        sources=resolve(ref for finding in findings for ref in finding.sources),
        comments={run.id: checking.comments_of(run, *gathered[run.id]) for run in runs},
        sizes={run.id: run.sizes or {} for run in runs},
        minimum=policy().minimum_cell,
        unread=[found for run in runs for found in checking.unread_topics(run_view(run), *gathered[run.id])],
    )
    return [*unreleased(report), *checking.publication_problems(findings, found)]


def unreleased(report: Report) -> list[Message]:
    """Activities whose final figures are still to come: an edition without them would say that too few answered."""
    return [
        Message(checking.NOT_RELEASED, {"title": activity.title["ja"]})
        for activity in activities_of(report)
        if waits_for_figures(activity)
    ]


def waits_for_figures(activity: Activity) -> bool:
    """Whether the release after the close has not been made, of what has figures at all."""
    newest = opendata.newest(activity.id)
    datasets = house().of(activity).datasets
    return not (newest and newest.final) and datasets is not None and bool(datasets(activity))


def build(report: Report, at: datetime) -> dict[str, Any]:
    """The document of the draft as it is now. Texts are named by ref only: what may be shown of one can change."""
    activities = activities_of(report)
    findings = findings_of(report)
    views = [run_view(run) for run in runs_of(report)]
    ids = {(view.run.id, topic): shown for view in views for topic, shown in published_ids(view).items()}
    return {
        "version": VERSION,
        "slug": report.slug,
        "published_at": at.isoformat(timespec="seconds"),
        "title": report.title,
        "lead": report.lead,
        "limits": report.limits,
        "project": {"slug": report.project.slug, "title": report.project.title},
        "department": report.project.department.name,
        "activities": [activity_part(activity) for activity in activities],
        "runs": [run_part(view, findings) for view in views],
        "findings": [finding_part(number, finding, ids) for number, finding in enumerate(findings, 1)],
    }


def received_days(activity: Activity) -> list[str] | None:
    """First and last day (ISO) on which counted answers were received, for what was collected elsewhere; else None."""
    if not activity.collected_elsewhere:
        return None
    first, last = db.session.execute(
        sa.select(sa.func.min(ParticipationCount.day), sa.func.max(ParticipationCount.day)).where(
            ParticipationCount.activity_id == activity.id,
            ParticipationCount.state == ParticipationState.COUNTED,
            ParticipationCount.count > 0,
        )
    ).one()
    return [first.isoformat(), last.isoformat()] if first else None


def activity_part(activity: Activity) -> dict[str, Any]:
    """What was asked of whom, when and how, with its released tables and their words."""
    captions = house().of(activity).captions
    return {
        "kind": activity.kind,
        "slug": activity.slug,
        "title": activity.title,
        "summary": activity.summary,
        "eligibility": activity.eligibility,
        "contact": activity.contact,
        "starts_at": activity.starts_at.isoformat() if activity.starts_at else None,
        "ends_at": activity.ends_at.isoformat() if activity.ends_at else None,
        "received": received_days(activity),
        "channels": activity.channels,
        "identity_level": activity.identity_level,
        "once_per_person": activity.once_per_person,
        "tables": opendata.released(activity),
        "captions": {
            name: {"text": caption.text, "categories": caption.categories, "look": caption.look}
            for name, caption in (captions(activity) if captions else {}).items()
        },
    }


def run_part(view: RunView, findings: Sequence[Finding]) -> dict[str, Any]:
    """The topics of one question: names, sizes after disclosure control, quotes by ref, minority by ref."""
    asked = next((text.asked for text in texts_of(view.run.activity) if text.question == view.run.question), {})
    numbers = {finding.id: number for number, finding in enumerate(findings, 1)}
    sizes = view.run.sizes or {}
    words = Words(comments_of(view.run), policy().minimum_cell)
    language = view.run.parameters["language"]
    ids = published_ids(view)
    return {
        "activity": view.run.activity.slug,
        "question": view.run.question,
        "asked": asked,
        "number": view.run.number,
        "parameters": view.run.parameters,
        "input_sha256": view.run.input_digest,
        "assigned_share": rules.released_share(view.output["coverage"]["assigned_share"], sizes.get(""), words.common),
        "texts": sizes.get(""),
        "topics": [
            {
                "id": ids[topic.id],
                "parent": ids[topic.parent] if topic.parent else None,
                "residual": topic.residual,
                "label": topic.label if topic.named else words.label(topic.label, topic.keywords, language),
                "named_by": "person" if topic.named else "machine",
                "size": sizes.get(topic.id),
                "stability": round(topic.stability, 2),  # more digits would tell of how many texts it is the share
                "keywords": words.shown(topic.keywords),
                "quotes": [] if topic.residual else unquoted(topic.representatives, findings),
                "findings": [
                    numbers[finding.id]
                    for finding in findings
                    if finding.run_id == view.run.id and finding.topic == topic.id
                ],
            }
            for topic in topics_in_order(view)
        ],
        "minority": list(view.output["minority"][:MINORITY_SHOWN]),
    }


def unquoted(refs: Sequence[str], findings: Sequence[Finding]) -> list[str]:
    """The first few representative comments that no sentence quotes already."""
    quoted = {ref for finding in findings if finding.kind == "quote" for ref in finding.sources}
    return [ref for ref in refs if ref not in quoted][:QUOTES_PER_TOPIC]


def finding_part(number: int, finding: Finding, ids: Mapping[tuple[int, str], str]) -> dict[str, Any]:
    """A sentence; `ids` gives the published id of a topic by its run and its id there."""
    topic = ids.get((finding.run_id or 0, finding.topic or ""))
    query = finding.query
    return {
        "number": number,
        "kind": finding.kind,
        "origin": finding.origin.value,
        "topic": topic,
        "sentence": finding.sentence if finding.kind != "quote" else {},
        "query": {**query, "topic": topic} if query and "topic" in query else query,
        "sources": finding.sources,
        "spans": finding.spans,
    }
