"""The upload of a table: what every kind asks. Each kind adds how its columns are read."""

from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from civic.activities.forms import CHANNELS, ChoiceField
from civic.activities.models import Activity
from civic.activities.states import Channel
from civic.forms import PageForm
from civic.intake.reading import Intake


class UploadForm(PageForm):
    """A table, and how its rows are told apart."""

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

    def offer(self, activity: Activity) -> None:
        """Offer the ways by which the activity may be taken part in."""
        offered = [channel for channel in Channel if channel.value in activity.channels]
        self.channel.choices = [SelectChoice(channel.value, CHANNELS[channel]) for channel in offered]

    @property
    def keys(self) -> tuple[str, ...]:
        """The named key columns; a comma or a line break stands between two."""
        return tuple(name.strip() for name in (self.key.data or "").replace("、", ",").split(",") if name.strip())

    @property
    def column_map(self) -> dict[str, Any] | None:
        """How the columns are read, as a document of the kind's own; None by their headers."""
        return None

    def intake(self, path: Path, name: str) -> Intake:
        """How the uploaded file at `path` is to be read."""
        person = (self.person.data or "").strip() or None
        return Intake(path, name, Channel(self.channel.data), self.column_map, self.keys, person)
