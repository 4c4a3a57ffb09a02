"""The static checker: everything that can be wrong with a questionnaire before anybody answers it.

`check` lists all problems at once. A questionnaire it accepts can be walked to its end whatever is answered: every
condition looks back, asks a question what it can answer, and can come true.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from civic.messages import N_, Message
from surveys.conditions import OPS, depends_on
from surveys.questionnaire import (
    OPTION_TYPES,
    TEXT_TYPES,
    Comparison,
    Limit,
    Op,
    Option,
    Question,
    Questionnaire,
    QuestionType,
    Row,
    Text,
    comparisons,
    from_json,
)
from surveys.reachability import can_be_asked, can_hold
from surveys.structure import NO_JA_TEXT, Problem, pointer, structure_problems

MAX_CHARACTERS = 20_000
"""The longest answer any text question may allow."""

RESERVED_CODES = frozenset({"csrf_token", "submission_key", "version", "section", "channel", "save"})
"""Names of the forms' own fields: a question of this code would collide with them."""

JA_NOT_LISTED = N_("Add ja to the languages: every text is written in Japanese first.")
NO_QUESTIONS = N_("The questionnaire has no question yet.")
EMPTY_SECTION = N_("This section has no question. Add one or delete the section.")
DUPLICATE_CODE = N_("The code “%(code)s” is used twice. Give one of the two another code.")
RESERVED_CODE = N_("The code “%(code)s” is needed by the form itself. Choose another code.")
NO_OPTIONS = N_("This question has nothing to choose from. Add options.")
MISPLACED_OPTIONS = N_("A question of this type has no options. Remove them or change the type.")
NO_ROWS = N_("This table has no rows. Add at least one row.")
MISPLACED_ROWS = N_("Only a matrix has rows. Remove them or change the type.")
MISPLACED_EXCLUSIVE = N_("Only an option of a multiple choice can be exclusive.")
MISPLACED_OTHER = N_("Only an option of a single or multiple choice can have a text field.")
SEVERAL_OTHER = N_("Only one option of a question can have a text field.")
MISPLACED_LIMIT = N_("A question of this type has no smallest or largest value. Remove it.")
BAD_LIMIT = N_("This smallest or largest value does not fit the question. Correct it.")
LIMITS_CROSSED = N_("The smallest value is larger than the largest. Exchange them.")
TOO_MANY_DEMANDED = N_("The question asks for more choices than it has options.")
DANGLING_REFERENCE = N_("The condition names the question “%(code)s”, which does not exist. Choose another question.")
FORWARD_REFERENCE = N_(
    "The condition names the question “%(code)s”, which comes later. Move that question up or choose an earlier one."
)
CYCLE = N_("The conditions of these questions wait for one another: %(codes)s. Remove one of them.")
OP_NOT_ALLOWED = N_("The question “%(code)s” cannot be compared in this way. Choose another comparison.")
VALUE_NOT_AN_OPTION = N_("“%(value)s” is not an answer to the question “%(code)s”. Choose one of its answers.")
CONTRADICTORY = N_("This condition can never be true, because its parts contradict each other.")
UNREACHABLE = N_("Nobody can ever see this question: no way through the earlier questions makes its condition true.")
MISSING_TEXT = N_("This text is missing: %(language)s.")


@dataclass(frozen=True)
class Checked:
    """What became of a document: the questionnaire where its shape allows one, and all problems."""

    questionnaire: Questionnaire | None
    problems: tuple[Problem, ...]

    @property
    def accepted(self) -> bool:
        return not self.problems


def check_document(document: object) -> Checked:
    """Check a JSON document from outside, shape first, then the rules between its parts."""
    if problems := structure_problems(document):
        return Checked(None, tuple(problems))
    assert isinstance(document, Mapping)
    questionnaire = from_json(document)
    return Checked(questionnaire, check(questionnaire))


def check(questionnaire: Questionnaire) -> tuple[Problem, ...]:
    """Every problem of a questionnaire in reading order of its rules; empty when it may be opened."""
    placed = list(_places(questionnaire))
    rests_on = {question.code: _rests_on(question.code, questionnaire) for question in questionnaire.questions}
    words = (*_whole(questionnaire), *_texts(questionnaire))
    parts = [problem for place in placed for rule in (_options, _rows, _limits) for problem in rule(place)]
    references = [problem for place in placed for problem in _references(place, questionnaire, rests_on)]
    unsound = (*_codes(questionnaire), *parts, *references)
    ways = _ways(questionnaire, placed, rests_on, {problem.question for problem in unsound})
    return (*words, *unsound, *ways)


def missing_texts(questionnaire: Questionnaire, language: str) -> tuple[Problem, ...]:
    """The texts that exist in Japanese and not in `language`: warnings, listed before opening."""
    return tuple(
        Problem("missing_text", Message(MISSING_TEXT, {"language": language}), *place)
        for text, place, _ in _all_texts(questionnaire)
        if text.get("ja", "").strip() and not text.get(language, "").strip()
    )


