"""Reports of the demo city, made by the acts of its staff: analysed, named, masked, written, published. See `seeds.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from analysis.reports.models import Report
from analysis.reports.publishing import actions as publishing
from analysis.reports.publishing.document import findings_of
from analysis.reports.runs import actions as runs
from analysis.reports.runs.queries import RunView, Topic, latest_done, run_view, texts_of
from civic.activities import queries, reviews
from civic.activities.models import Activity
from civic.activities.reviews import Verdict
from civic.db import db
from civic.features import SourceText
from civic.identity import seeds as people
from civic.jobs.child import perform_due

DESK: Final = tomllib.loads((Path(__file__).parent / "seeds.toml").read_text(encoding="utf-8"))
SHOWN: Final = 3
"""How many references and sentences the seed's document names."""


def reports() -> dict[str, Any]:
    """Publish one report and begin another; this room's part of the seed's document."""
    activity = queries.activity_by_slug(DESK["survey"])
    view = analyse(activity)
    confirm_masks(activity, view)
    published = publish(activity, view, DESK["report"])
    begun = begin(DESK["begun"])
    return {
        "objects": {
            "reports": [{"slug": published.slug, "state": "published"}, {"slug": begun.slug, "state": "draft"}],
            "ids": {
                "slug": [published.slug, begun.slug],
                "number": sorted({view.run.number, *(finding.id for finding in findings_of(published)[:SHOWN])}),
                "topic": [topic.id for topic in view.topics],
                "ref": [text.ref for text in texts_of(activity)[:SHOWN]],
            },
        }
    }


def analyse(activity: Activity) -> RunView:
    """Run the analysis of the question and name those topics a person has better words for."""
    analyst = people.actor(DESK["analyst"])
    run_id = runs.request_run(activity.id, DESK["question"], analyst, topics=DESK["topics"])
    perform_due()
    for topic_id, name in names_of(newest(activity).topics).items():
        runs.name_topic(run_id, topic_id, name, analyst)
    return newest(activity)


def names_of(topics: Sequence[Topic]) -> dict[str, str]:
    """A name for each topic that one of the words speaks of, by topic id; no name twice."""
    found: dict[str, str] = {}
    for word, name in DESK["names"].items():
        spoken = [one for one in topics if word in one.keywords and one.id not in found and not one.residual]
        if spoken:
            found[min(spoken, key=lambda one: list(one.keywords).index(word)).id] = name
    return found


def newest(activity: Activity) -> RunView:
    db.session.rollback()
    return run_view(latest_done(activity.id, DESK["question"])[0])


def confirm_masks(activity: Activity, view: RunView) -> None:
    """Let the moderator look at every text of the survey and agree to what the analysis proposes to mask."""
    verdicts = [
        Verdict(text.ref, text.text, tuple((span[0], span[1]) for span in view.proposed_masks.get(text.ref, ())))
        for text in texts_of(activity)
    ]
    reviews.review_texts(activity.id, verdicts, people.actor(DESK["moderator"]))


def publish(activity: Activity, view: RunView, written: Mapping[str, Any]) -> Report:
    """Write the report and let the second person publish it."""
    analyst = people.actor(DESK["analyst"])
    report_id = publishing.create_report(
        analyst,
        project_id=activity.project_id,
        slug=written["slug"],
        title=written["title"],
        activity_ids=[activity.id],
    )
    publishing.edit_texts(
        report_id,
        revision(report_id),
        analyst,
        title=written["title"],
        lead=stripped(written["lead"]),
        limits=written["limits"],
    )
    texts = texts_of(activity)
    for sentence in written["sentences"]:
        words = {language: text for language, text in sentence.items() if language != "sources"}
        if sources := refs_with(texts, sentence["sources"]):
            publishing.add_sentence(
                report_id, revision(report_id), analyst, sentence=words, sources=sources, run_id=view.run.id, topic=None
            )
    for finding in findings_of(found(report_id)):
        if any(words in finding.sentence["ja"] for words in written["left_out"]):
            publishing.leave_out(report_id, revision(report_id), finding.id, True, analyst)
    publishing.submit(report_id, revision(report_id), analyst)
    publishing.publish(report_id, revision(report_id), people.actor(DESK["approver"]))
    return found(report_id)


def stripped(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text.strip() for language, text in texts.items()}


def refs_with(texts: Sequence[SourceText], phrases: Sequence[str]) -> list[str]:
    """The texts of the question in which one of the phrases stands."""
    asked = (text for text in texts if text.question == DESK["question"])
    return [text.ref for text in asked if any(phrase in text.text for phrase in phrases)]


def begin(written: Mapping[str, Any]) -> Report:
    """A report somebody has only begun."""
    activity = queries.activity_by_slug(written["survey"])
    report_id = publishing.create_report(
        people.actor(DESK["analyst"]),
        project_id=activity.project_id,
        slug=written["slug"],
        title=written["title"],
        activity_ids=[activity.id],
    )
    return found(report_id)


def revision(report_id: int) -> int:
    return found(report_id).revision


def found(report_id: int) -> Report:
    db.session.rollback()
    return db.session.get_one(Report, report_id)


SEEDS: Final = {"demo": reports, "audit": reports}
