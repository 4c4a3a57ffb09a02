"""What the walks need of the residents' pages of votes: what to plant, their forms by hand, who is let in."""

from typing import Final

from civic.identity import actions as identity
from civic.identity.accounts import Account
from tests.factories.boards import single
from tests.factories.surveys import text
from tests.factories.votes import make_vote
from tests.walks.sheet import LONG, Sheet
from tests.walks.town import EVERYBODY, Town

ALL: Final = " ".join(EVERYBODY)
LOOK: Final = "選んだものを確かめる"
SHEETS: Final[dict[str, Sheet]] = {
    "ballot paper": Sheet(
        "/votes/<slug>/cast", "/votes/hall/cast", "resident", LOOK, {"choice": "o01"},
        [("choice", ""), ("choice", None), ("choice", "o99"), ("choice", LONG), ("choice", ["o01", "o02"])],
        looks=True,
    ),
    "look-up of a ballot": Sheet(
        "/votes/<slug>/receipt", "/votes/hall/receipt", "anonymous", "調べる", {"number": "ABCD-EFGH-IJKL-MNOP-QRST-UVWX"},
        [("number", ""), ("number", None), ("number", "12"), ("number", "A" * 25), ("number", LONG)],
    ),
}  # fmt: skip
EXCUSED: Final[dict[str, str]] = {}
BY_HAND: Final[dict[str, str]] = {
    "GET /votes/<slug>": ALL,
    "GET /votes/<slug>/cast": ALL,
    "POST /votes/<slug>/cast": ALL,
    "POST /votes/<slug>/receipt": ALL,
    "GET /votes/<slug>/board.json": ALL,
    "GET /votes/<slug>/results": ALL,
}
NOT_ALWAYS_THERE: Final[set[str]] = set()


def plant(town: Town) -> None:
    """An open vote with a ballot, in which the resident may vote by her linked entry, and a counted one."""
    words = {"en": "Rebuild the hall", "ja-easy": "{会館/かいかん}を {新/あたら}しく する", "ja": "会館の建て替え"}
    held = make_vote(town.cast, single() | {"text": words}, title=words)
    held.vote_for(2, [1, 0, 0])
    resident = town.cast.resident
    identity.link_entry(Account("resident", resident.id, resident.login, 1), held.entries[0])
    town.put("/votes/ /staff/votes/", slug=held.vote.slug, n=1, name="verify.pyz")
    counted = make_vote(town.cast, slug="hall-counted", title=text("数え終わった投票"))
    for number in range(1, 13):
        counted.vote_for(number, [1, 0, 0])
    counted.count(1, 3)
    town.put("/votes/<slug>/results", slug=counted.vote.slug)
