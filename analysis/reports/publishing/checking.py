"""What must hold before a report is published, recomputed from the comments themselves."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis import evidence
from analysis.reports import rules
from analysis.reports.models import Finding, Run
from analysis.reports.runs.queries import RunView, is_current, run_view
from civic.activities.models import TextReview
from civic.features import Source, SourceText
from civic.messages import N_, Message

NO_SOURCE = N_("Sentence %(number)s rests on no comment.")
SOURCE_STATE = {
    "missing": N_("Sentence %(number)s rests on a comment that is not there: %(ref)s."),
    "hidden": N_("Sentence %(number)s rests on a hidden comment: %(ref)s."),
    "withdrawn": N_("Sentence %(number)s rests on a withdrawn comment: %(ref)s."),
    "unconfirmed": N_("Sentence %(number)s rests on a comment whose masks nobody has confirmed: %(ref)s."),
}
MORE = N_("Sentence %(number)s: %(count)s more comments are not confirmed.")
NOT_TRUE = N_("Sentence %(number)s does not follow from its comments any more. Take over the newest analysis.")
SMALL = N_("Sentence %(number)s names fewer than five comments. Leave it out.")
HIDDEN_SIZE = N_("Sentence %(number)s tells a number that is suppressed. Leave it out.")
UNREAD = N_("The topic “%(topic)s” holds %(count)s comments whose masks nobody has confirmed.")
NOTHING = N_("The report has no sentence yet.")
NOT_RELEASED = N_("The figures of “%(title)s” are not released yet. Wait until the background work is done.")
SHOWN_PER_SENTENCE = 3


@dataclass(frozen=True)
class Evidence:
    """Everything the check needs: the resolved sources by ref; by run id the comments and the released sizes of topics.

    `minimum` is the smallest cell, `unread` names the topics with texts nobody has confirmed and how many they are.
    """

    sources: Mapping[str, Source]
    comments: Mapping[int, Mapping[str, evidence.Source]]
    sizes: Mapping[int, Mapping[str, int | None]]
    minimum: int
    unread: Sequence[tuple[str, int]] = ()


def publication_problems(findings: Sequence[Finding], found: Evidence) -> list[Message]:
    """Every reason against publishing these sentences, numbered as the page numbers them, and their topics."""
    if not findings:
        return [Message(NOTHING)]
    problems = [
        problem for number, finding in enumerate(findings, 1) for problem in sentence_problems(number, finding, found)
    ]
    return problems + [Message(UNREAD, {"topic": topic, "count": count}) for topic, count in found.unread]


def sentence_problems(number: int, finding: Finding, found: Evidence) -> list[Message]:
    """The reasons against one sentence."""
    if not finding.sources:
        return [Message(NO_SOURCE, {"number": number})]
    problems = source_problems(number, finding, found)
    if finding.kind == "computed":
        problems += figure_problems(number, finding, found)
    if not problems and finding.kind != "person" and not is_true(finding, found):
        problems.append(Message(NOT_TRUE, {"number": number}))
    return problems


def figure_problems(number: int, finding: Finding, found: Evidence) -> list[Message]:
    """Whether a computed sentence gives a number away that disclosure control hides."""
    problems = []
    if rules.shows_small_number(finding.sentence["ja"], found.minimum):
        problems.append(Message(SMALL, {"number": number}))
    if rules.tells_hidden_size(finding.query, found.sizes.get(finding.run_id or 0, {})):
        problems.append(Message(HIDDEN_SIZE, {"number": number}))
    return problems


def source_problems(number: int, finding: Finding, found: Evidence) -> list[Message]:
    """The sources of a sentence that may not be shown; the first few by name, the rest as a count."""
    bad = [
        (ref, state)
        for ref in finding.sources
        if (state := found.sources[ref].state if ref in found.sources else "missing") != "shown"
    ]
    problems = [Message(SOURCE_STATE[state], {"number": number, "ref": ref}) for ref, state in bad[:SHOWN_PER_SENTENCE]]
    if len(bad) > SHOWN_PER_SENTENCE:
        problems.append(Message(MORE, {"number": number, "count": len(bad) - SHOWN_PER_SENTENCE}))
    return problems


def is_true(finding: Finding, found: Evidence) -> bool:
    """Whether a machine's sentence still follows from the comments: quotes exact and unmasked, figures recomputed."""
    if finding.run_id is None or finding.run_id not in found.comments:
        return False
    sentence = evidence.Sentence(
        sentence=finding.sentence["ja"],
        kind="quote" if finding.kind == "quote" else "computed",
        sources=tuple(finding.sources),
        spans=tuple((ref, start, end) for ref, start, end in finding.spans),
        query=finding.query,
        wordings=finding.sentence if finding.kind == "computed" else None,
    )
    return not evidence.verify([sentence], found.comments[finding.run_id])


def comments_of(run: Run, texts: Sequence[SourceText], reviews: Mapping[str, TextReview]) -> dict[str, evidence.Source]:
    """The run's comments as evidence: text as received, confirmed masks (else the run's own), topic."""
    view = run_view(run)
    topics = {ref: place["topic"] for ref, place in view.places.items()}
    return {
        text.ref: evidence.Source(text.text, masks_of(text, reviews, view.proposed_masks), topics.get(text.ref))
        for text in texts
        if text.ref in topics
    }


def masks_of(
    text: SourceText, reviews: Mapping[str, TextReview], proposed: Mapping[str, Sequence[Sequence[int]]]
) -> tuple[tuple[int, int], ...]:
    """The masks a person confirmed for exactly these words, else those the run proposes."""
    review = reviews.get(text.ref)
    spans = review.spans if review is not None and is_current(review, text) else proposed.get(text.ref, ())
    return tuple((span[0], span[1]) for span in spans)


def unread_topics(
    view: RunView, texts: Sequence[SourceText], reviews: Mapping[str, TextReview]
) -> Iterator[tuple[str, int]]:
    """The topics whose words a report would show, with how many of their texts nobody has confirmed, where there are any."""
    waiting = Counter(
        view.places[text.ref]["topic"]
        for text in texts
        if text.ref in view.places and not is_current(reviews.get(text.ref), text)
    )
    for topic in view.topics:
        if waiting[topic.id] and not topic.residual:
            yield topic.label, waiting[topic.id]
