"""The sentences a draft takes over from a run: only what may be published, from the comments as they are now."""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis import evidence
from analysis.evidence import Comments, Sentence
from analysis.reports import rules
from analysis.reports.masked_words import Words
from analysis.reports.models import Finding, Origin
from analysis.reports.runs.queries import RunView, Topic


def machine_findings(view: RunView, comments: Comments, minimum: int) -> list[Finding]:
    """Quotes that touch no mask, and figures that are released, recomputed from `comments` outside their masks.

    `minimum` is the smallest cell: a smaller number, or one of a topic whose size is suppressed, stays in the staff area.
    """
    words = Words(comments, minimum)
    sizes = view.run.sizes or {}
    return [
        finding(view.run.id, topic.id, said)
        for topic in view.topics
        if not topic.residual
        for said in (*figures(topic, comments, words, sizes), *quotes(topic))
        if said.sources and not evidence.verify([said], comments)
    ]


def figures(topic: Topic, comments: Comments, words: Words, sizes: Mapping[str, int | None]) -> Iterator[Sentence]:
    """The computed sentences of a topic as they are now, without words a mask hides."""
    for stored in topic.summary:
        query = stored["query"]
        if stored["kind"] == "computed" and not rules.tells_hidden_size(query, sizes):
            shown = {**query, "words": words.shown(query["words"])} if "words" in query else query
            said = evidence.computed(shown, comments, "ja")
            if not rules.shows_small_number(said.sentence, words.common):
                yield said


def quotes(topic: Topic) -> Iterator[Sentence]:
    for stored in topic.summary:
        if stored["kind"] == "quote":
            ref, start, end = stored["spans"][0]
            yield Sentence(stored["sentence"], "quote", tuple(stored["sources"]), ((ref, start, end),))


def finding(run_id: int, topic: str, said: Sentence) -> Finding:
    query: Mapping[str, Any] | None = said.query
    return Finding(
        run_id=run_id,
        topic=topic,
        kind=said.kind,
        query=dict(query) if query else None,
        sentence=dict(said.wordings or {"ja": said.sentence}),
        sources=list(said.sources),
        spans=[list(span) for span in said.spans],
        origin=Origin.MACHINE,
    )
