"""In which order a report names topics and sentences: never by a size that is suppressed, which its neighbours bound."""

from collections.abc import Iterable, Mapping

from analysis.reports.models import Finding, Origin
from analysis.reports.runs.queries import RunView, Topic


def topics_in_order(view: RunView) -> list[Topic]:
    """Topics whose size is released as the run has them, by size; after them the others by their words."""
    sizes = view.run.sizes or {}
    hidden = [topic for topic in view.topics if sizes.get(topic.id) is None]
    hidden.sort(key=lambda topic: (topic.label, *topic.keywords, *sorted(topic.representatives)))
    return [*(topic for topic in view.topics if sizes.get(topic.id) is not None), *hidden]


def published_ids(view: RunView) -> Mapping[str, str]:
    """The id a report gives each topic, by its id in the run, in the report's order: the run counts by size."""
    return {topic.id: str(number) for number, topic in enumerate(topics_in_order(view), 1)}


def sentences_in_order(findings: Iterable[Finding], views: Iterable[RunView]) -> list[Finding]:
    """People's own sentences first, then the machine's in the order of the runs and of their topics."""
    topics = [(view.run.id, topic) for view in views for topic in published_ids(view)]
    places = {key: place for place, key in enumerate(topics)}

    def place(finding: Finding) -> tuple[int, int, int]:
        of_machine = finding.origin is Origin.MACHINE
        topic = places.get((finding.run_id or 0, finding.topic or ""), len(places)) if of_machine else -1
        return topic, finding.position, finding.id

    return sorted(findings, key=place)
