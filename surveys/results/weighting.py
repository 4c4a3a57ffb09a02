"""Weights for a survey's responses: those that came with them, or raked to the margins of a known population. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.margins import Margin
from analysis.tabular import is_number
from analysis.weights import Weighting, given, rake
from surveys.questionnaire import QuestionType
from surveys.results.crossing import Variable

STORED = "weight"
"""The attribute under which an import keeps a response's weight, as `python -m analysis rake` names its column."""


@dataclass(frozen=True)
class Asked:
    """One counted response: what is stored for each variable asked for, the codes off its path, and its attributes."""

    stored: tuple[str | None, ...]
    off_path: Sequence[str]
    attributes: Mapping[str, str]


def stored_weights(responses: Sequence[Asked]) -> Weighting:
    """The weights that came with the responses. ValueError, with the number of the response, for one without."""
    weights = []
    for number, response in enumerate(responses, 1):
        cell = response.attributes.get(STORED, "").strip()
        if not is_number(cell):
            said = f"“{cell}” as its weight" if cell else "no weight"
            raise ValueError(
                f"response {number} of {len(responses)} has {said}. "
                f"Import every response with an attribute {STORED}, or name a file of margins."
            )
        weights.append(float(cell))
    return given(weights)


def raked(responses: Sequence[Asked], variables: Sequence[Variable], margins: Sequence[Margin]) -> Weighting:
    """The weights that meet the margins; a margin speaks of `variables` (as `Asked` has them) or of attributes.

    Raises MarginRefused as `analysis.weights.rake` does; ValueError for a margin by a question of several choices.
    """
    known = {variable.name: place for place, variable in enumerate(variables)}
    columns: dict[str, list[str]] = {}
    for name in (name for margin in margins for name in margin.variables):
        if name in known:
            columns[name] = list(_column(responses, variables[known[name]], known[name]))
        elif any(name in response.attributes for response in responses):
            columns[name] = [response.attributes.get(name, "") for response in responses]
    return rake(columns, margins)


def to_json(weighting: Weighting) -> dict[str, Any]:
    """What weighting costs and what it could not reach."""
    return {
        "design_effect": weighting.design_effect,
        "effective": weighting.effective,
        "respondents": len(weighting.weights),
        "at_limit": weighting.trimmed,
        "missed": [
            {"variables": one.margin, "category": one.category, "share": one.share, "target": one.target}
            for one in weighting.missed
        ],
    }


def _column(responses: Sequence[Asked], variable: Variable, place: int) -> Iterator[str]:
    if variable.question.type is QuestionType.MULTIPLE:
        raise ValueError(f"{variable.name} has several answers a person: a margin needs a question with one.")
    for response in responses:
        answer = variable.answer(response.stored[place], response.off_path)
        yield answer if isinstance(answer, str) else ""
