"""How the variables of a survey's tables are worded, for reports and other rooms."""

from collections.abc import Mapping
from datetime import date

from civic import clock
from civic.activities.models import Activity
from civic.features import Caption
from surveys.questionnaire import Question, QuestionType
from surveys.results import bins, spans
from surveys.results.queries import survey_with_questionnaire

LOOKS = {
    QuestionType.SCALE: "ordered",
    QuestionType.NPS: "ordered",
    QuestionType.NUMBER: "ordered",
    QuestionType.DATE: "ordered",
}


def captions(activity: Activity) -> Mapping[str, Caption]:
    """The words of every question, by the name of its table; a matrix has one for each of its rows."""
    survey, questionnaire = survey_with_questionnaire(activity.slug)
    opened = clock.day_in_japan(survey.opened_at) if survey.opened_at else None
    found: dict[str, Caption] = {}
    for question in questionnaire.questions:
        found |= (
            _rows_of(question) if question.type is QuestionType.MATRIX else {question.code: _caption(question, opened)}
        )
    return found


def _caption(question: Question, opened: date | None) -> Caption:
    words = {option.code: option.text for option in question.options}
    words |= {one.code: {"ja": one.label} for one in bins.bins_of(question)}
    words |= {one.code: spans.words_of(one.code) for one in spans.spans_of(question, opened)}
    return Caption(question.text, words, LOOKS.get(question.type, "bar"))


def _rows_of(question: Question) -> dict[str, Caption]:
    words = {option.code: option.text for option in question.options}
    return {
        f"{question.code}.{row.code}": Caption(
            {language: f"{text}: {row.text.get(language, row.text['ja'])}" for language, text in question.text.items()},
            words,
            "ordered",
        )
        for row in question.rows
    }
