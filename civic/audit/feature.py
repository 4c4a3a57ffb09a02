"""How the audit joins the house."""

from civic.features import Feature

FEATURE = Feature(name="audit")
