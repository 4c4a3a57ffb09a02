"""What is hidden is as little as can be, and enough: the auditor, which shares no code with the control, finds nothing."""

import random
from itertools import combinations, product
from math import log2

import pytest

import analysis.bounds as bounds
import analysis.disclosure as disclosure
import analysis.disclosure_rings as disclosure_rings
import analysis.inference as inference
import analysis.suppression as suppression
import analysis.suppression_clock as suppression_clock
import analysis.suppression_closing as closing
from analysis.disclosure import DEFAULT, FrequencyTable, Policy, release
from analysis.disclosure_audit import audit
from analysis.disclosure_files import release_to_json
from analysis.inference import Axis, Condition
from analysis.suppression_attack import Attack
from tests.factories.surveyed import counted, made_axes, made_people, made_shapes

AGE = Axis("age", ("young", "middle", "old"))
USE = Axis("use", ("bus", "train", "car"))
SEX = Axis("sex", ("f", "m"))
WISH = Axis("wish", ("bench", "shade"), multiple=True)
PLACE = Axis("place", ("north", "n1", "n2", "n3", "south"), nested=(("n1", "north"), ("n2", "north"), ("n3", "north")))


def findings(*releases, policy=DEFAULT):
    """What the auditor can work out of releases, oldest first."""
    return audit([release_to_json(tables, (), policy, tables[0].base) for tables in releases]).findings


def people(*groups):
    """Respondents from (how many, answers by variable)."""
    return [
        {name: frozenset([chosen] if isinstance(chosen, str) else chosen) for name, chosen in answers.items()}
        for size, answers in groups
        for _ in range(size)
    ]


def crossed(cells, row=AGE, column=USE):
    """Respondents of a cross-tab, row by row."""
    places = product(row.categories, column.categories)
    return people(*((size, {row.variable: r, column.variable: c}) for size, (r, c) in zip(cells, places, strict=True)))


def some_ninety():
    """Ninety people by age, use and sex, few of them alike."""
    chance = random.Random(5)
    return [
        {name: frozenset([chance.choice(axis.categories)]) for name, axis in (("age", AGE), ("use", USE), ("sex", SEX))}
        for _ in range(90)
    ]


def hidden(table):
    return {place for place, cell in table.cells.items() if cell.suppressed}


UNEVEN = [2, 30, 31, 40, 3, 33, 28, 29, 50]


def test_a_cross_tab_loses_as_little_as_any_safe_choice_of_hidden_cells():
    tables = counted(crossed([3, 9, 12, 8], SEX, Axis("use", ("bus", "train"))), [(SEX, Axis("use", ("bus", "train")))])
    [shown] = release(tables, seconds=None)
    cost = {place: log2(2 + count) * 4.0 ** place.count(None) for place, count in tables[0].counts.items()}
    spare = [place for place, count in tables[0].counts.items() if not 0 < count < 5 and place != (None, None)]
    choices = [{*chosen, ("f", "bus")} for size in range(4) for chosen in combinations(spare, size)]
    cheapest = sorted(choices, key=lambda chosen: sum(cost[place] for place in chosen))
    best = next(chosen for chosen in cheapest if not findings([only(tables[0], chosen)]))
    assert sum(cost[place] for place in hidden(shown)) == pytest.approx(sum(cost[place] for place in best))


def only(table, places):
    """The table with exactly these places hidden."""
    everything = {inference.key_of(table.axes, place) for place in table.counts if place not in places}
    return disclosure._published(table, everything, table.base, Policy())


def test_four_cells_are_hidden_for_one_where_old_practice_hid_whole_margins():
    [shown] = release(counted(crossed(UNEVEN), [(AGE, USE)]))
    assert len(hidden(shown)) == 4
    assert not [place for place in hidden(shown) if None in place]


