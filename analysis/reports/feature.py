"""How this room joins the house."""

from pathlib import Path

from analysis.reports import models  # the tables must be known before any query
from civic.features import Feature

FEATURE = Feature(name="reports", locales=Path(models.__file__).parent / "locales")
