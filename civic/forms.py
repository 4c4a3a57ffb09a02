"""What every form of the house refuses before its own rules are asked.

A field that came twice (a browser sends such a thing only when it was made to), and text with characters that no person
types and PostgreSQL or a page cannot hold. Passwords may hold anything: they are only ever right or wrong.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import wtforms
from flask import g, has_request_context
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, StopValidation

from civic import characters
from civic.messages import N_, Message

TWICE: Final = N_("This was sent twice. Check it and send it once more.")
CHOOSE: Final = N_("Choose from the list.")
ELSE: Final = N_("This cannot be right. Check it and send it once more.")
OWN_WORDS: Final = {
    "Invalid Choice: could not coerce.": CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": CHOOSE,
    "Not a valid choice.": CHOOSE,
    "'%(value)s' is not a valid choice for this field.": CHOOSE,
    "'%(value)s' are not valid choices for this field.": CHOOSE,
    "Not a valid integer value.": N_("Enter a number in digits."),
    "Not a valid date value.": N_("Enter a day, like 2026-12-11."),
    "Not a valid datetime value.": N_("Enter a day and a time, like 2026-12-11 17:00."),
    "Field cannot be longer than %(max)d character.": N_("This text is too long. Up to %(max)s characters."),
}
"""What WTForms says by itself, in sentences of ours."""
SEVERAL: Final = (wtforms.SelectMultipleField, wtforms.FieldList, wtforms.FileField)


class Given(InputRequired):
    """Refuses a field that is missing, empty or blank, with `Given(Message(…))`. Invisible characters are blank too."""

    def __call__(self, form: wtforms.Form, field: wtforms.Field) -> None:
        super().__call__(form, field)
        if characters.clean(str(field.raw_data[0])) == "" or is_emptied(field):
            raise StopValidation(self.message)


def is_emptied(field: wtforms.Field) -> bool:
    """Whether the filters of a field of text left nothing of what was sent."""
    return isinstance(field.data, str) and not field.data.strip()


def once(form: wtforms.Form, field: wtforms.Field) -> None:
    """Refuse several values of a field that has one."""
    if not isinstance(field, SEVERAL) and len(field.raw_data or ()) > 1:
        raise StopValidation(Message(TWICE))


def readable(form: wtforms.Form, field: wtforms.Field) -> None:
    """Refuse control characters, overrides of direction and the like."""
    is_text = isinstance(field, wtforms.StringField) and not isinstance(field, wtforms.PasswordField)
    if is_text and not characters.is_readable(field.data or ""):
        raise StopValidation(Message(characters.UNREADABLE))


class Words:
    """WTForms' own sentences as messages of ours, translated where they are shown."""

    def gettext(self, sentence: str) -> Message:
        return Message(OWN_WORDS.get(sentence, ELSE))

    def ngettext(self, singular: str, plural: str, n: int) -> Message:
        return self.gettext(singular)


class Form(wtforms.Form):
    """A form filled by its view with `Form(request.form)`. Forms within lists are asked the same."""

    class Meta:
        def get_translations(self, form: wtforms.Form) -> Words:
            return Words()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        if has_request_context() and not self._prefix:
            g.asked = self  # a refusal names what was typed by the labels of this form (civic/web/errors.py)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        asked = {
            name: [once, readable, *(extra_validators or {}).get(name, ())]
            for name, field in self._fields.items()
            if not isinstance(field, wtforms.FormField)
        }
        valid: bool = super().validate(asked)
        return valid


class PageForm(Form, FlaskForm):
    """A form that takes the posted fields itself: `form.validate_on_submit()`."""
