"""How identity joins the house."""

from civic.features import Feature

FEATURE = Feature(name="identity")
