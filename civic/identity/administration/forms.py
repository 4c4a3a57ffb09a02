"""Forms of the administration."""

import re
from collections.abc import Collection
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import DateField, EmailField, Field, SelectMultipleField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from civic.forms import Form
from civic.identity.administration import queries
from civic.identity.administration.actions import Holding
from civic.identity.forms import asked_for, line, mail_address, narrowed
from civic.identity.models import StaffMember
from civic.identity.roles import CITYWIDE, Role
from civic.messages import N_, Message

LOGIN: Final = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9@._+-]{1,119}")
CODE: Final = re.compile(r"[a-z0-9-]{1,60}")
ROLE_NAMES: Final = {
    Role.EDITOR: _l("Editor"),
    Role.APPROVER: _l("Approver"),
    Role.MODERATOR: _l("Moderator"),
    Role.ANALYST: _l("Analyst"),
    Role.COUNCIL: _l("Council member"),
    Role.ADMIN: _l("Administrator"),
}
LOCAL: Final = ROLE_NAMES.keys() - CITYWIDE


class DayField(DateField):
    """A day; what cannot be read is refused in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(Message(N_("Enter the day like 2027-03-31."))) from error


def value(holding: Holding) -> str:
    """A role and its department as one value of a form: "editor:3", "admin:"."""
    return f"{holding[0]}:{holding[1] or ''}"


def holding(text: str) -> Holding:
    role, _, department_id = text.partition(":")
    return Role(role), int(department_id) if department_id else None


def group(legend: Any, roles: Collection[Role], department_id: int | None) -> tuple[Any, list[tuple[Holding, Any]]]:
    """The roles one can hold in one place, in the order of `ROLE_NAMES`."""
    return legend, [((role, department_id), label) for role, label in ROLE_NAMES.items() if role in roles]


class RolesForm(Form):
    """Roles by department, and a contractor's last day."""

    roles = SelectMultipleField(
        _l("Roles"),
        [InputRequired(Message(N_("Choose at least one role.")))],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    ends_on = DayField(_l("Last day (contractors only)"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = [group(_l("Whole city"), CITYWIDE, None)]
        self.groups += [group(one.name, LOCAL, one.id) for one in queries.departments()]
        self.roles.choices = [(value(one), label) for _, options in self.groups for one, label in options]

    @property
    def holdings(self) -> list[Holding]:
        return [holding(text) for text in self.roles.data]

    @property
    def role_groups(self) -> list[dict[str, Any]]:
        """The choices as groups of checkboxes, one per department, city-wide roles first."""
        chosen = set(self.roles.data or ())
        return [
            {
                "legend": legend,
                "options": [
                    {"value": value(one), "label": label, "checked": value(one) in chosen} for one, label in options
                ],
            }
            for legend, options in self.groups
        ]


class InviteForm(RolesForm):
    login = line(_l("Sign-in name"), asked_for(N_("Enter a sign-in name.")), tidy=narrowed)
    name = line(
        _l("Name"), asked_for(N_("Enter the name.")), Length(max=200, message=Message(N_("Up to 200 characters.")))
    )
    email = line(_l("Mail address for the link"), Optional(), mail_address, kind=EmailField, tidy=narrowed)

    def validate_login(self, field: Field) -> None:
        if not LOGIN.fullmatch(field.data):
            raise ValidationError(Message(N_("Use letters, digits and . _ - only, or a mail address.")))


class DepartmentForm(Form):
    code = line(_l("Short name in addresses and commands"), asked_for(N_("Enter a short name.")), tidy=narrowed)
    name_ja = line(
        _l("Name in Japanese"),
        asked_for(N_("Enter the name in Japanese.")),
        Length(max=100, message=Message(N_("Up to 100 characters."))),
    )
    name_easy = line(_l("Name in plain Japanese"), Length(max=200, message=Message(N_("Up to 200 characters."))))
    name_en = line(_l("Name in English"), Length(max=100, message=Message(N_("Up to 100 characters."))))

    def validate_code(self, field: Field) -> None:
        if not CODE.fullmatch(field.data):
            raise ValidationError(Message(N_("Use small letters, digits and - only.")))

    @property
    def names(self) -> dict[str, str]:
        typed = {"ja": self.name_ja.data, "ja-easy": self.name_easy.data, "en": self.name_en.data}
        return {language: name for language, name in typed.items() if name}


def roles_of(member: StaffMember) -> list[str]:
    """The member's roles as values of the form."""
    return [value((held.role, held.department_id)) for held in member.roles]
