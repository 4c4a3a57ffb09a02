"""Online, paper and their sum side by side. Pure but for the vote's row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consultations.votes.models import Vote
from consultations.votes.paper.tallies import PaperCount, Tally, count_from_json
from consultations.votes.protocol.manifest import Manifest
from consultations.votes.protocol.questions import Question


@dataclass(frozen=True)
class Line:
    """One option: on the web (None where the ballots are not opened), on paper, together. `text` is None for blank."""

    code: str
    text: Any
    web: int | None
    paper: int

    @property
    def together(self) -> int:
        return (self.web or 0) + self.paper


@dataclass(frozen=True)
class PaperResult:
    """One question with its lines and its void paper ballots."""

    question: Question
    lines: Sequence[Line]
    void: int


def released_count(vote: Vote) -> PaperCount | None:
    """The paper ballots' count, once a second person released it."""
    return count_from_json(vote.paper_count) if vote.paper_released_at and vote.paper_count else None


def papers_of(
    vote: Vote,
    manifest: Manifest | None,
    totals: Sequence[Sequence[int]] | None = None,
    *,
    released: bool = True,
) -> list[PaperResult]:
    """The questions with their paper ballots; [] while nothing is counted, or released where that is asked."""
    found = released_count(vote) if released else vote.paper_count and count_from_json(vote.paper_count)
    if not found or manifest is None:
        return []
    webs: Sequence[Sequence[int] | None] = totals or [None] * len(manifest.questions)
    return [
        PaperResult(question, _lines(question, tally, web), tally.void)
        for question, web in zip(manifest.questions, webs, strict=True)
        if (tally := found.of(question.code)) is not None
    ]


def _lines(question: Question, tally: Tally, web: Sequence[int] | None) -> list[Line]:
    texts = [*(option.text for option in question.options), *([None] if question.blank else [])]
    webs: Sequence[int | None] = web or [None] * len(texts)
    return [Line(*line) for line in zip(question.codes, texts, webs, tally.totals, strict=True)]


def by_option(results: Sequence[PaperResult]) -> Mapping[tuple[str, str], Line]:
    return {(one.question.code, line.code): line for one in results for line in one.lines}
