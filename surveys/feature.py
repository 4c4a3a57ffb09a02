"""How this room joins the house."""

from pathlib import Path

from civic.features import Feature
from surveys import models  # the tables must be known before any query

FEATURE = Feature(name="surveys", locales=Path(models.__file__).parent / "locales")
