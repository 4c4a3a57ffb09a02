"""The frequency tables of a survey (集計表), from its tallies. Pure; `queries` brings the tallies.

Names: a question's table is its code, a matrix row's `<code>.<row>`, what an import answered off the path
`<code>:off_path`, the ways the answers came `:channel`. Written texts are counted, not listed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from analysis.disclosure import FrequencyTable, Place
from analysis.inference import Axis
from surveys.questionnaire import Question, Questionnaire, QuestionType
from surveys.results import bins, spans, summaries
from surveys.results.tallies import Key

CHANNELS = ":channel"
OFF_PATH = ":off_path"
CHOICES = (QuestionType.SINGLE, QuestionType.MULTIPLE, QuestionType.SCALE, QuestionType.NPS)


def tables(
    questionnaire: Questionnaire,
    tallies: Mapping[Key, int],
    channels: Mapping[str, int],
    offered: Sequence[str],
    opened: date | None = None,
) -> list[FrequencyTable]:
    """All tables, in the questionnaire's order. `channels`: counted participations by channel; `offered`: all of them;
    `opened`: the day the survey opened, from which classes of days are counted."""
    base = sum(channels.values())
    made = [_table(CHANNELS, tuple(dict.fromkeys((*offered, *channels))), channels, base, base)]
    for question in questionnaire.questions:
        made += _tables_of(question, Counter(tallies), base, opened)
    return made


def _tables_of(question: Question, tallies: Counter[Key], base: int, opened: date | None) -> Iterator[FrequencyTable]:
    if question.type is QuestionType.MATRIX:
        for row in question.rows:
            counts = {code: tallies[question.code, row.code, code, False] for code in question.option_codes}
            answered = tallies[question.code, row.code, "", False]
            conditional = question.show_if is not None
            yield _table(
                f"{question.code}.{row.code}", question.option_codes, counts, answered, base, conditional=conditional
            )
    else:
        yield _question_table(question, tallies, base, opened)
    if off_path := tallies[question.code, "", "", True]:
        yield _table(question.code + OFF_PATH, (), {}, off_path, base, conditional=True)


def _question_table(question: Question, tallies: Counter[Key], base: int, opened: date | None) -> FrequencyTable:
    answered = tallies[question.code, "", "", False]
    if question.type in CHOICES:
        counts = {code: tallies[question.code, "", code, False] for code in question.option_codes}
        figures = nps_figures(counts) if question.type is QuestionType.NPS else scale_figures(question, counts)
        multiple = question.type is QuestionType.MULTIPLE
        return _table(
            question.code,
            question.option_codes,
            counts,
            answered,
            base,
            multiple,
            figures,
            question.show_if is not None,
        )
    if question.type is QuestionType.NUMBER:
        return _number_table(question, tallies, answered, base)
    if question.type is QuestionType.DATE:
        return _date_table(question, tallies, answered, base, opened)
    return _table(question.code, (), {}, answered, base, conditional=question.show_if is not None)


def _number_table(question: Question, tallies: Counter[Key], answered: int, base: int) -> FrequencyTable:
    """Classes where the question has limits; a number outside them counts among the respondents only, so it has none."""
    values = {Decimal(value): count for value, count in _values(question, tallies).items()}
    classes = bins.bins_of(question)
    counts: Counter[str] = Counter()
    for value, count in values.items():
        found = bins.bin_of(classes, value)
        counts[found.code if found else ""] += count
    codes = tuple(one.code for one in classes) if not counts[""] else ()
    figures = {"mean": summaries.mean(values), "median": summaries.median(values)} if values else {}
    conditional = question.show_if is not None
    return _table(question.code, codes, counts, answered, base, figures=figures, conditional=conditional)


def _date_table(
    question: Question, tallies: Counter[Key], answered: int, base: int, opened: date | None
) -> FrequencyTable:
    """Months or years, where limits or the opening say which; a day outside them counts among the respondents only."""
    classes = spans.spans_of(question, opened)
    counts: Counter[str] = Counter()
    for day, count in _values(question, tallies).items():
        counts[next((one.code for one in classes if one.holds(day)), "")] += count
    codes = tuple(one.code for one in classes) if not counts[""] else ()
    return _table(question.code, codes, counts, answered, base, conditional=question.show_if is not None)


def _values(question: Question, tallies: Counter[Key]) -> dict[str, int]:
    """How often each number or day was given on the path."""
    return {
        value: count
        for (code, _row, value, off_path), count in tallies.items()
        if code == question.code and value and not off_path and count
    }


def nps_figures(counts: Mapping[str, int]) -> dict[str, float]:
    """Mean, median and net promoter score of answers 0 to 10."""
    values = {Decimal(code): count for code, count in counts.items() if count}
    if not values:
        return {}
    score = summaries.net_promoter_score(values)
    return {"mean": summaries.mean(values), "median": summaries.median(values), "nps": score}


def scale_figures(question: Question, counts: Mapping[str, int]) -> dict[str, float]:
    """Mean and median place on a scale, its first answer being 1; nothing for other choices."""
    if question.type is not QuestionType.SCALE:
        return {}
    values = {Decimal(place): counts[code] for place, code in enumerate(question.option_codes, start=1) if counts[code]}
    return {"mean": summaries.mean(values), "median": summaries.median(values)} if values else {}


def _table(
    name: str,
    categories: tuple[str, ...],
    counts: Mapping[str, int],
    answered: int,
    base: int,
    multiple: bool = False,
    figures: Mapping[str, float] | None = None,
    conditional: bool = False,
) -> FrequencyTable:
    """One table. `conditional`: asked of some only, so that its base tells an earlier answer and is protected too."""
    places: dict[Place, int] = {(category,): counts.get(category, 0) for category in categories}
    return FrequencyTable(
        name, (Axis(name, categories, multiple, conditional),), {**places, (None,): answered}, base, dict(figures or {})
    )
