"""Summaries that cannot lie: every sentence is an exact quote, recomputes itself, or is held against its sources.

`verify` is the judge. `quote` and `computed` make sentences that hold; `judged` and `ask` take sentences from elsewhere.
What loads NumPy stands apart and is imported by its own name: `analysis.evidence.choosing` picks quotes,
`analysis.evidence.runs` checks a whole topics run.
"""

from analysis.evidence.checking import verify
from analysis.evidence.claims import NoFigure, computed
from analysis.evidence.facts import Facts, unmasked
from analysis.evidence.records import Comments, Failure, Fault, Sentence, Source, Table, quote
from analysis.evidence.stating import Judged, Writer, ask, judged

__all__ = [
    "Comments",
    "Facts",
    "Failure",
    "Fault",
    "Judged",
    "NoFigure",
    "Sentence",
    "Source",
    "Table",
    "Writer",
    "ask",
    "computed",
    "judged",
    "quote",
    "unmasked",
    "verify",
]
