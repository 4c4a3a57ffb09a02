"""Whether a document from outside has the shape of a questionnaire: the published schema, told in sentences.

The rules between the parts (conditions, limits, reachability) are in `surveys.checking`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from civic.messages import N_, Message

MAX_DEPTH = 40
"""Objects and lists inside one another; a condition of four levels needs about fifteen."""


@dataclass(frozen=True)
class Problem:
    """One reason against a questionnaire.

    `kind` is its stable name, `pointer` the place as a JSON pointer (RFC 6901), `section` and `question` the codes
    the page puts the sentence beside, where there are any.
    """

    kind: str
    message: Message
    pointer: str
    section: str | None = None
    question: str | None = None


SCHEMA_PATH = Path(__file__).with_name("questionnaire.schema.json")

NOT_A_QUESTIONNAIRE = N_("This is not a questionnaire. A questionnaire is a JSON object as the published schema says.")
TOO_DEEP = N_("The parts are nested too deeply. Write the condition with fewer levels.")
UNKNOWN_VERSION = N_("Only questionnaires of version 1 can be read.")
MISSING_PART = N_("“%(part)s” is missing.")
UNKNOWN_PART = N_("“%(part)s” is not a part of a questionnaire. Remove it or correct its name.")
UNKNOWN_TYPE = N_("“%(value)s” is not a question type.")
UNKNOWN_LANGUAGE = N_("“%(value)s” is not a language of this service. Use ja, ja-easy or en.")
BAD_CODE = N_(
    "“%(value)s” cannot be a code. A code starts with a small letter and has at most 32 letters a–z, digits and _."
)
BAD_SLUG = N_("“%(value)s” cannot be an address. Use 1 to 60 small letters, digits and hyphens.")
BAD_CONDITION = N_("This display condition cannot be read. Choose a question, a comparison and a value.")
TOO_LARGE = N_("There are more than %(limit)d here.")
WRONG_SHAPE = N_("“%(part)s” has a value of the wrong kind.")
NO_JA_TEXT = N_("The Japanese text is missing.")


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA_PATH.read_text(encoding="utf-8")))


def structure_problems(document: object) -> list[Problem]:
    """Every departure from the schema, in document order; empty when `from_json` can read the document."""
    if not isinstance(document, dict):
        return [Problem("not_a_questionnaire", Message(NOT_A_QUESTIONNAIRE), "")]
    if _is_deeper(document, MAX_DEPTH):
        return [Problem("too_deep", Message(TOO_DEEP), "")]
    errors = sorted(_validator().iter_errors(document), key=lambda error: [str(part) for part in error.absolute_path])
    problems = [problem for error in errors for problem in _problems(error, document)]
    return list({(problem.kind, problem.pointer, str(problem.message)): problem for problem in problems}.values())


def pointer(*parts: str | int) -> str:
    """A JSON pointer; our names hold neither `/` nor `~`, names from outside are escaped."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def _problems(error: ValidationError, document: Any) -> Iterator[Problem]:
    path = list(error.absolute_path)
    for kind, message in _said(error, path):
        yield Problem(kind, message, pointer(*path), *_codes(path, document))


def _said(error: ValidationError, path: list[str | int]) -> Iterator[tuple[str, Message]]:
    part = next((str(name) for name in reversed(path) if isinstance(name, str)), "")
    rule, demanded = str(error.validator), error.validator_value
    given: Any = error.instance
    if "show_if" in path:
        yield "bad_condition", Message(BAD_CONDITION)
    elif rule == "required" and isinstance(demanded, list):
        for name in (name for name in demanded if name not in given):
            yield ("no_ja_text", Message(NO_JA_TEXT)) if name == "ja" else ("missing_part", _about(MISSING_PART, name))
    elif rule == "additionalProperties" and isinstance(error.schema, Mapping):
        for name in sorted(set(given) - set(error.schema["properties"])):
            yield "unknown_part", _about(UNKNOWN_PART, name)
    elif rule in ("maxItems", "maxLength"):
        yield "too_large", Message(TOO_LARGE, {"limit": demanded})
    elif isinstance(given, str) and (refusal := _REFUSED_VALUES.get((rule, part))):
        yield refusal[0], Message(refusal[1], {"value": _short(given)})
    elif rule == "enum":
        yield "unknown_language", Message(UNKNOWN_LANGUAGE, {"value": _short(given)})
    elif part == "version":
        yield "unknown_version", Message(UNKNOWN_VERSION)
    else:
        yield "wrong_shape", _about(WRONG_SHAPE, part)


_REFUSED_VALUES = {
    ("enum", "type"): ("unknown_type", UNKNOWN_TYPE),
    ("pattern", "code"): ("bad_code", BAD_CODE),
    ("pattern", "slug"): ("bad_slug", BAD_SLUG),
}


def _about(sentence: str, part: object) -> Message:
    return Message(sentence, {"part": _short(part)})


def _short(value: object) -> str:
    """A value as it may be shown in a sentence."""
    shown = str(value)
    return shown if len(shown) <= 60 else shown[:59] + "…"


def _codes(path: list[str | int], document: Any) -> tuple[str | None, str | None]:
    """The codes of the section and question a path lies in, as far as the document has them."""
    found: list[str | None] = [None, None]
    here = document
    for depth, name in enumerate(path[:4]):
        here = here[name]
        if depth in (1, 3) and path[depth - 1] in ("sections", "questions") and isinstance(here, dict):
            found[depth // 2] = str(here["code"]) if "code" in here else None
    return found[0], found[1]


def _is_deeper(value: object, levels: int) -> bool:
    """Whether a value nests deeper than `levels`; walks level by level, so that no depth can exhaust the stack."""
    level: list[object] = [value]
    for _ in range(levels):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return True


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list) else []
