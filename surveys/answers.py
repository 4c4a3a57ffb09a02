"""Answers as they are stored: JSON-ready values, one per answered question, keyed by the question's code.

| type | stored |
|---|---|
| single, multiple, scale, nps | `{"options": ["a", "b"]}`, with `"other": {"b": "typed text"}` beside it where text was typed |
| number | `{"number": "12.5"}`, a decimal in ASCII digits, without exponent |
| short_text, long_text | `{"text": "…"}` |
| date | `{"date": "2026-11-23"}` |
| matrix | `{"rows": {"row": "option"}}`, unanswered rows left out |

NPS options are "0" to "10". A question without an answer has no entry: an empty value is never stored.
Options stand in the order they arrived in: the questionnaire's on the web, the cell's on import.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Answer = Mapping[str, Any]
Answers = Mapping[str, Answer]


def chosen(answer: Answer | None) -> tuple[str, ...]:
    """The chosen option codes; empty for an unanswered question."""
    return tuple(answer.get("options", ())) if answer else ()


def other_text(answer: Answer | None, option: str) -> str:
    """The text typed beside an "other" option, empty when there is none."""
    return str(answer.get("other", {}).get(option, "")) if answer else ""


def number(answer: Answer) -> Decimal:
    return Decimal(answer["number"])


def text(answer: Answer | None) -> str:
    """The written text of a text question, empty when unanswered."""
    return str(answer.get("text", "")) if answer else ""


def rows(answer: Answer | None) -> Mapping[str, str]:
    """The chosen option of each answered matrix row."""
    return dict(answer.get("rows", {})) if answer else {}


def options_answer(codes: tuple[str, ...] | list[str], other: Mapping[str, str] | None = None) -> Answer:
    """The stored form of chosen options; `other` holds typed texts, empty ones are left out."""
    typed = {code: written for code, written in (other or {}).items() if written}
    return {"options": list(codes), "other": typed} if typed else {"options": list(codes)}