# -- texts and codes --------------------------------------------------------------------------------------------------

_Place = tuple[str, str | None, str | None]
"""JSON pointer, section code, question code."""


def _all_texts(questionnaire: Questionnaire) -> Iterator[tuple[Text, _Place, bool]]:
    """Every text with its place and whether it must not be empty. One question alone on its page is its own title."""
    yield questionnaire.title, ("/title", None, None), True
    for number, section in enumerate(questionnaire.sections):
        place = (pointer("sections", number, "title"), section.code, None)
        yield section.title, place, len(section.questions) > 1
    for at in _places(questionnaire):
        yield at.question.text, at.place("text"), True
        yield at.question.help, at.place("help"), False
        for name, items in _lists(at.question):
            for number, item in enumerate(items):
                yield item.text, at.place(name, number, "text"), True


def _lists(question: Question) -> tuple[tuple[str, tuple[Option | Row, ...]], ...]:
    return ("options", question.options), ("rows", question.rows)


def _texts(questionnaire: Questionnaire) -> Iterator[Problem]:
    for text, place, needed in _all_texts(questionnaire):
        written = any(translation.strip() for translation in text.values())
        if (needed or written) and not text.get("ja", "").strip():
            yield Problem("no_ja_text", Message(NO_JA_TEXT), *place)


def _whole(questionnaire: Questionnaire) -> Iterator[Problem]:
    if "ja" not in questionnaire.languages:
        yield Problem("ja_not_listed", Message(JA_NOT_LISTED), "/languages")
    if not questionnaire.sections:
        yield Problem("no_questions", Message(NO_QUESTIONS), "/sections")
    for number, section in enumerate(questionnaire.sections):
        if not section.questions:
            yield Problem("empty_section", Message(EMPTY_SECTION), pointer("sections", number), section.code)


def _codes(questionnaire: Questionnaire) -> Iterator[Problem]:
    sections = [
        (section.code, (pointer("sections", number, "code"), section.code, None))
        for number, section in enumerate(questionnaire.sections)
    ]
    yield from _doubled(sections)
    places = list(_places(questionnaire))
    yield from _doubled((at.question.code, at.place("code")) for at in places)
    for at in places:
        if at.question.code in RESERVED_CODES:
            yield at.problem("reserved_code", RESERVED_CODE, "code", code=at.question.code)
        for name, items in _lists(at.question):
            yield from _doubled((item.code, at.place(name, number, "code")) for number, item in enumerate(items))


def _doubled(codes: Iterable[tuple[str, _Place]]) -> Iterator[Problem]:
    seen: Counter[str] = Counter()
    for code, place in codes:
        seen[code] += 1
        if seen[code] > 1:
            yield Problem("duplicate_code", Message(DUPLICATE_CODE, {"code": code}), *place)


# -- one question -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _At:
    """A question and where it stands."""

    question: Question
    section: str
    pointer: str

    def place(self, *parts: str | int) -> _Place:
        return self.pointer + pointer(*parts), self.section, self.question.code

    def problem(self, kind: str, sentence: str, *parts: str | int, **params: object) -> Problem:
        return Problem(kind, Message(sentence, params), *self.place(*parts))


def _places(questionnaire: Questionnaire) -> Iterator[_At]:
    for number, section in enumerate(questionnaire.sections):
        for place, question in enumerate(section.questions):
            yield _At(question, section.code, pointer("sections", number, "questions", place))


def _options(at: _At) -> Iterator[Problem]:
    question = at.question
    if question.type in OPTION_TYPES and not question.options:
        yield at.problem("no_options", NO_OPTIONS, "options")
    if question.type not in OPTION_TYPES and question.options:
        yield at.problem("misplaced_options", MISPLACED_OPTIONS, "options")
    for number, option in enumerate(question.options):
        if option.exclusive and question.type is not QuestionType.MULTIPLE:
            yield at.problem("misplaced_exclusive", MISPLACED_EXCLUSIVE, "options", number)
        if option.other and question.type not in (QuestionType.SINGLE, QuestionType.MULTIPLE):
            yield at.problem("misplaced_other", MISPLACED_OTHER, "options", number)
        if option.other and option is not question.other_option:
            yield at.problem("several_other", SEVERAL_OTHER, "options", number)


def _rows(at: _At) -> Iterator[Problem]:
    is_matrix = at.question.type is QuestionType.MATRIX
    if is_matrix and not at.question.rows:
        yield at.problem("no_rows", NO_ROWS, "rows")
    if at.question.rows and not is_matrix:
        yield at.problem("misplaced_rows", MISPLACED_ROWS, "rows")


_LIMITED = TEXT_TYPES | {QuestionType.MULTIPLE, QuestionType.NUMBER, QuestionType.DATE}


