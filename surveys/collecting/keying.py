"""One paper form keyed on one screen: what the page shows and what was typed into it.

Beside the questionnaire stand three questions about the form itself. Their names hold a hyphen, which no code of a
question can, so they never meet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from civic.activities.forms import CHANNELS
from civic.activities.states import Channel, Subject
from civic.messages import N_, Message
from civic.web.languages import plain
from surveys import answering, fields
from surveys.answers import Answer, chosen, text
from surveys.fields import FieldError
from surveys.models import Survey
from surveys.questionnaire import Option, Question, Questionnaire, QuestionType, Text
from surveys.responding.forms import OWN_FIELDS, ShownQuestion, control, damage, version_of

KEYED = (Channel.PAPER, Channel.POST, Channel.COUNTER, Channel.FAX)
CHANNEL, ARRIVED, PERSON = "form-channel", "form-arrived", "form-person"
EMPTY = N_("Nothing is filled in. Key at least one answer.")
NO_CODE = N_("Write the code on the form, or the number in the register.")
UNKNOWN_CODE = N_("The register has no such code or number. Check it on the form.")
FIRST_DAY = "2000-01-01"


def channels_of(survey: Survey) -> list[Channel]:
    """The ways on paper by which this survey takes answers."""
    return [channel for channel in KEYED if channel.value in survey.channels]


def envelope(survey: Survey, today: date) -> tuple[Question, ...]:
    """The questions about the form itself: how and when it came, and whose it is where a register says so."""
    ways = tuple(Option(channel.value, words(CHANNELS[channel])) for channel in channels_of(survey))
    asked = [
        Question(CHANNEL, QuestionType.SINGLE, words(_("How did the form come?")), {}, ways, required=True),
        Question(
            ARRIVED,
            QuestionType.DATE,
            words(_("Day on which it arrived")),
            {},
            required=True,
            min=FIRST_DAY,
            max=today.isoformat(),
        ),
    ]
    if survey.subject is Subject.REGISTER:
        label = words(_("Code on the form, or number in the register"))
        asked.append(Question(PERSON, QuestionType.SHORT_TEXT, label, {}, required=survey.once_per_person))
    return tuple(asked)


def words(sentence: object) -> Text:
    """A sentence of the interface as a text of a question, in the language of this page."""
    return dict.fromkeys(("ja", "ja-easy", "en"), plain(sentence))  # type: ignore[arg-type]  # any text plain() takes


@dataclass(frozen=True)
class KeyingForm:
    """The page with one form: empty, or as it was sent with what is wrong in it."""

    survey: Survey
    questionnaire: Questionnaire
    asked: tuple[Question, ...]
    values: Mapping[str, Sequence[str]]
    version: int
    submission_key: str
    given: Mapping[str, Answer]
    answers: Mapping[str, Answer]
    problems: tuple[FieldError, ...] = ()
    damage: Message | None = None

    @classmethod
    def empty(
        cls, survey: Survey, questionnaire: Questionnaire, today: date, submission_key: str, channel: str | None
    ) -> "KeyingForm":
        """A form that came today, by the same way as the one before."""
        asked = envelope(survey, today)
        offered = asked[0].option_codes
        way = channel if channel in offered else next(iter(offered), None)
        begun: dict[str, Answer] = {
            ARRIVED: {"date": today.isoformat()},
            **({CHANNEL: {"options": [way]}} if way else {}),
        }
        values = answering.form_values(asked, begun)
        return cls(survey, questionnaire, asked, values, survey.current_version, submission_key, {}, {})

    @classmethod
    def posted(
        cls, survey: Survey, questionnaire: Questionnaire, today: date, form: MultiDict[str, str]
    ) -> "KeyingForm":
        """The form as it was sent."""
        sent = {name: values for name, values in form.lists() if name not in OWN_FIELDS}
        asked = envelope(survey, today)
        own = {name for question in asked for name in fields.names(question)}
        read = {question.code: _read(question, sent) for question in asked}
        page = answering.read_paper(questionnaire, {name: sent[name] for name in sent if name not in own})
        given = {code: answer for code, answer in read.items() if isinstance(answer, Mapping)}
        errors = tuple(answer for answer in read.values() if isinstance(answer, FieldError))
        wrong = damage(form, page.foreign)
        if not wrong and not page.answers and not page.errors:
            wrong = Message(EMPTY)
        return cls(
            survey, questionnaire, asked, sent, version_of(form), form.get("submission_key", ""), given, page.answers,
            (*errors, *page.errors), wrong,
        )  # fmt: skip

    def unknown_person(self) -> "KeyingForm":
        """The form with the sentence that the register does not know the person."""
        problem = FieldError(PERSON, PERSON, Message(UNKNOWN_CODE))
        return replace(self, problems=(problem, *self.problems))

    @property
    def channel(self) -> Channel:
        return Channel(chosen(self.given[CHANNEL])[0])

    @property
    def arrived_on(self) -> date:
        return date.fromisoformat(self.given[ARRIVED]["date"])

    @property
    def person(self) -> str:
        """The typed code or number; empty where none was."""
        return text(self.given.get(PERSON))

    @property
    def head(self) -> list[ShownQuestion]:
        return [self._shown(question) for question in self.asked]

    @property
    def sections(self) -> list[tuple[Text, list[ShownQuestion]]]:
        """Titles with their questions; on paper everything is asked and nothing demanded."""
        return [
            (one.title, [self._shown(replace(question, required=False)) for question in one.questions])
            for one in self.questionnaire.sections
        ]

    def _shown(self, question: Question) -> ShownQuestion:
        error = next((problem for problem in self.problems if problem.question == question.code), None)
        return ShownQuestion(question, self.values, error)

    @property
    def errors(self) -> list[tuple[str, Message]]:
        """(id of the control, sentence) in the order of the page."""
        by_code = {question.code: question for question in (*self.asked, *self.questionnaire.questions)}
        found = [(control(by_code[one.question], one.field), one.message) for one in self.problems]
        return [("answers", self.damage), *found] if self.damage else found


def _read(question: Question, form: Mapping[str, Sequence[str]]) -> Answer | FieldError | None:
    answer = fields.read(question, form)
    if answer is not None or not question.required:
        return answer
    return FieldError(PERSON, PERSON, Message(NO_CODE)) if question.code == PERSON else fields.demanded(question, form)
