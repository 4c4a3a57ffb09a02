"""Forms of keys, roll and count: files of trustees and witnesses, the register, votes on paper."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, FieldList, FormField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from civic.activities.forms import ChoiceField, stripped
from civic.forms import CHOOSE, Form, Given, PageForm
from civic.messages import N_, Message
from consultations.votes.protocol.group import read_point
from consultations.votes.protocol.manifest import NAME_LENGTH, PEOPLE, Trustee
from consultations.votes.protocol.refusals import Refused

CHOOSE_FILE: Final = Message(N_("Choose the file."))
SPARE_WITNESSES: Final = 2
NUMBER_TOO_LONG: Final = Message(N_("Write up to 200 characters."))


class FileForm(PageForm):
    """One file of a trustee or a witness."""

    file = FileField(_l("File (JSON)"), [FileRequired(CHOOSE_FILE)])


class WitnessForm(Form):
    """Somebody outside who watches the board."""

    name = StringField(_l("Name of the witness"), filters=[stripped])
    key = StringField(_l("Public key (64 characters)"), filters=[stripped, lambda typed: typed and typed.lower()])

    def is_empty(self) -> bool:
        return not self.name.data and not self.key.data

    def validate_name(self, field: Field) -> None:
        if not self.is_empty() and not 1 <= len(field.data or "") <= NAME_LENGTH:
            raise ValidationError(Message(N_("Enter a name of up to 200 characters.")))

    def validate_key(self, field: Field) -> None:
        if self.is_empty():
            return
        try:
            read_point(field.data, "witness")
        except Refused as refused:
            sentence = N_("This is no public key. Copy the 64 characters the witness's program shows.")
            raise ValidationError(Message(sentence)) from refused


class WitnessesForm(PageForm):
    """All witnesses; empty rows are left out."""

    witnesses = FieldList(FormField(WitnessForm), max_entries=PEOPLE)

    @property
    def named(self) -> list[dict[str, str]]:
        rows = [entry.form for entry in self.witnesses if not entry.form.is_empty()]
        return [{"key": row.key.data, "name": row.name.data} for row in rows]

    def validate_witnesses(self, field: FieldList) -> None:
        seen: set[str] = set()
        for entry in field:
            name = entry.form.name.data
            if name and name in seen:
                entry.form.name.errors = (Message(N_("Another witness has this name.")),)
                raise ValidationError(Message(N_("Another witness has this name.")))
            seen.add(name)


def values_of_witnesses(witnesses: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    spare: list[Mapping[str, str]] = [{} for _ in range(min(SPARE_WITNESSES, PEOPLE - len(witnesses)))]
    return {"witnesses": [*witnesses, *spare]}


class RegisterForm(PageForm):
    """The register whose people may vote."""

    register = SelectField(_l("Register"), coerce=int, validate_choice=False, default=0)

    def offer(self, registers: Sequence[tuple[int, str]]) -> None:
        self.register.choices = [SelectChoice(0, _l("None")), *(SelectChoice(*one) for one in registers)]

    def validate_register(self, field: Field) -> None:
        if not field.data or field.data not in [choice.value for choice in field.choices]:
            raise ValidationError(Message(CHOOSE))


class RehearsalForm(PageForm):
    """A file for each trustee; `fields_of` makes the class for those of a manifest."""

    def uploads(self) -> dict[int, FileField]:
        """The fields in which a file was chosen, by trustee."""
        return {number: field for number in TRUSTEES if (field := self._fields.get(f"share_{number}")) and field.data}

    def first_empty(self) -> FileField:
        """Where the next file belongs."""
        return next(self._fields[f"share_{number}"] for number in TRUSTEES if number not in self.uploads())


TRUSTEES: Final = range(1, PEOPLE + 1)


def rehearsal_form(trustees: Sequence[Trustee]) -> RehearsalForm:
    """A form with one file field for each trustee, named after her."""
    made = {f"share_{one.id}": FileField(one.name) for one in trustees}
    form: RehearsalForm = type("RehearsalOfTrustees", (RehearsalForm,), made)()
    return form


class PaperForm(PageForm):
    """A vote on paper, or somebody struck off the roll."""

    number = StringField(
        _l("Entry number of the register, or the posted code"),
        [
            Given(Message(N_("Enter the entry number or the code."))),
            Length(max=200, message=NUMBER_TOO_LONG),
        ],
        filters=[stripped],
    )
    reason = ChoiceField(
        _l("What is recorded"),
        choices=[
            SelectChoice("paper", _l("This person voted on paper")),
            SelectChoice("roll", _l("This person was struck off the roll")),
        ],
        default="paper",
    )
    sure = BooleanField(
        _l("I have compared the number with the list at the polling place"),
        [InputRequired(Message(N_("Compare the number first, then tick this.")))],
    )
