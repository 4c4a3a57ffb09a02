"""Forms of the report editor."""

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput

from civic.forms import PageForm

LONG = Length(max=8000, message=_l("This text is too long."))


class NewReportForm(PageForm):
    """The first facts of a report."""

    activities = SelectMultipleField(
        _l("What the report is about"),
        [InputRequired(_l("Choose at least one."))],
        coerce=int,
        option_widget=CheckboxInput(),
    )
    slug = StringField(
        _l("Address"),
        [
            DataRequired(_l("Enter an address, like park-use.")),
            Regexp(r"^[a-z0-9-]{1,60}$", message=_l("Use 1 to 60 small letters, digits and hyphens.")),
        ],
    )
    title_ja = StringField(_l("Title in Japanese"), [DataRequired(_l("Enter the title in Japanese.")), Length(max=300)])
    title_easy = StringField(_l("Title in plain Japanese"), [Length(max=600)])
    title_en = StringField(_l("Title in English"), [Length(max=600)])


class TextsForm(PageForm):
    """The words around the sentences."""

    title_ja = StringField(_l("Title in Japanese"), [DataRequired(_l("Enter the title in Japanese.")), Length(max=300)])
    title_easy = StringField(_l("Title in plain Japanese"), [Length(max=600)])
    title_en = StringField(_l("Title in English"), [Length(max=600)])
    lead_ja = TextAreaField(_l("Introduction in Japanese"), [LONG])
    lead_easy = TextAreaField(_l("Introduction in plain Japanese"), [LONG])
    lead_en = TextAreaField(_l("Introduction in English"), [LONG])
    limits_ja = TextAreaField(_l("Further limits of the data, in Japanese"), [LONG])
    limits_easy = TextAreaField(_l("Further limits, in plain Japanese"), [LONG])
    limits_en = TextAreaField(_l("Further limits, in English"), [LONG])


class SentenceForm(PageForm):
    """A person's own sentence and the comments it rests on."""

    sentence_ja = TextAreaField(
        _l("Sentence in Japanese"),
        [DataRequired(_l("Write the sentence.")), Length(max=600, message=_l("This text is too long."))],
    )
    sentence_easy = TextAreaField(_l("Sentence in plain Japanese"), [Length(max=1200)])
    sentence_en = TextAreaField(_l("Sentence in English"), [Length(max=1200)])
    sources = TextAreaField(_l("Comments it rests on"), [DataRequired(_l("Enter at least one comment, one per line."))])


class PublishForm(PageForm):
    """Publication, at once or after an embargo."""

    embargo_until = DateTimeLocalField(_l("Residents read it from"), [Optional()], format=["%Y-%m-%dT%H:%M"])
