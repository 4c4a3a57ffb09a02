"""Forms of the end of the slots' map."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import InputRequired

from civic.activities.forms import DayField
from civic.forms import Given, PageForm
from civic.messages import N_, Message


class ObjectionsForm(PageForm):
    """The last day of objections."""

    until = DayField(_l("Last day of objections"), [Given(Message(N_("Enter the day.")))])


class DestroyForm(PageForm):
    """The backups are thought of."""

    sure = BooleanField(
        _l("The backups made until today are deleted, or the day on which they are is written down"),
        [InputRequired(Message(N_("See to the backups first, then tick this.")))],
    )
