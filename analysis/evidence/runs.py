"""A whole topics run as published, held against the comments it was made of.

Besides the sentences: that every comment is placed once, that sizes and shares are those of the assignments, that every
list names comments there are, that a sentence speaks of the topic it stands under, and that no quote shows what masking
finds, whatever the run says is masked.
What is taken from the run is only which comment lies in which topic: that is its finding.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from analysis.evidence.checking import why_it_fails
from analysis.evidence.facts import Facts
from analysis.evidence.records import Failure, Fault, Sentence, Source, Tables
from analysis.evidence.stating import Judged, judged
from analysis.lexicon import LANGUAGES, Lexicon, lexicon
from analysis.published import NotARun
from analysis.reading import overlaps, read
from analysis.text import Comment, Span

_DIGITS = 6

Run = Mapping[str, Any]


def verify_run(run: Run, comments: Sequence[Comment]) -> list[Failure]:
    """What does not hold in a published run ("Analysis output (version 1)") of these comments. Raises NotARun."""
    try:
        return list(_failures(run, comments))
    except KeyError as error:
        raise NotARun(f"It lacks {error}.") from error
    except (TypeError, ValueError, AttributeError, IndexError) as error:
        raise NotARun("Something in it has another form than topics writes.") from error


def facts_of_run(
    run: Run,
    comments: Sequence[Comment],
    tables: Tables | None = None,
    authors: Sequence[str | None] = (),
    waves: Sequence[str | None] = (),
) -> Facts:
    """The comments as evidence: text as received, the run's masks and topics; author and wave of each where they are given.

    Raises ValueError when a table has the id of a comment.
    """
    by, written_in = (list(known) or [None] * len(comments) for known in (authors, waves))
    topics = {each["id"]: each["topic"] for each in run["assignments"]}
    masks = {each["id"]: tuple((start, end) for start, end in each["spans"]) for each in run["masked"]}
    sources = {
        one.id: Source(one.text, masks.get(one.id, ()), topics.get(one.id), author, wave)
        for one, author, wave in zip(comments, by, written_in, strict=True)
    }
    return Facts(sources, tables or {})


def held(items: Sequence[Any], facts: Facts, language: str) -> list[Judged]:
    """Sentences of any kind, as a summary or a person writes them, each with what is against it.

    Quotes and computed sentences are recomputed, and a quote may not show what masking finds now; all others are judged as
    sentences from elsewhere.
    """
    found = []
    for index, item in enumerate(items):
        if isinstance(item, Mapping) and item.get("kind") in ("quote", "computed"):
            found.append(_recomputed(index, item, facts, lexicon(language)))
        else:
            [one] = judged([item], facts)
            found.append(Judged(one.sentence, tuple(replace(each, index=index) for each in one.failures)))
    return found


def _recomputed(index: int, item: Mapping[str, Any], facts: Facts, words: Lexicon) -> Judged:
    try:
        sentence = sentence_of({"spans": (), "query": None, "wordings": None, **item})
        why = why_it_fails(sentence, facts) or _why_personal(sentence, facts, words)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        sentence = Sentence(str(item), "stated", ())
        lacks = f"It lacks {error}." if isinstance(error, KeyError) else "It has not the form that topics writes."
        why = Fault.MALFORMED, lacks
    return Judged(sentence, (Failure(index, *why),) if why else ())


def sentence_of(item: Mapping[str, Any]) -> Sentence:
    """A sentence as the format writes it."""
    return Sentence(
        item["sentence"],
        item["kind"],
        tuple(item["sources"]),
        tuple((comment_id, start, end) for comment_id, start, end in item["spans"]),
        item["query"],
        item["wordings"],
    )


def _failures(run: Run, comments: Sequence[Comment]) -> Iterator[Failure]:
    if run["version"] != 1 or run["language"] not in LANGUAGES:
        raise NotARun("It is not version 1 in ja or en.")
    yield from _placement(run, comments)
    facts = facts_of_run(run, comments)
    words = lexicon(run["language"])
    if run["documents"] != len(comments):
        yield Failure(None, Fault.WRONG_FIGURE, f"It counts {run['documents']} comments of {len(comments)}.")
    yield from _coverage(run, facts)
    yield from _lists(run, facts)
    for topic in run["topics"]:
        parts = {each["id"] for each in run["topics"] if each["parent"] == topic["id"]}
        yield from _sizes(topic, parts, facts)
        for one in topic["representatives"]:
            if one not in facts.comments or facts.comments[one].topic not in {topic["id"], *parts}:
                yield Failure(None, Fault.OTHER_TOPIC, f"Comment {one} represents it and is not of it.", topic["id"])
        for index, item in enumerate(topic["summary"]):
            sentence = sentence_of(item)
            why = why_it_fails(sentence, facts) or _why_misplaced(sentence, topic, parts, facts)
            why = why or _why_personal(sentence, facts, words)
            if why:
                yield Failure(index, *why, topic["id"])


def _placement(run: Run, comments: Sequence[Comment]) -> Iterator[Failure]:
    placed = [each["id"] for each in run["assignments"]]
    given = {one.id for one in comments}
    for one in sorted(given - set(placed)):
        yield Failure(None, Fault.MISSING_SOURCE, f"Comment {one} is not in the run.")
    for one in sorted(set(placed) - given):
        yield Failure(None, Fault.MISSING_SOURCE, f"Comment {one} of the run is not in the file.")
    if len(set(placed)) < len(placed):
        yield Failure(None, Fault.MALFORMED, "A comment is placed twice.")


def _coverage(run: Run, facts: Facts) -> Iterator[Failure]:
    """Empty comments, and the share of the others that lie in the core of a topic."""
    written = facts.written[None]
    empty = len(facts.comments) - written
    if run["parameters"]["empty"] != empty:
        yield Failure(
            None, Fault.WRONG_FIGURE, f"It counts {run['parameters']['empty']} empty comments; {empty} are empty."
        )
    proper = {topic["id"] for topic in run["topics"] if topic["kind"] == "topic"}
    core = sum(each["place"] == "core" and each["topic"] in proper for each in run["assignments"])
    share = round(core / max(written, 1), _DIGITS)
    said = run["coverage"]["assigned_share"]
    if round(said, _DIGITS) != share:
        yield Failure(None, Fault.WRONG_FIGURE, f"It says a share of {said} in the core of topics; it is {share}.")


def _lists(run: Run, facts: Facts) -> Iterator[Failure]:
    """Comments that are listed as copies, as a minority or with masks are there, and masks lie within them."""
    listed = [*run["minority"], *(each["id"] for each in run["masked"])]
    for each in run["duplicates"]:
        listed += each["members"]
        if each["representative"] not in each["members"]:
            yield Failure(None, Fault.MALFORMED, f"{each['representative']} is not among the copies it stands for.")
    for one in sorted(set(listed) - facts.comments.keys()):
        yield Failure(None, Fault.MISSING_SOURCE, f"Comment {one}, which the run lists, is not in the file.")
    for each in run["masked"]:
        if each["id"] in facts.comments and any(end > len(facts.comments[each["id"]].text) for _, end in each["spans"]):
            yield Failure(None, Fault.NOT_EXACT, f"A mask of comment {each['id']} lies outside of it.")


def _sizes(topic: Mapping[str, Any], parts: set[str], facts: Facts) -> Iterator[Failure]:
    size = len(facts.members({topic["id"], *parts}))
    share = round(size / max(facts.written[None], 1), _DIGITS)
    if topic["size"] != size:
        said = f"It says {topic['size']} comments; {size} are assigned to it."
        yield Failure(None, Fault.WRONG_FIGURE, said, topic["id"])
    elif topic["share"] != share:
        said = f"It says a share of {topic['share']}; it is {share}."
        yield Failure(None, Fault.WRONG_FIGURE, said, topic["id"])


def _why_misplaced(
    sentence: Sentence, topic: Mapping[str, Any], parts: set[str], facts: Facts
) -> tuple[Fault, str] | None:
    """Whether a true sentence stands under a topic it does not speak of."""
    if sentence.query is not None:
        held = {part for part in parts if facts.has_topic(part)}
        if sentence.query.get("topic") != topic["id"] or set(sentence.query.get("parts", ())) != held:
            return Fault.OTHER_TOPIC, "It speaks of another topic, or not of all of this one."
    elif any(facts.comments[one].topic not in {topic["id"], *parts} for one in sentence.sources):
        return Fault.OTHER_TOPIC, "It quotes a comment of another topic."
    return None


def _why_personal(sentence: Sentence, facts: Facts, words: Lexicon) -> tuple[Fault, str] | None:
    """Whether a quote shows personal data that masking finds now."""
    for comment_id, start, end in sentence.spans:
        reading = read(Comment(comment_id, facts.comments[comment_id].text), words)
        masks: list[Span] = [mask.span for mask in reading.masks]
        if overlaps((start, end), masks):
            return Fault.MASKED, f"It shows personal data of comment {comment_id} that the run does not mask."
    return None
