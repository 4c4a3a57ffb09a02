"""Turnout by district as a table for disclosure control: who took part is personal, the total alone is public."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from analysis.disclosure import FrequencyTable, Place
from analysis.inference import Axis
from civic.activities.models import Activity
from civic.db import db
from civic.features import Caption
from civic.identity.models import RegisterEntry
from consultations.votes.models import VoteBoard, VoteSlot

DISTRICT: Final = "district"
TURNOUT: Final = "turnout"
CROSSED: Final = "district:turnout"
TOOK_PART, STAYED_AWAY = "voted", "not_voted"
FEWEST: Final = 10  # voters of a district; those with fewer are taken together
OTHERS: Final = "others"
MOST_DISTRICTS: Final = 40
OTHERS_TEXT: Final = {
    "ja": "その他の地区(合計)",
    "ja-easy": "そのほかの {地区/ちく}({合計/ごうけい})",
    "en": "Other districts, together",
}


def tables_of(activity: Activity) -> list[FrequencyTable]:
    """Turnout, whole (the board shows it anyway), and by district; nothing before the vote was frozen or after the map
    of slots was destroyed.
    """
    board = db.session.scalar(
        sa.select(VoteBoard).where(VoteBoard.vote_id == activity.id).order_by(VoteBoard.id.desc()).limit(1)
    )
    if board is None or activity.closed_at is None:
        return []
    cells = merged(_cells(board.id))
    if not cells:
        return []
    base = cells.total()
    turnout = Axis(TURNOUT, (TOOK_PART, STAYED_AWAY))
    whole: dict[Place, int] = {
        (None,): base,
        **{(one,): sum(count for (_, what), count in cells.items() if what == one) for one in turnout.categories},
    }
    tables = [FrequencyTable(TURNOUT, (turnout,), whole, base, statutory=True)]
    names = tuple(sorted({district for district, _ in cells}, key=lambda name: (name == OTHERS, name)))
    if len(names) > 1:
        tables.append(FrequencyTable(CROSSED, (Axis(DISTRICT, names), turnout), _crossed(cells, names), base))
    return tables


def _cells(board_id: int) -> Counter[tuple[str, str]]:
    """People on the roll by district and by whether they voted, on the web or on paper."""
    voted = sa.case(
        (VoteSlot.void == "paper", TOOK_PART),
        (sa.and_(VoteSlot.void.is_(None), VoteSlot.seq > 0), TOOK_PART),
        else_=STAYED_AWAY,
    )
    rows = db.session.execute(
        sa.select(sa.func.coalesce(RegisterEntry.district, ""), voted, sa.func.count())
        .join(RegisterEntry, RegisterEntry.id == VoteSlot.entry_id)
        .where(VoteSlot.board_id == board_id)
        .group_by(sa.literal_column("1"), sa.literal_column("2"))
    )
    return Counter({(district or OTHERS, what): count for district, what, count in rows})


def merged(cells: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """Districts with fewer than ten voters, and all past the first forty, as one line, which has at least ten itself."""
    sizes = Counter({district: count for (district, what), count in cells.items() if what == TOOK_PART})
    large = [one for one, count in sizes.most_common() if count >= FEWEST and one != OTHERS][:MOST_DISTRICTS]
    while large and 0 < sizes.total() - sum(sizes[one] for one in large) < FEWEST:
        large.pop()
    result: Counter[tuple[str, str]] = Counter()
    for (district, what), count in cells.items():
        result[district if district in large else OTHERS, what] += count
    return result


def _crossed(cells: Counter[tuple[str, str]], names: tuple[str, ...]) -> dict[Place, int]:
    return {
        (district, what): sum(
            count for (one, did), count in cells.items() if district in (None, one) and what in (None, did)
        )
        for district in (*names, None)
        for what in (TOOK_PART, STAYED_AWAY, None)
    }


def captions(activity: Activity) -> Mapping[str, Caption]:
    """The words of the variables; districts are named as the register names them."""
    return {
        TURNOUT: Caption(
            {"ja": "投票したか", "ja-easy": "{投票/とうひょう}したか", "en": "Voted or not"},
            {
                TOOK_PART: {"ja": "投票した", "ja-easy": "{投票/とうひょう}した", "en": "Voted"},
                STAYED_AWAY: {"ja": "投票していない", "ja-easy": "{投票/とうひょう}していない", "en": "Did not vote"},
            },
        ),
        DISTRICT: Caption({"ja": "地区", "ja-easy": "{地区/ちく}", "en": "District"}, {OTHERS: OTHERS_TEXT}),
    }
