"""Which passage of a draft somebody means who writes its label or its anchor. Pure."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from civic.messages import N_, Message

NO_PASSAGE = N_("The draft has no passage “%(name)s”.")
SEVERAL_PASSAGES = N_("The draft has several passages “%(name)s”. Write the anchor of one: %(anchors)s.")
SHOWN_ANCHORS = 5
LONGEST_NAME = 40


@dataclass
class Places:
    """The passages of one version by what they may be called."""

    anchors: dict[str, list[str]] = field(default_factory=dict)

    def find(self, written: str) -> str | Message | None:
        """The anchor of a passage; None for nothing written, a sentence where it names none or several."""
        name = folded(written)
        if not name:
            return None
        found = self.anchors.get(name, [])
        shown = written.strip()[:LONGEST_NAME]
        if not found:
            return Message(NO_PASSAGE, {"name": shown})
        if len(found) > 1:
            return Message(SEVERAL_PASSAGES, {"name": shown, "anchors": ", ".join(found[:SHOWN_ANCHORS])})
        return found[0]


def places(passages: Iterable[tuple[str, str]]) -> Places:
    """From pairs of anchor and label. An anchor always means its own passage."""
    found = Places()
    taken = []
    for anchor, label in passages:
        taken.append(anchor)
        if name := folded(label):
            found.anchors.setdefault(name, []).append(anchor)
    found.anchors.update({folded(anchor): [anchor] for anchor in taken})
    return found


def folded(name: str) -> str:
    """A name without regard to width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", name).lower().split())
