"""The parts of one comment: cutting one out, joining neighbours, and where each part lies afterwards. Pure.

A part is code points `[start, stop)` of the body; `consultations.comments.rules.check_spans` says which go together.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from consultations.comments.rules import Span, SpansClash, check_spans
from consultations.comments.stages import Origin

MOST_PARTS: Final = 300


class Item(NamedTuple):
    """One row of opinion items. `id` is None for one that is still to be stored, `group` None for one that lies in no group."""

    id: int | None
    comment: int
    start: int
    stop: int
    group: int | None
    origin: Origin

    @property
    def span(self) -> Span:
        return Span(self.start, self.stop)


def trimmed(body: str, span: Span) -> Span | None:
    """The span without blanks at its ends; None where nothing else is in it."""
    words = body[span.start : span.stop]
    start = span.start + len(words) - len(words.lstrip())
    stop = start + len(words.strip())
    return Span(start, stop) if start < stop else None


def cut_out(body: str, spans: Sequence[Span], part: Span) -> list[Span]:
    """The spans once `part` is one of its own: what it touched keeps its rest. Raises SpansClash for a part of blanks."""
    middle = trimmed(body, part)
    if middle is None or not 0 <= part.start < part.stop <= len(body):
        raise SpansClash
    found = [middle]
    for span in spans:
        if span.stop <= middle.start or span.start >= middle.stop:
            found.append(span)
            continue
        for rest in (Span(span.start, middle.start), Span(middle.stop, span.stop)):
            if rest.start < rest.stop and (kept := trimmed(body, rest)):
                found.append(kept)
    return checked(found, len(body))


def checked(spans: Sequence[Span], length: int) -> list[Span]:
    """The spans in order; raises SpansClash, also for more parts than anybody can sort."""
    if len(spans) > MOST_PARTS:
        raise SpansClash
    return check_spans(spans, length)


def joined(items: Sequence[Item], first: int, last: int) -> list[Span]:
    """The spans once the items from number `first` to number `last` (from 0, in the order of the text) are one."""
    ordered = sorted(items, key=lambda item: item.start)
    if not 0 <= first < last < len(ordered):
        raise SpansClash
    middle = Span(ordered[first].start, ordered[last].stop)
    return [*(one.span for one in ordered[:first]), middle, *(one.span for one in ordered[last + 1 :])]


def placed(comment: int, spans: Sequence[Span], before: Sequence[Item]) -> list[Item]:
    """The items of `spans`: one that was there stays the same; a part of one item, or several of one group, keep it.

    What a new part lies in came about as the items before it did: machine or person. A part of more than one group
    lies in none, for a person to decide.
    """
    known = {item.span: item for item in before}
    return [known.get(span) or _placed(comment, span, before) for span in spans]


def _placed(comment: int, span: Span, before: Sequence[Item]) -> Item:
    touched = [item for item in before if item.start < span.stop and span.start < item.stop]
    inside = len(touched) == 1 and touched[0].start <= span.start and span.stop <= touched[0].stop
    whole = all(span.start <= item.start and item.stop <= span.stop for item in touched)
    if touched and (inside or whole) and len({item.group for item in touched}) == 1:
        persons = any(item.origin is Origin.PERSON for item in touched)
        return Item(None, comment, *_ends(span), touched[0].group, Origin.PERSON if persons else Origin.MACHINE)
    return Item(None, comment, *_ends(span), None, Origin.PERSON)


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.stop


def spans_of(text: str) -> list[Span] | None:
    """Spans as an address has them (`0-34,34-60`), or None for what is no such list."""
    found = []
    for pair in text.split(","):
        start, _dash, stop = pair.partition("-")
        if not all(end.isascii() and end.isdigit() and len(end) < 9 for end in (start, stop)):
            return None
        found.append(Span(int(start), int(stop)))
    return found


def text_of(spans: Sequence[Span]) -> str:
    """Spans as an address has them; `spans_of` reads them back."""
    return ",".join(f"{span.start}-{span.stop}" for span in spans)
