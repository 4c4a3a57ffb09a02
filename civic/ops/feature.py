"""The operators' room."""

from civic.features import Feature
from civic.ops.cli import ops

FEATURE = Feature(name="ops", commands=(ops,))
