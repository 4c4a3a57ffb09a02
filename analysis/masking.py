"""Personal data in comments: where it stands and of what kind. Nothing is altered; whoever shows a text hides the spans."""

import re
from dataclasses import dataclass

from analysis.text import Normalised, Span

_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PHONE = re.compile(r"(?<![\d-])(?:\+81[-\s]?\d|0\d)\d{0,3}(?:[-\s(.]{1,2}\d{1,4}[-\s).]{1,2}\d{3,4}|\d{7,8})(?![\d-])")


@dataclass(frozen=True, order=True)
class Mask:
    """One piece of personal data at `span` of the comment as received; `rule` names what found it."""

    span: Span
    kind: str
    rule: str


def find_masks(normalised: Normalised) -> list[Mask]:
    """The masks of one comment, by position, none overlapping another."""
    masks = []
    for kind, pattern in (("mail", _MAIL), ("phone", _PHONE)):
        for match in pattern.finditer(normalised.text):
            masks.append(Mask(normalised.span(*match.span()), kind, "pattern"))
    return sorted(masks)
