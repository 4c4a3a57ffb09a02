"""Forms of publication: the result as the editor writes it, a correction, the decision about one."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import Length, ValidationError

from civic.activities.forms import SUFFIXES, in_languages, spread, texts
from civic.forms import Form, Given
from civic.messages import N_, Message
from consultations.comments.answering.forms import TitleField
from consultations.comments.drafting import passages
from consultations.comments.models import Consultation
from consultations.comments.publishing import corrections, showing
from consultations.comments.publishing.actions import Correction, Result
from consultations.comments.publishing.desk import CorrectionPage
from consultations.comments.publishing.showing import DECISIONS, OUTCOMES
from consultations.comments.stages import Decision, Outcome

TOO_LONG_DRAFT: Final = Message(N_("The plan is too long. Up to %(max)s characters."))
NO_FINAL: Final = N_("Write the plan as it was decided.")
SAME: Final = N_("This is the draft as it was consulted on. Change it, or choose “Decided as proposed”.")
EMPTY: Final = N_("Published words cannot become none. Write them.")
NO_PASSAGE: Final = N_("There is no text in it. Write the plan as it was decided.")


class ResultForm(Form):
    """The city's decision, its reasons, the answer as a whole, and of a changed plan its final text."""

    decision = RadioField(
        _l("What the city decided"),
        [Given(Message(N_("Choose what the city decided.")))],
        choices=[SelectChoice(one.value, Message(DECISIONS[one])) for one in Decision],
    )
    final = TextAreaField(
        _l("The plan as decided (Markdown)"), [Length(max=passages.LONGEST_DRAFT, message=TOO_LONG_DRAFT)]
    )
    reason_ja, reason_easy, reason_en = in_languages(
        _l("Reason of the decision"), N_("Write the reason of the decision.")
    )
    answer_ja, answer_easy, answer_en = in_languages(
        _l("The city's answer as a whole"), N_("Write the city's answer as a whole.")
    )

    def __init__(self, *args: Any, consulted: str = "", **values: Any) -> None:
        super().__init__(*args, **values)
        self.consulted = consulted

    def validate_final(self, field: TextAreaField) -> None:
        if self.decision.data != Decision.CHANGED.value:
            return
        words = plain_lines(field.data or "")
        if not words.strip():
            raise ValidationError(Message(NO_FINAL))
        if words.strip() == plain_lines(self.consulted).strip():
            raise ValidationError(Message(SAME))
        if not passages.parse(words):
            raise ValidationError(Message(NO_PASSAGE))

    def result(self) -> Result:
        """What was typed."""
        final = plain_lines(self.final.data or "")
        return Result(Decision(self.decision.data), texts(self, "reason"), texts(self, "answer"), final)


def plain_lines(text: str) -> str:
    """Line ends as the draft has them; browsers send CR LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def values_of(one: Consultation, final: str) -> dict[str, Any]:
    """What stands now, as the values of the form."""
    return {
        "decision": one.decision.value if one.decision else None,
        "final": final,
        **spread("reason", one.decision_reason),
        **spread("answer", one.answer),
    }


class CorrectionForm(Form):
    """訂正: published words as they should read, and what is corrected; `correction_form` adds the words."""

    names: ClassVar[Sequence[str]] = ()
    note_ja, note_easy, note_en = in_languages(
        _l("What is corrected, and why"), N_("Write what is corrected, and why.")
    )

    def correction(self, edition: int) -> Correction:
        """What was typed, from the edition it was made from."""
        words = {name: self.outcome.data if name == corrections.OUTCOME else texts(self, name) for name in self.names}
        return Correction(words, texts(self, "note"), edition)


def correction_form(page: CorrectionPage) -> type[CorrectionForm]:
    """The form of these published words: each in three languages; a gist may be left empty, the rest may not."""
    fields: dict[str, Any] = {"names": tuple(page.words)}
    for name in page.words:
        label = _as_label(showing.what_is(name, page.group is not None))
        if name == corrections.OUTCOME:
            choices = [SelectChoice(one.value, Message(OUTCOMES[one])) for one in Outcome]
            fields[name] = SelectField(label, choices=choices)
            continue
        kind = TitleField if name == "title" and page.group else TextAreaField
        needed = None if name == corrections.GIST else EMPTY
        made = in_languages(label, needed, kind)
        fields |= dict(zip((f"{name}_{suffix}" for suffix in SUFFIXES.values()), made, strict=True))
    return type("CorrectionForm", (CorrectionForm,), fields)


def _as_label(words: Message) -> Any:
    return _l(words.msgid, **words.params)  # a place of a message is a number here


def published_words(page: CorrectionPage) -> dict[str, Any]:
    """What is published, as the values of the form."""
    found: dict[str, Any] = {}
    for name, words in page.words.items():
        found |= {name: words} if name == corrections.OUTCOME else spread(name, words)
    return found


class DecideForm(Form):
    """A second person's decision about a correction."""

    approved = RadioField(
        _l("Your decision"),
        [Given(Message(N_("Choose whether the correction is published.")))],
        choices=[
            SelectChoice("yes", Message(N_("Publish the correction"))),
            SelectChoice("no", Message(N_("Decline it; nothing changes"))),
        ],
    )
