"""What the walks need of the drafting part of consultations: what to plant, its forms by hand, who is let in where."""

from typing import Final

from tests.factories import consultations as make
from tests.walks.sheet import Sheet
from tests.walks.town import Town

SHEETS: Final[dict[str, Sheet]] = {}
EXCUSED: Final[dict[str, str]] = {}
BY_HAND: Final[dict[str, str]] = {
    "GET /staff/consultations/<slug>/draft": "editor approver moderator analyst",
}
NOT_ALWAYS_THERE: Final[set[str]] = set()


def plant(town: Town) -> None:
    """An open consultation with a few comments, behind the addresses of every part."""
    opened = make.make_consultation(town.cast, slug="plan")
    make.comment(opened, ["最終バスを遅くしてください。停留所に屋根もほしいです。", "予約が電話だけだと使えません。"])
    town.put("/consultations/ /staff/consultations/", slug=opened.slug)
