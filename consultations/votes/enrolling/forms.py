"""Forms of a register that is handed in: the file, what to do with it, and the codes."""

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import BooleanField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from civic.activities.forms import ChoiceField, stripped
from civic.forms import Given, PageForm
from civic.messages import N_, Message
from consultations.votes.conducting.running_forms import NUMBER_TOO_LONG

CSV_ONLY: Final = Message(N_("Choose a CSV file. In a spreadsheet, save it as “CSV UTF-8”."))

REASONS: Final = {
    "age": _l("Day of birth"),
    "residence": _l("Residence"),
    "nationality": _l("Nationality or status of residence"),
    "exclusion": _l("Article 11 of the Public Offices Election Act"),
    "gone": _l("Moved away or died"),
    "mistake": _l("Another mistake in the roll"),
}


class RegisterFileForm(PageForm):
    """The register as a table."""

    file = FileField(
        _l("The register (CSV)"),
        [FileRequired(Message(N_("Choose the file."))), FileAllowed(["csv", "tsv", "txt"], CSV_ONLY)],
    )


class EnrolForm(PageForm):
    """Into which register the people go, and that some rows stay out for now."""

    into = ChoiceField(_l("Into which register?"), default="own")
    partly = BooleanField(
        _l("Leave these rows out for now. I hand them in again, corrected."),
        [InputRequired(Message(N_("Tick this, or correct the file and hand it in again.")))],
    )

    def offer(self, register: str | None, bad: int) -> None:
        """Ask only what has to be asked: a register of the vote's own, rows that cannot be taken."""
        if register is None:
            del self.into
        else:
            self.into.choices = [
                SelectChoice("own", _l("Add them to “%(name)s”. Who is there already keeps the code", name=register)),
                SelectChoice("new", _l("Make a new register instead. Everybody gets a new code")),
            ]
        if not bad:
            del self.partly


class LettersForm(PageForm):
    """The codes are safe elsewhere."""

    sure = BooleanField(
        _l("I have opened the saved file, and the codes are in it"),
        [InputRequired(Message(N_("Open the saved file first, then tick this.")))],
    )


class CorrectionForm(PageForm):
    """The outcome of an objection. The reason is a word of a list, so that nobody's name gets into the audit."""

    number = StringField(
        _l("Entry number of the register, or the posted code"),
        [Given(Message(N_("Enter the entry number or the code."))), Length(max=200, message=NUMBER_TOO_LONG)],
        filters=[stripped],
    )
    kind = ChoiceField(
        _l("Correction of the roll"),
        choices=[SelectChoice("add", _l("Add to the roll")), SelectChoice("strike", _l("Strike off the roll"))],
    )
    reason = ChoiceField(
        _l("Reason of the correction"), choices=[SelectChoice(name, label) for name, label in REASONS.items()]
    )
