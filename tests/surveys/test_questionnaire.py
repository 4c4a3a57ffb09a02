import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from surveys.checking import check_document, missing_texts
from surveys.questionnaire import from_json, to_json

SURVEYS = Path(__file__).parents[2] / "surveys"
SAMPLES = sorted(SURVEYS.glob("samples/*/questionnaire.json"))


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_published_schemas_are_schemas() -> None:
    for name in ("questionnaire.schema.json", "columns.schema.json"):
        Draft202012Validator.check_schema(load(SURVEYS / name))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_every_sample_is_accepted_complete_in_three_languages_and_canonical(path: Path) -> None:
    document = load(path)
    questionnaire = check_document(document).questionnaire
    assert questionnaire is not None
    assert check_document(document).problems == ()
    assert missing_texts(questionnaire, "ja-easy") == missing_texts(questionnaire, "en") == ()
    assert to_json(questionnaire) == document


def test_numbers_keep_their_kind_and_defaults_are_left_out() -> None:
    question = {"code": "q", "type": "number", "text": {"ja": "数"}, "min": 0, "max": 1.5}
    section = {"code": "s", "title": {"ja": ""}, "questions": [{**question, "required": False, "help": {}}]}
    document = {"version": 1, "slug": "x", "title": {"ja": "題"}, "languages": ["ja"], "sections": [section]}
    written = json.dumps(to_json(from_json(document))["sections"][0]["questions"][0])
    assert written == json.dumps(question)
