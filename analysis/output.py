"""The published JSON of a run ("Analysis output (version 1)"), canonical: one run, one string."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from analysis.comparison import Comparison
from analysis.constraints import Unmet
from analysis.evidence import Sentence
from analysis.joining import Joining
from analysis.run import Run, Topic

_DIGITS = 6


def to_json(run: Run) -> str:
    """The run as JSON text in the published format; floats are rounded to 6 decimals."""
    return canonical(document(run))


def canonical(printed: Mapping[str, Any]) -> str:
    """Plain lists, dicts, strings and numbers as JSON text: one document, one string; floats rounded to 6 decimals."""
    return json.dumps(_rounded(printed), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def comparison_json(comparison: Comparison) -> str:
    """What changed between two runs, as JSON text (`docs/analysis/topics.md` describes it)."""
    return canonical({"version": 1} | asdict(comparison))


def joining_json(joining: Joining) -> str:
    """Where new comments went, as JSON text (`docs/analysis/topics.md` describes it)."""
    return canonical({"version": 1} | asdict(joining))


def document(run: Run) -> dict[str, Any]:
    """The run as plain lists, dicts, strings and numbers."""
    unmet = {} if run.unmet is None else {"unmet": [_unmet(each) for each in run.unmet]}
    return unmet | {
        "version": 1,
        "documents": run.documents,
        "distinct": run.distinct,
        "language": run.language,
        "seed": run.seed,
        "parameters": run.parameters,
        "topics": [_topic(topic) for topic in run.topics],
        "assignments": [
            {"id": each.id, "topic": each.topic, "place": each.place, "strength": each.strength}
            for each in run.assignments
        ],
        "duplicates": [
            {"representative": each.representative, "members": list(each.members), "kind": each.kind}
            for each in run.duplicates
        ],
        "minority": list(run.minority),
        "masked": [
            {
                "id": comment_id,
                "kinds": sorted({mask.kind for mask in masks}),
                "spans": [list(mask.span) for mask in masks],
            }
            for comment_id, masks in run.masks.items()
        ],
        "coverage": {"assigned_share": run.assigned_share, "represented_share": run.represented_share},
    }


def _unmet(unmet: Unmet) -> dict[str, Any]:
    return {"comments": list(unmet.comments), "problem": unmet.problem}


def _topic(topic: Topic) -> dict[str, Any]:
    return {
        "id": topic.id,
        "parent": topic.parent,
        "kind": "residual" if topic.residual else "topic",
        "label": topic.label,
        "keywords": list(topic.keywords),
        "size": topic.size,
        "distinct": topic.distinct,
        "share": topic.share,
        "stability": topic.stability,
        "representatives": list(topic.representatives),
        "summary": [_sentence(sentence) for sentence in topic.summary],
    }


def _sentence(sentence: Sentence) -> dict[str, Any]:
    return {
        "sentence": sentence.sentence,
        "kind": sentence.kind,
        "sources": list(sentence.sources),
        "spans": [list(span) for span in sentence.spans],
        "query": sentence.query,
        "wordings": sentence.wordings,
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DIGITS) + 0.0
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value
