"""How this room joins the house."""

from civic.features import Feature
from civic.jobs import models

FEATURE = Feature(name=models.__name__.split(".")[1])
