"""The operators' room."""

from civic.features import Feature
from civic.identity.roles import PUBLIC, permit
from civic.ops import models, views  # noqa: F401 - the tables must be known before any query
from civic.ops.cli import ops

FEATURE = Feature(
    name="ops",
    blueprints=(views.pages,),
    permits=(
        permit("ops.readyz", "GET", "ops.ready", PUBLIC),
        permit("ops.metrics", "GET", "ops.metrics", PUBLIC),  # the view lets in this machine and the token only
    ),
    commands=(ops,),
)
