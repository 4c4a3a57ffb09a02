"""The upload of a table of answers."""

import json
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileAllowed, FileField
from wtforms import ValidationError

from civic.intake import forms

MOST_MAP_BYTES = 1_000_000


class UploadForm(forms.UploadForm):
    """A table with answers, and how it is to be read."""

    column_map_file = FileField(
        _l("Column map of another layout"),
        [FileAllowed(["json"], _l("Choose a column map, a JSON file."))],
        name="column_map",
    )
    document: Any = None

    @property
    def column_map(self) -> dict[str, Any] | None:
        return self.document

    def validate_column_map_file(self, field: FileField) -> None:
        """Read the map; its columns are checked with the table."""
        if not field.data:
            return
        try:
            self.document = json.loads(field.data.read(MOST_MAP_BYTES))
        except (ValueError, RecursionError) as error:
            raise ValidationError(_l("This file is not JSON. Choose the column map again.")) from error