@pytest.mark.parametrize("seed", range(25))  # a thousand larger ones: benchmarks/disclosing.py
def test_nothing_can_be_worked_out_of_a_made_survey(seed):
    chance = random.Random(seed)
    axes = made_axes(chance, 1)
    twice = seed % 5 == 0
    shapes = made_shapes(chance, axes, 5 if twice else 6)
    policy = Policy(rounding=5 if seed % 5 == 4 else 1, protect_unanswered=seed % 4 == 3)
    crowd = made_people(chance, axes, chance.choice((60, 150, 400)))
    releases = [release(counted(crowd, shapes), (), policy, seconds=0.1)]
    if twice:
        crowd += made_people(chance, axes, len(crowd) // 2)
        releases.append(release(counted(crowd, shapes), releases[0], policy, seconds=0.1))
    assert findings(*releases, policy=policy) == ()


def ring_of_tables():
    """Eight tables of a small survey; three variables are crossed two by two. Found among made surveys."""
    chance = random.Random(117)
    axes = made_axes(chance, 1)
    shapes = made_shapes(chance, axes, 8)
    return counted(made_people(chance, axes, chance.choice((40, 90))), shapes)


def test_listing_whole_persons_tells_no_more_of_tables_in_a_ring_than_the_tables_do(monkeypatch):
    assert not findings(release(ring_of_tables()))
    monkeypatch.setattr(disclosure_rings, "_TRIED", 0)
    assert findings(release(ring_of_tables()))


def test_rings_are_tried_one_by_one_and_together_where_whole_persons_can_be_listed():
    pairs = list(combinations((AGE, USE, SEX, WISH), 2))
    alone = [[ring] for ring in inference.rings(pairs)]
    assert [through for _shapes, through in disclosure_rings._tried(pairs)] == [*alone, [one for [one] in alone]]
    wide = list(combinations((AGE, USE, SEX, Axis("town", tuple(map(str, range(20))))), 2))
    assert all(len(through) == 1 for _shapes, through in disclosure_rings._tried(wide))


class SolverClock:
    """A clock that goes on by a second with each call of a solver, however long that takes."""

    def __init__(self, monkeypatch):
        self.calls = 0
        for module, name in ((bounds, "milp"), (bounds, "linprog"), (suppression, "milp"), (closing, "linprog")):
            monkeypatch.setattr(module, name, self.counting(getattr(module, name)))
        monkeypatch.setattr(suppression_clock.time, "thread_time", lambda: float(self.calls))

    def counting(self, solver):
        def counted_solver(*args, **options):
            self.calls += 1
            return solver(*args, **options)

        return counted_solver


@pytest.mark.parametrize("seconds", [0, 1, 5, 12])
def test_a_release_ends_soon_after_its_time_and_is_safe_wherever_it_is_then(seconds, monkeypatch):
    monkeypatch.setattr(suppression_clock, "CLOSING_SECONDS", 5)
    clock = SolverClock(monkeypatch)
    shown = release(ring_of_tables(), seconds=seconds)
    assert clock.calls <= seconds + max(seconds, 5) + 1
    assert findings(shown) == ()


def test_what_some_tables_leave_of_the_time_is_shared_by_those_after_them(monkeypatch):
    now = 0.0
    monkeypatch.setattr(suppression_clock.time, "thread_time", lambda: now)
    left = suppression_clock.clocks(10.0, 2)
    assert next(left).mind(99) == 10
    now = 4.0
    last = next(left)
    assert last.mind(99) == 16
    now = 12.1
    assert last.late
    assert last.mind(99) == pytest.approx(7.9)


def test_progress_hears_of_each_second_once_and_of_the_last_in_the_end(monkeypatch):
    now, told = 5.0, []
    monkeypatch.setattr(suppression_clock.time, "thread_time", lambda: now)
    clocks = suppression_clock.clocks(2.0, 2, lambda *one: told.append(one))
    for each, searched, looks in zip(clocks, (6, 8.25), ([5.1, 5.2, 6.5], [8.0, 8.9, 99.0, 99.0]), strict=False):
        for now in looks:
            assert each.late == (now > searched)
    assert next(clocks, None) is None
    assert told == [(done, 12, "hide") for done in (0, 1, 3, 11, 12)]


def test_a_release_is_the_same_whoever_hears_how_far_it_is():
    told, tables = [], counted(crossed(UNEVEN), [(AGE, USE)])
    assert release(tables, progress=lambda *one: told.append(one)) == release(tables)
    assert told[-1] == (20, 20, "hide")


def test_without_any_time_the_release_is_safe_all_the_same():
    tables = counted(crossed(UNEVEN) + crossed([1, 4, 0, 2, 7, 3, 9, 1, 6]), [(AGE,), (USE,), (AGE, USE)])
    at_once = release(tables, seconds=0)
    assert findings(at_once) == ()
    assert sum(map(len, map(hidden, at_once))) >= sum(map(len, map(hidden, release(tables))))


@pytest.mark.parametrize(
    "cells", [UNEVEN, [3, 3, 40, 3, 3, 40, 40, 40, 40]], ids=["while it closes", "at the first attack"]
)
def test_without_time_to_prove_a_choice_all_is_hidden_but_what_everybody_knows(cells, monkeypatch):
    policy, tables = Policy(public=frozenset({"age"})), counted(crossed(cells), [(AGE,), (AGE, USE)])
    assert len(hidden(release(tables, policy=policy, seconds=0)[1])) < 8
    monkeypatch.setattr(suppression_clock, "CLOSING_SECONDS", 0)
    ages, uses = release(tables, policy=policy, seconds=0)
    assert not hidden(ages)
    assert hidden(uses) == uses.cells.keys()
    assert findings([ages, uses], policy=policy) == ()
    monkeypatch.setattr(suppression.Search, "_all_that_may_be", lambda self: self._columns.forced)
    assert hidden(release(tables, policy=policy, seconds=0)[1]) == {
        place for place, count in tables[1].counts.items() if 0 < count < 5
    }


def test_an_attack_that_is_broken_off_proves_nothing(monkeypatch):
    tables = counted(people(*zip((3, 4, 40), LINE, strict=True)), [(AGE,)])
    assert hidden(release(tables, seconds=0)[0]) == {("young",), ("middle",)}
    monkeypatch.setattr(suppression_clock, "CLOSING_SECONDS", 0)
    assert hidden(release(tables, seconds=0)[0]) == tables[0].counts.keys()


def test_that_newcomers_chose_an_option_does_not_give_back_who_chose_one_before():
    early = people((17, {"wish": "bench"}), (3, {"wish": ("bench", "shade")}))
    late = [*early, *people((8, {"wish": "bench"}), (12, {"wish": "shade"}))]
    first, tables = release(counted(early, [(WISH,)])), counted(late, [(WISH,)])
    assert [one.high for one in findings(first, [only(tables[0], ())]) if one.what == "cell"] == [3]
    assert not findings(first, release(tables, first))


def test_answers_taken_out_between_releases_are_no_contradiction():
    early = people((30, {"wish": ("bench", "shade")}), (10, {"wish": "bench"}))
    late = [*early[10:], *people((15, {"wish": "bench"}), (15, {"wish": "shade"}))]
    first, second = (counted(group, [(WISH,)]) for group in (early, late))
    shown = release(first)
    later = release(second, shown)
    assert hidden(later[0]) == set()
    assert findings(shown, later) == ()


def test_the_parts_of_a_district_do_not_give_a_hidden_part_back():
    crowd = people((3, {"place": ("n1", "north")}), (40, {"place": ("n2", "north")}), (20, {"place": ("n3", "north")}))
    crowd += people((60, {"place": "south"}))
    [shown] = release(counted(crowd, [(PLACE,)]))
    assert hidden(shown) == {("n1",), ("n3",)}
    assert findings([shown]) == ()


def test_a_table_of_three_questions_is_protected_too():
    tables = release(counted(some_ninety(), [(AGE, USE, SEX), (AGE, USE), (SEX,)]), seconds=0.5)
    assert any(map(hidden, tables))
    assert findings(tables) == ()


def test_a_count_nobody_can_be_in_is_shown_and_covers_nothing():
    cells = [0, 30, 3, 25, 30, 20, 40, 20, 35]
    [table] = counted(crossed(cells), [(AGE, USE)])
    impossible = frozenset({("young", "bus")})
    [shown] = release([FrequencyTable("t", table.axes, table.counts, table.base, impossible=impossible)])
    assert shown.cells["young", "bus"].count == 0
    assert {("young", "train"), ("young", "car")} <= hidden(shown)
    assert findings([shown]) == ()


def test_a_policy_may_protect_that_nobody_said_so():
    tables = counted(crossed([0, 30, 31, 40, 33, 33, 28, 29, 50]), [(AGE, USE)])
    assert not hidden(release(tables)[0])
    assert ("young", "bus") in hidden(release(tables, policy=Policy(protect_zeros=True))[0])


def test_what_anybody_can_see_of_a_person_passes_and_is_taken_as_known():
    tables = counted(crossed([3, 0, 0, 8, 9, 30, 10, 20, 30]), [(AGE,), (AGE, USE)])
    policy = Policy(public=frozenset({"age"}))
    ages, uses = release(tables, policy=policy, seconds=0.1)
    assert (ages.cells["young",].count, uses.cells["young", "bus"].count) == (3, None)
    assert ("young",) in hidden(release(tables, seconds=0.1)[0])


def test_rounded_counts_need_fewer_hidden_neighbours():
    tables = counted(crossed(UNEVEN), [(AGE, USE)])
    [shown] = release(tables, policy=Policy(rounding=5))
    assert shown.cells["young", "train"].count == 30
    assert shown.cells["old", "train"].count == 30
    assert all(cell.count % 5 == 0 for cell in shown.cells.values() if cell.count is not None)
    assert len(hidden(shown)) < len(hidden(release(tables)[0]))
    assert findings([shown], policy=Policy(rounding=5)) == ()


def no_complements(monkeypatch):
    monkeypatch.setattr(Attack, "found_out", lambda self, hidden: [])


def no_earlier_release(monkeypatch):
    monkeypatch.setattr(disclosure, "_layers", lambda previous, related: {})


def impossible_counts_as_cover(monkeypatch):
    monkeypatch.setattr(disclosure, "_impossible", lambda tables: frozenset())


def no_complement_of_an_option(monkeypatch):
    whole = disclosure.rules_of

    def without(shapes, measure=""):
        return [one for one in whole(shapes, measure) if not any(_not_chosen(key) for key in (one.total, *one.parts))]

    monkeypatch.setattr(disclosure, "rules_of", without)


def _not_chosen(key):
    return any(condition.kind == "is_not" for condition in key)


def four_is_not_small(monkeypatch):
    monkeypatch.setattr(Policy, "is_small", lambda self, count: 0 < count < self.minimum_cell - 1)


def one_integer_too_few(monkeypatch):
    made = suppression.Search.__init__

    def careless(self, problem, clock):
        made(self, disclosure.replace(problem, minimum=problem.minimum - 1), clock)

    monkeypatch.setattr(suppression.Search, "__init__", careless)


def tables_that_know_nothing_of_each_other(monkeypatch):
    monkeypatch.setattr(disclosure, "linked_shapes", lambda shapes: [[one] for one in dict.fromkeys(shapes)])


def parts_without_their_whole(monkeypatch):
    whole = disclosure.rules_of
    north = Condition("place", "is", "north")
    monkeypatch.setattr(
        disclosure,
        "rules_of",
        lambda shapes, measure="": [one._replace(exact=north not in one.total) for one in whole(shapes, measure)],
    )


def silence_tells_nothing(monkeypatch):
    silent = frozenset([Condition("age", "unanswered"), Condition("use", "unanswered")])
    monkeypatch.setattr(disclosure, "_free_to_tell", lambda shapes, policy: silent)


def a_fallback_that_stops_halfway(monkeypatch):
    monkeypatch.setattr(closing.Closing, "closed", lambda self, hidden, failed: hidden)


LINE = {"age": "young"}, {"age": "middle"}, {"age": "old"}
SILENT = Policy(protect_unanswered=True)
BROKEN = {
    no_complements: ([(AGE, USE)], crossed(UNEVEN), [], Policy()),
    no_earlier_release: (
        [(AGE,)],
        people(*zip((20, 20, 20), LINE, strict=True)),
        people(*zip((2, 10, 10), LINE, strict=True)),
        Policy(),
    ),
    impossible_counts_as_cover: ([(AGE, USE)], crossed([30, 90, 3, 0, 90, 20, 90, 90, 90]), [], Policy()),
    no_complement_of_an_option: (
        [(WISH,)],
        people((97, {"wish": ("bench",)}), (3, {"wish": ("shade",)}), (20, {"wish": ("bench", "shade")})),
        [],
        Policy(),
    ),
    four_is_not_small: ([(AGE,)], people(*zip((4, 30, 30), LINE, strict=True)), [], Policy()),
    one_integer_too_few: ([(AGE, USE)], crossed([3, 1, 40, 1, 30, 20, 30, 30, 30]), [], Policy()),
    tables_that_know_nothing_of_each_other: (
        [(AGE,), (AGE, USE)],
        crossed([3, 0, 0, 35, 5, 0, 5, 36, 0]),
        [],
        Policy(),
    ),
    parts_without_their_whole: (
        [(PLACE,)],
        people((3, {"place": ("n1", "north")}), (40, {"place": ("n2", "north")}), (60, {"place": "south"})),
        [],
        Policy(),
    ),
    silence_tells_nothing: (
        [(AGE,)],
        people(*zip((20, 30, 40), LINE, strict=True), (2, {"age": ()})),
        [],
        SILENT,
    ),
    a_fallback_that_stops_halfway: ([(AGE, USE)], crossed(UNEVEN), [], Policy()),
}


def released(breaking):
    shapes, early, late, policy = BROKEN[breaking]
    seconds = 0 if breaking is a_fallback_that_stops_halfway else 1.0

    def tables(crowd):
        found = counted(crowd, shapes)
        if breaking is impossible_counts_as_cover:
            none = frozenset({("middle", "bus")})
            found = [FrequencyTable("t", one.axes, one.counts, one.base, impossible=none) for one in found]
        return found

    releases = [release(tables(early), (), policy, seconds)]
    if late:
        releases.append(release(tables(early + late), releases[0], policy, seconds))
    return findings(*releases, policy=policy)


@pytest.mark.parametrize("breaking", BROKEN, ids=lambda one: one.__name__)
def test_the_auditor_catches_a_broken_control(breaking, monkeypatch):
    assert released(breaking) == ()
    breaking(monkeypatch)
    assert released(breaking)
