"""Totals as charts and tables."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from analysis.disclosure import ReleasedTable
from civic.activities.rules import shows_results
from civic.messages import N_, Message
from civic.opendata.queries import released
from civic.web.languages import plain
from consultations.votes.casting.forms import BLANK_VOTE
from consultations.votes.casting.queries import VotePage
from consultations.votes.models import Vote
from consultations.votes.paper.showing import by_option, papers_of
from consultations.votes.publishing.counting import Counted
from consultations.votes.publishing.datasets import CROSSED, DISTRICT, OTHERS, OTHERS_TEXT, TOOK_PART

CSV_HEADERS: Final = ("question", "question_text", "option", "option_text", "count", "ballots", "paper", "together")
"""`count` is what anybody can recount, on the web; `paper` and `together` are empty until the paper count is released."""
FINDING: Final = N_("Most: %(option)s, %(count)s.")
VOID: Final = N_("Void paper ballots")
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


def csv_rows(page: VotePage) -> Iterator[list[str | int | None]]:
    """A line for each option, and one for each question's void paper ballots, where paper was counted."""
    for one in results_json(page)["questions"]:
        text = plain(one["text"])
        for row in one["options"]:
            words_of = plain(words(row["text"]))
            figures = [row["web"], one["ballots"], row["paper"], row["together"]]
            yield [one["code"], text, row["code"], words_of, *figures]
        if one["void_on_paper"] is not None:
            yield [one["code"], text, "void", plain(Message(VOID)), None, None, one["void_on_paper"], None]


def results_json(page: VotePage) -> dict[str, Any]:
    """The result for machines. `web` is what the board proves; `paper` is null until its count is released, and 0 where
    nobody voted on paper; a figure is null where nothing was opened.
    """
    standing, vote = page.standing, page.vote
    papers = papers_of(vote, page.manifest, standing.totals)
    lines, voids = by_option(papers), {one.question.code: one.void for one in papers}
    questions = []
    for place, question in enumerate(page.manifest.questions):
        totals = standing.totals[place] if standing.totals else [None] * len(question.codes)
        texts = [*(option.text for option in question.options), *([None] if question.blank else [])]
        options = []
        for code, text, web in zip(question.codes, texts, totals, strict=True):
            line = lines.get((question.code, code))
            paper = line.paper if line else None if standing.paper or standing.outcome is None else 0
            together = None if web is None or paper is None else web + paper
            options.append({"code": code, "text": text, "web": web, "paper": paper, "together": together})
        questions.append(
            {
                "code": question.code,
                "text": question.text,
                "kind": question.kind.value,
                "ballots": standing.ballots,
                "options": options,
                "void_on_paper": voids.get(question.code),
            }
        )
    return {
        "version": 1,
        "vote": page.board.digest,
        "outcome": standing.outcome.value if standing.outcome else None,
        "ballots": {"web": standing.ballots, "paper": standing.paper},
        "questions": questions,
        "paper_note": dict(vote.paper_count["note"]) if papers and vote.paper_count else {},
    }


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
