"""The upload of a table."""

import json
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from civic.activities.forms import CHANNELS, ChoiceField
from civic.activities.states import Channel
from civic.forms import PageForm
from surveys.models import Survey

MOST_MAP_BYTES = 1_000_000


class UploadForm(PageForm):
    """A table with answers, and how it is to be read."""

    file = FileField(
        _l("File with the answers"),
        [
            FileRequired(_l("Choose the file.")),
            FileAllowed(["csv", "tsv", "txt", "xlsx"], _l("Choose a CSV or XLSX file.")),
        ],
    )
    channel = ChoiceField(_l("How did the answers come?"))
    key = StringField(
        _l("Columns that tell the rows apart"), [Length(max=500, message=_l("Write up to 500 characters."))]
    )
    person = StringField(
        _l("Column that says who answered"), [Length(max=200, message=_l("Write up to 200 characters."))]
    )
    column_map = FileField(
        _l("Column map of another layout"), [FileAllowed(["json"], _l("Choose a column map, a JSON file."))]
    )

    def offer(self, survey: Survey) -> None:
        """Offer the ways by which the survey takes answers."""
        offered = [channel for channel in Channel if channel.value in survey.channels]
        self.channel.choices = [SelectChoice(channel.value, CHANNELS[channel]) for channel in offered]

    @property
    def keys(self) -> tuple[str, ...]:
        """The named key columns; a comma or a line break stands between two."""
        return tuple(name.strip() for name in (self.key.data or "").replace("、", ",").split(",") if name.strip())

    def validate_column_map(self, field: FileField) -> None:
        """Read the map; its columns are checked with the table."""
        if not field.data:
            self.document: Any = None
            return
        try:
            self.document = json.loads(field.data.read(MOST_MAP_BYTES))
        except (ValueError, RecursionError) as error:
            raise ValidationError(_l("This file is not JSON. Choose the column map again.")) from error
