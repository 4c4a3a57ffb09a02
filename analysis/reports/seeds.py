"""Reports of the demo city, made by the acts of its staff: analysed, named, masked, written, published. See `seeds.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from analysis.reports.models import Report
from analysis.reports.publishing import actions as publishing
from analysis.reports.publishing.document import findings_of
from analysis.reports.runs import actions as runs
from analysis.reports.runs.queries import RunView, Topic, latest_done, run_view, texts_of
from civic import clock
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
    """Publish two reports, one under embargo, and begin another; this room's part of the seed's document."""
    shares = [publish_one(written) for written in DESK["reports"]]
    slug = begin(DESK["begun"])
    return {
        "objects": {
            "reports": [*(one.state for one in shares), {"slug": slug, "state": "draft"}],
            "ids": {
                "slug": [*(one.state["slug"] for one in shares), slug],
                "number": sorted({number for one in shares for number in one.numbers}),
                "topic": sorted({topic for one in shares for topic in one.topics}),
                "ref": [ref for one in shares for ref in one.refs],
            },
        }
    }


@dataclass(frozen=True)
class Share:
    """What the seed's document tells of one published report."""

    state: dict[str, str]
    numbers: Sequence[int]
    topics: Sequence[str]
    refs: Sequence[str]


def publish_one(written: Mapping[str, Any]) -> Share:
    """Take the comments of one survey all the way to a published report."""
    activity = queries.activity_by_slug(written["survey"])
    view = analyse(activity, written)
    confirm_masks(activity, view, written["masked"])
    report_id = write(activity, view, written)
    embargo = embargo_of(written)
    publishing.publish(report_id, revision(report_id), people.actor(DESK["approver"]), embargo)
    return Share(
        {"slug": written["slug"], "state": "embargoed" if embargo else "published"},
        [view.run.number, *(finding.id for finding in findings_of(found(report_id))[:SHOWN])],
        [topic.id for topic in view.topics],
        [text.ref for text in texts_of(activity)[:SHOWN]],
    )


def embargo_of(written: Mapping[str, Any]) -> datetime | None:
    """Nine in the morning of the day from which residents read the report; None for at once."""
    if "embargo_days" not in written:
        return None
    return datetime.combine(clock.today() + timedelta(days=written["embargo_days"]), time(9), clock.TOKYO)


def analyse(activity: Activity, written: Mapping[str, Any]) -> RunView:
    """Run the analysis of the question and name those topics a person has better words for."""
    analyst = people.actor(DESK["analyst"])
    run_id = runs.request_run(activity.id, written["question"], analyst, topics=written.get("topics"))
    perform_due()
    for topic_id, name in names_of(newest(activity).topics, written["names"]).items():
        runs.name_topic(run_id, topic_id, name, analyst)
    return newest(activity)


def names_of(topics: Sequence[Topic], names: Mapping[str, str]) -> dict[str, str]:
    """A name for each topic that one of the words speaks of, by topic id; no name twice."""
    named: dict[str, str] = {}
    for word, name in names.items():
        spoken = [one for one in topics if word in one.keywords and one.id not in named and not one.residual]
        if spoken:
            named[min(spoken, key=lambda one: list(one.keywords).index(word)).id] = name
    return named


def newest(activity: Activity) -> RunView:
    db.session.rollback()
    return run_view(latest_done(activity.id)[0])


def confirm_masks(activity: Activity, view: RunView, phrases: Sequence[str]) -> None:
    """Let the moderator look at every text of the survey: she agrees to what the analysis would mask, and adds phrases."""
    verdicts = [
        Verdict(text.ref, text.text, (*proposed(view, text.ref), *places(text.text, phrases)))
        for text in texts_of(activity)
    ]
    reviews.review_texts(activity.id, verdicts, people.actor(DESK["moderator"]))


def proposed(view: RunView, ref: str) -> list[tuple[int, int]]:
    return [(span[0], span[1]) for span in view.proposed_masks.get(ref, ())]


def places(text: str, phrases: Sequence[str]) -> list[tuple[int, int]]:
    return [(text.index(phrase), text.index(phrase) + len(phrase)) for phrase in phrases if phrase in text]


def write(activity: Activity, view: RunView, written: Mapping[str, Any]) -> int:
    """Write the report and hand it to the second person; its id."""
    analyst = people.actor(DESK["analyst"])
    report_id = create(written, activity)
    publishing.edit_texts(
        report_id,
        revision(report_id),
        analyst,
        title=written["title"],
        lead=stripped(written["lead"]),
        limits=written["limits"],
    )
    texts = [text for text in texts_of(activity) if text.question == written["question"]]
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
    return report_id


def begin(written: Mapping[str, Any]) -> str:
    """A report somebody has only begun; its address."""
    create(written, queries.activity_by_slug(written["survey"]))
    return str(written["slug"])


def create(written: Mapping[str, Any], activity: Activity) -> int:
    return publishing.create_report(
        people.actor(DESK["analyst"]),
        project_id=activity.project_id,
        slug=written["slug"],
        title=written["title"],
        activity_ids=[activity.id],
    )


def stripped(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text.strip() for language, text in texts.items()}


def refs_with(texts: Sequence[SourceText], phrases: Sequence[str]) -> list[str]:
    """The texts in which one of the phrases stands."""
    return [text.ref for text in texts if any(phrase in text.text for phrase in phrases)]


def revision(report_id: int) -> int:
    return found(report_id).revision


def found(report_id: int) -> Report:
    db.session.rollback()
    return db.session.get_one(Report, report_id)


SEEDS: Final = {"demo": reports, "audit": reports}
