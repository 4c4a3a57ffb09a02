"""Numbers a statute shows pass whole; what people think does not, and is hidden as if those numbers were known."""

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure import FrequencyTable, ReleasedTable, release
from analysis.inference import Axis

PASSAGE = Axis("passage", ("p1", "p2"))
STANCE = Axis("stance", ("agree", "oppose"))


def whole(counts, name="passage"):
    total = sum(counts.values())
    places = {(code,): count for code, count in counts.items()} | {(None,): total}
    return FrequencyTable(name, (Axis(name, tuple(counts)),), places, total, statutory=True)


def crossed(cells, base):
    """What people think by passage; `cells` by passage and stance."""
    counts = {
        (passage, stance): sum(
            n for (one, thought), n in cells.items() if passage in (None, one) and stance in (None, thought)
        )
        for passage in (*PASSAGE.categories, None)
        for stance in (*STANCE.categories, None)
    }
    return FrequencyTable("passage:stance", (PASSAGE, STANCE), counts, base)


def counts_of(table):
    return {place: cell.count for place, cell in table.cells.items()}


def test_a_statutory_table_passes_whole_however_small():
    [table] = release([whole({"web": 1, "fax": 2, "post": 0}, "channel")])
    assert counts_of(table) == {("web",): 1, ("fax",): 2, ("post",): 0, (None,): 3}
    assert table.base == 3
    assert not any(cell.suppressed for cell in table.cells.values())


def test_the_same_table_without_the_flag_is_suppressed():
    counts = whole({"web": 1, "fax": 2, "post": 40}, "channel")
    [table] = release([FrequencyTable(counts.name, counts.axes, counts.counts, counts.base)])
    assert counts_of(table)["web",] is None


def test_statutory_tables_have_bases_of_their_own():
    items, comments = release([whole({"adopted": 3, "later": 93}, "items"), whole({"web": 70}, "channel")])
    assert (items.base, comments.base) == (96, 70)


def test_what_few_think_of_a_passage_stays_hidden_beside_a_statutory_table():
    cells = {("p1", "agree"): 40, ("p1", "oppose"): 2, ("p2", "agree"): 30, ("p2", "oppose"): 28}
    passages, stances = release([whole({"p1": 42, "p2": 58}), crossed(cells, 100)])
    assert counts_of(passages)["p1",] == 42
    shown = counts_of(stances)
    assert shown["p1", "oppose"] is None
    assert shown["p1", "agree"] is None


def test_a_number_that_the_statutory_ones_would_turn_into_a_hidden_one_is_hidden_too():
    cells = {("p1", "agree"): 3, ("p1", "oppose"): 1, ("p2", "agree"): 30, ("p2", "oppose"): 30}
    [alone] = release([crossed(cells, 64)])
    _passages, beside = release([whole({"p1": 4, "p2": 60}), crossed(cells, 64)])
    assert (counts_of(alone)["p1", None], counts_of(alone)[None, None]) == (None, 64)
    assert counts_of(beside)[None, None] is None  # else all 4 who wrote about p1 would have said what they think


def test_a_statutory_table_keeps_its_flag_in_storage_and_the_others_stay_as_they_were():
    cells = {("p1", "agree"): 40, ("p2", "oppose"): 60}
    tables = release([whole({"p1": 40, "p2": 60}), crossed(cells, 100)])
    stored = [table.to_json() for table in tables]
    assert [table.get("statutory", False) for table in stored] == [True, False]
    assert "statutory" not in stored[1]
    assert [ReleasedTable.from_json(table) for table in stored] == tables


def test_a_statutory_table_may_change_from_release_to_release_without_waiting():
    first = release([whole({"adopted": 3, "later": 4}, "items")])
    [second] = release([whole({"adopted": 4, "later": 3}, "items")], first)
    assert counts_of(second)["adopted",] == 4


small = st.integers(0, 9)


@settings(max_examples=60, deadline=None)
@given(st.tuples(small, small, small, small), st.integers(0, 5), st.integers(0, 5))
def test_known_passage_totals_leave_no_small_opinion_open(cells, silent_1, silent_2):
    """A reader who knows how many wrote about each passage finds no count of one to four people by subtracting."""
    by_cell = dict(zip([("p1", "agree"), ("p1", "oppose"), ("p2", "agree"), ("p2", "oppose")], cells, strict=True))
    totals = {"p1": cells[0] + cells[1] + silent_1, "p2": cells[2] + cells[3] + silent_2}
    passages, stances = release([whole(totals), crossed(by_cell, sum(totals.values()))])
    assert counts_of(passages) == {("p1",): totals["p1"], ("p2",): totals["p2"], (None,): sum(totals.values())}
    shown = counts_of(stances)
    for place, count in shown.items():
        assert count is None or not 0 < count < 5 or None in place[1:]
    for passage in PASSAGE.categories:
        hidden = [stance for stance in STANCE.categories if shown[passage, stance] is None]
        if len(hidden) == 1 and shown[passage, None] is not None:
            raise AssertionError(f"{passage}: {hidden[0]} is the rest of the total")
