import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from surveys.checking import check_document, missing_texts
from surveys.questionnaire import QuestionType, from_json, to_json

SURVEYS = Path(__file__).parents[2] / "surveys"
SAMPLES = sorted(SURVEYS.glob("samples/*/questionnaire.json"))

KANJI = re.compile(r"[\u3400-\u9fff々]")
FURIGANA = re.compile(r"\{[^{}/]+/[\u3041-\u309fー]+\}")


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


def test_the_library_sample_has_every_question_type() -> None:
    questionnaire = from_json(load(SURVEYS / "samples/library/questionnaire.json"))
    assert {question.type for question in questionnaire.questions} == set(QuestionType)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_plain_japanese_has_furigana_on_every_kanji(path: Path) -> None:
    def texts(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["ja-easy"]] if "ja-easy" in value else []
            return own + [text for child in value.values() for text in texts(child)]
        return [text for child in value for text in texts(child)] if isinstance(value, list) else []

    assert [text for text in texts(load(path)) if KANJI.search(FURIGANA.sub("", text))] == []
