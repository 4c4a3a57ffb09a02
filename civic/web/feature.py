"""How the frame joins the house."""

from pathlib import Path

from civic.features import Feature
from civic.identity.roles import PUBLIC, permit
from civic.web import views

FEATURE = Feature(
    name="web",
    blueprints=(views.pages,),
    permits=(
        permit("web.static", "GET", "web.static", PUBLIC),
        permit("web.components", "GET", "web.components", PUBLIC),
        permit("web.healthz", "GET", "web.health", PUBLIC),
    ),
    seeds={"audit": lambda: {"objects": {"ids": {"filename": ["css/tokens.css"]}}}},
    locales=Path(__file__).parent / "locales",
)
