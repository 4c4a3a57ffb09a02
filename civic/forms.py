"""What every form of the house refuses before its own rules are asked.

A field that came twice (a browser sends such a thing only when it was made to), and text with characters that no person
types and PostgreSQL or a page cannot hold. Passwords may hold anything: they are only ever right or wrong.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import wtforms
from flask_wtf import FlaskForm
from wtforms.validators import StopValidation

from civic import characters
from civic.messages import N_, Message

TWICE: Final = N_("This was sent twice. Check it and send it once more.")
SEVERAL: Final = (wtforms.SelectMultipleField, wtforms.FieldList, wtforms.FileField)


def once(form: wtforms.Form, field: wtforms.Field) -> None:
    """Refuse several values of a field that has one."""
    if not isinstance(field, SEVERAL) and len(field.raw_data or ()) > 1:
        raise StopValidation(Message(TWICE))


def readable(form: wtforms.Form, field: wtforms.Field) -> None:
    """Refuse control characters, overrides of direction and the like."""
    is_text = isinstance(field, wtforms.StringField) and not isinstance(field, wtforms.PasswordField)
    if is_text and not characters.is_readable(field.data or ""):
        raise StopValidation(Message(characters.UNREADABLE))


class Form(wtforms.Form):
    """A form filled by its view with `Form(request.form)`. Forms within lists are asked the same."""

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
