"""The operators' room."""

from civic.features import Feature
from civic.ops import models  # noqa: F401 - the tables must be known before any query
from civic.ops.cli import ops

FEATURE = Feature(name="ops", commands=(ops,))