def _limits(at: _At) -> Iterator[Problem]:
    question = at.question
    limits = [(name, limit) for name, limit in (("min", question.min), ("max", question.max)) if limit is not None]
    if question.type not in _LIMITED:
        yield from (at.problem("misplaced_limit", MISPLACED_LIMIT, name) for name, _ in limits)
        return
    bad = [name for name, limit in limits if not _fits(limit, question.type)]
    yield from (at.problem("bad_limit", BAD_LIMIT, name) for name in bad)
    if len(limits) == 2 and not bad and _is_above(limits[0][1], limits[1][1]):
        yield at.problem("limits_crossed", LIMITS_CROSSED, "min")
    together = sum(not option.exclusive for option in question.options)
    demanded = question.min if question.type is QuestionType.MULTIPLE and "min" not in bad else None
    if isinstance(demanded, Decimal) and question.options and demanded > together:
        yield at.problem("too_many_demanded", TOO_MANY_DEMANDED, "min")


def _fits(limit: Limit, kind: QuestionType) -> bool:
    """Whether a limit is a date for dates, a finite number for numbers, a sensible count for choices and texts."""
    if isinstance(limit, str):
        return kind is QuestionType.DATE and _is_day(limit)
    if kind is QuestionType.NUMBER:
        return limit.is_finite()
    counts = limit.is_finite() and limit == limit.to_integral_value() and 0 <= limit <= MAX_CHARACTERS
    return counts and kind is not QuestionType.DATE


def _is_day(text: str) -> bool:
    try:
        return 1000 <= date.fromisoformat(text).year < 9999
    except ValueError:
        return False


def _is_above(low: Limit, high: Limit) -> bool:
    return str(low) > str(high) if isinstance(low, str) else low > Decimal(high)


# -- conditions -------------------------------------------------------------------------------------------------------


_RestsOn = Mapping[str, set[str]]
"""Per question every code its condition rests on, directly or through others."""


def _rests_on(code: str, questionnaire: Questionnaire) -> set[str]:
    found: set[str] = set()
    waiting = [code]
    while waiting:
        here = waiting.pop()
        if questionnaire.has(here):
            new = depends_on(questionnaire.question(here)) - found
            found |= new
            waiting.extend(new)
    return found


def _references(at: _At, questionnaire: Questionnaire, rests_on: _RestsOn) -> Iterator[Problem]:
    """Conditions that name no question, a later one, one another in a circle, or ask what cannot be answered."""
    order = [question.code for question in questionnaire.questions]
    mine = at.question.code
    later = set(order[order.index(mine) :])
    circle = {code for code in rests_on[mine] if mine in rests_on.get(code, ())}
    if circle:
        yield at.problem("cycle", CYCLE, "show_if", codes=", ".join(code for code in order if code in circle))
    for comparison in comparisons(at.question.show_if):
        code = comparison.question
        if code not in order:
            yield at.problem("dangling_reference", DANGLING_REFERENCE, "show_if", code=code)
        elif code in later and code not in circle:
            yield at.problem("forward_reference", FORWARD_REFERENCE, "show_if", code=code)
        elif comparison.op not in OPS[questionnaire.question(code).type]:
            yield at.problem("op_not_allowed", OP_NOT_ALLOWED, "show_if", code=code)
        else:
            for value in _impossible_values(comparison, questionnaire.question(code)):
                yield at.problem("value_not_an_option", VALUE_NOT_AN_OPTION, "show_if", code=code, value=str(value))


def _impossible_values(comparison: Comparison, question: Question) -> list[object]:
    """The values of a comparison that the question cannot have as an answer."""
    if comparison.op is Op.ANSWERED:
        return [] if comparison.value is True else [comparison.value]
    if isinstance(comparison.value, tuple) is not (comparison.op is Op.IN):
        return [comparison.value]
    values = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    return [value for value in values if not _can_be(value, question)]


def _can_be(value: object, question: Question) -> bool:
    if question.type is QuestionType.NUMBER:
        return isinstance(value, Decimal) and value.is_finite()
    if question.type is QuestionType.DATE:
        return isinstance(value, str) and _is_day(value)
    if question.type is QuestionType.NPS:
        return isinstance(value, Decimal) and str(value) in question.option_codes
    return value in question.option_codes


def _ways(
    questionnaire: Questionnaire, places: list[_At], rests_on: _RestsOn, refused: set[str | None]
) -> Iterator[Problem]:
    """Conditions that never come true. A question that rests on a refused one is left until that is mended."""
    for at in places:
        condition = at.question.show_if
        if condition is None or ({at.question.code} | rests_on[at.question.code]) & refused:
            continue
        if not can_hold(condition, questionnaire):
            refused.add(at.question.code)
            yield at.problem("contradictory", CONTRADICTORY, "show_if")
        elif not can_be_asked(at.question, questionnaire):
            refused.add(at.question.code)
            yield at.problem("unreachable", UNREACHABLE, "show_if")
