"""The judge: every sentence is held against the comments and tables anew; nothing it stores is believed."""

from collections.abc import Callable, Mapping, Sequence

from analysis.evidence.claims import NoFigure, form_of, work_out
from analysis.evidence.facts import Facts, facts_of
from analysis.evidence.records import Comments, Failure, Fault, Sentence, Tables, Why
from analysis.evidence.stating import why_statement_fails


def verify(summary: Sequence[Sentence], comments: Comments | Facts, tables: Tables | None = None) -> list[Failure]:
    """Recompute every sentence from `comments` and `tables` and name those that do not hold, each with its first fault.

    Raises ValueError when a table has the id of a comment.
    """
    facts = facts_of(comments, tables or {})
    failures = []
    for index, sentence in enumerate(summary):
        why = why_it_fails(sentence, facts)
        if why is not None:
            failures.append(Failure(index, *why))
    return failures


def why_it_fails(sentence: Sentence, facts: Facts) -> Why:
    """The first fault of one sentence, None when it holds."""
    check = _CHECKS.get(sentence.kind)
    if check is None:
        return Fault.MALFORMED, f"There is no kind of sentence {sentence.kind}."
    return check(sentence, facts)


def why_quote_fails(sentence: Sentence, facts: Facts) -> Why:
    """A quote is the substring of its one source at its one span, outside every mask."""
    if sentence.query is not None or sentence.wordings is not None or sentence.claims or len(sentence.spans) != 1:
        return Fault.MALFORMED, "A quote has exactly one span and no query."
    comment_id, start, end = sentence.spans[0]
    if sentence.sources != (comment_id,):
        return Fault.OTHER_SOURCES, "A quote rests on the one comment its span names."
    source = facts.comments.get(comment_id)
    if source is None:
        return Fault.MISSING_SOURCE, f"Its source {comment_id} is missing."
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(source.text):
        return Fault.NOT_EXACT, f"Comment {comment_id} has no span {start}–{end}."
    if source.text[start:end] != sentence.sentence:
        return Fault.NOT_EXACT, f"Its words are not those of comment {comment_id} at {start}–{end}."
    if any(start < mask_end and mask_start < end for mask_start, mask_end in source.masks):
        return Fault.MASKED, f"It shows masked text of comment {comment_id}."
    return None


def why_claim_fails(sentence: Sentence, facts: Facts) -> Why:
    """A computed sentence is what its query gives now: the same sources, figures and words."""
    query = sentence.query
    if query is None or sentence.spans or sentence.claims:
        return Fault.MALFORMED, "A computed sentence has a query, no span and no further claim."
    if not isinstance(query, Mapping) or form_of(query) is None:
        return Fault.UNKNOWN_CLAIM, "Its query is no known claim with all it needs and nothing more."
    missing = next((one for one in sentence.sources if one not in facts), None)
    if missing is not None:
        return Fault.MISSING_SOURCE, f"Its source {missing} is missing."
    try:
        again = work_out(query, facts)
    except NoFigure as reason:
        return Fault.NO_FIGURE, str(reason)
    if not again.sources:
        return Fault.NO_SOURCE, "It rests on nothing: no comment is what its query selects."
    if sentence.sources != again.sources and sorted(sentence.sources) != sorted(again.sources):
        return Fault.OTHER_SOURCES, "It does not rest on the comments its query selects."
    if query != again.query:
        return Fault.LOOSE_QUERY, "Its query says what has no effect on the sentence: compute it anew."
    wordings = again.wordings()
    if sentence.sentence not in wordings.values() or sentence.wordings not in (None, wordings):
        return Fault.WRONG_FIGURE, "Its figures are not what its query gives."
    return None


_CHECKS: Mapping[str, Callable[[Sentence, Facts], Why]] = {
    "quote": why_quote_fails,
    "computed": why_claim_fails,
    "stated": why_statement_fails,
}
