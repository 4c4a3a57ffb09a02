"""Totals as charts and tables."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from analysis.disclosure import ReleasedTable
from civic.activities.rules import shows_results
from civic.messages import N_, Message
from civic.opendata.queries import released
from civic.web.languages import plain
from consultations.votes.casting.forms import BLANK_VOTE
from consultations.votes.models import Vote
from consultations.votes.publishing.counting import Counted
from consultations.votes.publishing.datasets import CROSSED, DISTRICT, OTHERS, OTHERS_TEXT, TOOK_PART

CSV_HEADERS: Final = ("question", "question_text", "option", "option_text", "count", "ballots")
FINDING: Final = N_("Most: %(option)s, %(count)s.")
TIED: Final = N_("Most, with the same number: %(options)s, %(count)s each.")


def words(text: Any) -> Any:
    return Message(BLANK_VOTE) if text is None else text


def figure(one: Counted) -> dict[str, Any]:
    """What the chart's macro wants: the options in the order of the ballot paper, the blank vote last."""
    rows = [{"label": words(row.text), "count": row.count, "share": row.share} for row in one.columns]
    return {
        "counted": one,
        "caption": one.question.text,
        "finding": finding(one),
        "rows": rows,
        "n": 0 if one.is_score else one.ballots,
        "unit": "items" if one.is_score else "people",
    }


def finding(one: Counted) -> Message:
    """The chart in one sentence: who has most, blank votes aside; a tie is called one."""
    options = [row for row in one.columns if row.text is not None]
    most = max(row.count for row in options)
    first = [plain(row.text) for row in options if row.count == most]
    if len(first) > 1:
        return Message(TIED, {"options": ", ".join(first), "count": most})
    return Message(FINDING, {"option": first[0], "count": most})


def csv_rows(found: Sequence[Counted]) -> Iterator[list[str | int]]:
    for one in found:
        for row in one.columns:
            yield [
                one.question.code, plain(one.question.text), row.code, plain(words(row.text)), row.count, one.ballots,
            ]  # fmt: skip


def districts(vote: Vote, at: datetime) -> list[dict[str, Any]]:
    """Turnout by district as it was released: counts and shares, None where suppressed; [] before the release."""
    if not shows_results(vote, at):
        return []
    tables = {table["name"]: ReleasedTable.from_json(table) for table in released(vote)}
    table = tables.get(CROSSED)
    if table is None:
        return []
    axis = next(axis for axis in table.axes if axis.variable == DISTRICT)
    found = []
    for district in axis.categories:
        voted, everybody = table.cells[district, TOOK_PART], table.cells[district, None]
        share = voted.count / everybody.count if voted.count is not None and everybody.count else None
        label = OTHERS_TEXT if district == OTHERS else district
        found.append({"label": label, "voters": voted.count, "register": everybody.count, "share": share})
    return found
