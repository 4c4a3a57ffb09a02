"""The tables of an answered consultation, and their words: what open data, reports and the API show of it.

Numbers of comments, items and answers by channel, passage and outcome are statutory and pass disclosure control whole.
What people think of a passage (stance) is opinion data and is controlled like any survey's.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import sqlalchemy as sa

from analysis.disclosure import FrequencyTable, Place
from analysis.inference import Axis
from civic.activities.models import Activity, Participation
from civic.activities.states import ParticipationState
from civic.db import db
from civic.features import Caption
from consultations.comments.models import Comment, Consultation, DraftVersion, Passage
from consultations.comments.publishing.counting import numbers_of
from consultations.comments.publishing.showing import CHANNEL_TEXTS, OUTCOME_TEXTS, STANCE_TEXTS
from consultations.comments.stages import Outcome, Stance

CHANNELS: Final = ":channel"
ITEMS: Final = "items_by_outcome"
ANSWERS: Final = "answers_by_outcome"
PASSAGE: Final = "passage"
STANCE: Final = "stance"
CROSSED: Final = "passage:stance"
WHOLE, OTHERS = "whole", "others"
MOST_PASSAGES: Final = 20
FEWEST_COMMENTS: Final = 5
"""A passage has a line of its own from so many comments on; the rest are merged (合算)."""


def tables_of(activity: Activity) -> list[FrequencyTable]:
    """All tables once the city has answered; before that nothing of a consultation is public, and there are none."""
    if activity.answered_at is None:
        return []
    numbers = numbers_of(activity.id)
    channels = {channel.value: count for channel, count in numbers.channels.items()}
    items = {outcome.value: numbers.items.get(outcome, 0) for outcome in Outcome}
    answers = {outcome.value: numbers.answers.get(outcome, 0) for outcome in Outcome}
    offered = tuple(dict.fromkeys((*activity.channels, *channels)))
    return [
        _statutory(CHANNELS, offered, channels),
        _statutory(ITEMS, tuple(items), items),
        _statutory(ANSWERS, tuple(answers), answers),
        *_by_passage(activity.id),
    ]


def _statutory(name: str, categories: tuple[str, ...], counts: Mapping[str, int]) -> FrequencyTable:
    total = sum(counts.values())
    places: dict[Place, int] = {(category,): counts.get(category, 0) for category in categories}
    return FrequencyTable(name, (Axis(name, categories),), {**places, (None,): total}, total, statutory=True)


def _by_passage(consultation_id: int) -> list[FrequencyTable]:
    """Comments by passage (statutory); and, where the form asked, what people think, by passage (controlled)."""
    cells = _cells(consultation_id)
    if not cells:
        return []
    named = named_passages(cells)
    folded: Counter[tuple[str, str | None]] = Counter()
    for (passage, stance), count in cells.items():
        folded[passage if passage in named else OTHERS, stance] += count
    axis = Axis(PASSAGE, (*named, OTHERS))
    by_passage = {code: sum(n for (one, _), n in folded.items() if one == code) for code in axis.categories}
    tables = [_statutory(PASSAGE, axis.categories, by_passage)]
    if any(stance for _, stance in folded):
        tables += _stances(folded, axis, sum(cells.values()))
    return tables


def _cells(consultation_id: int) -> dict[tuple[str, str | None], int]:
    """Counted comments by passage (`whole` for the whole draft) and stance."""
    rows = db.session.execute(
        sa.select(Comment.passage, Comment.stance, sa.func.count())
        .join(Participation, Participation.id == Comment.participation_id)
        .where(Comment.consultation_id == consultation_id, Participation.state == ParticipationState.COUNTED)
        .group_by(Comment.passage, Comment.stance)
    ).all()
    return {(passage or WHOLE, stance.value if stance else None): count for passage, stance, count in rows}


def named_passages(cells: Mapping[tuple[str, str | None], int]) -> tuple[str, ...]:
    """The passages with a line of their own: those most written about, in a stable order; the rest is never 1 to 4."""
    counts: Counter[str] = Counter()
    for (passage, _stance), count in cells.items():
        counts[passage] += count
    enough = [passage for passage, count in counts.items() if count >= FEWEST_COMMENTS]
    most = sorted(enough, key=lambda passage: (-counts[passage], passage))[:MOST_PASSAGES]
    while most and 0 < counts.total() - sum(counts[one] for one in most) < FEWEST_COMMENTS:
        most.pop()
    return tuple(sorted(most, key=lambda passage: (passage != WHOLE, len(passage), passage)))


def _stances(folded: Mapping[tuple[str, str | None], int], passages: Axis, base: int) -> list[FrequencyTable]:
    stances = tuple(stance.value for stance in Stance)
    axis = Axis(STANCE, stances)
    crossed: dict[Place, int] = {
        (passage, stance): sum(
            count
            for (one, thought), count in folded.items()
            if thought is not None and passage in (None, one) and stance in (None, thought)
        )
        for passage in (*passages.categories, None)
        for stance in (*stances, None)
    }
    one_way: dict[Place, int] = {(stance,): crossed[None, stance] for stance in (*stances, None)}
    return [FrequencyTable(STANCE, (axis,), one_way, base), FrequencyTable(CROSSED, (passages, axis), crossed, base)]


def captions(activity: Activity) -> Mapping[str, Caption]:
    """The words of every variable and its categories."""
    channels = {channel.value: words for channel, words in CHANNEL_TEXTS.items()}
    outcomes = {outcome.value: words for outcome, words in OUTCOME_TEXTS.items()}
    stances = {stance.value: words for stance, words in STANCE_TEXTS.items()}
    return {
        CHANNELS: Caption(CAPTIONS[CHANNELS], channels),
        ITEMS: Caption(CAPTIONS[ITEMS], outcomes, "ordered"),
        ANSWERS: Caption(CAPTIONS[ANSWERS], outcomes, "ordered"),
        PASSAGE: Caption(CAPTIONS[PASSAGE], passage_texts(activity.id), "ordered"),
        STANCE: Caption(CAPTIONS[STANCE], stances, "ordered"),
    }


def passage_texts(consultation_id: int) -> dict[str, Mapping[str, str]]:
    """The passages of the draft consulted on that somebody wrote about, by label and first words."""
    used = sa.select(Comment.passage).where(Comment.consultation_id == consultation_id, Comment.passage.is_not(None))
    rows: Sequence[Passage] = db.session.scalars(
        sa.select(Passage)
        .join(DraftVersion, DraftVersion.id == Passage.version_id)
        .join(Consultation, Consultation.id == DraftVersion.consultation_id)
        .where(
            Consultation.id == consultation_id,
            DraftVersion.number == Consultation.current_version,
            Passage.anchor.in_(used),
        )
        .order_by(Passage.position)
    ).all()
    found: dict[str, Mapping[str, str]] = {row.anchor: {"ja": words_of(row.label, row.text)} for row in rows}
    return {**found, WHOLE: CAPTIONS[WHOLE], OTHERS: CAPTIONS[OTHERS]}


def words_of(label: str, text: str) -> str:
    """A passage in one short line: 「第3条 停留所8か所に…」."""
    line = " ".join(text.split())
    line = line.removeprefix(label).strip()
    return f"{label} {line[:LINE]}{'…' if len(line) > LINE else ''}".strip()


LINE: Final = 24
CAPTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    CHANNELS: {
        "ja": "意見の受付経路",
        "ja-easy": "{意見/いけん}が {届/とど}いた {方法/ほうほう}",
        "en": "How comments arrived",
    },
    ITEMS: {
        "ja": "意見をどう扱ったか(意見の件数)",
        "ja-easy": "{意見/いけん}を どう {扱/あつか}ったか({意見/いけん}の {数/かず})",
        "en": "What became of the opinions (opinions)",
    },
    ANSWERS: {
        "ja": "意見をどう扱ったか(市の考え方の件数)",
        "ja-easy": "{意見/いけん}を どう {扱/あつか}ったか({市/し}の {答/こた}えの {数/かず})",
        "en": "What became of the opinions (the city's answers)",
    },
    PASSAGE: {
        "ja": "案のどこへの意見か",
        "ja-easy": "{案/あん}の どこへの {意見/いけん}か",
        "en": "Which part of the draft",
    },
    STANCE: {
        "ja": "その箇所をどう思うか",
        "ja-easy": "その ところを どう {思/おも}うか",
        "en": "What people think of that part",
    },
    WHOLE: {"ja": "案の全体", "ja-easy": "{案/あん}の {全体/ぜんたい}", "en": "The whole draft"},
    OTHERS: {"ja": "ほかの箇所(合算)", "ja-easy": "ほかの ところ", "en": "Other parts (merged)"},
}
