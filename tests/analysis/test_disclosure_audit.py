"""The auditor finds what can be worked out: as sharply as listing every table does, and in whatever program's release."""

import ast
import random
from itertools import product
from pathlib import Path

import pytest

import analysis.auditor_atoms as auditor_atoms
import analysis.disclosure_audit as auditor
from analysis.disclosure import DEFAULT, Policy, release
from analysis.disclosure_audit import audit
from analysis.disclosure_files import release_to_json
from analysis.inference import Axis
from tests.analysis.disclosure_auditor import recoverable
from tests.analysis.test_suppression import AGE, SEX, USE, crossed, only
from tests.factories.surveyed import counted, made_axes, made_people, made_shapes


def stored(*tables, policy=DEFAULT):
    return release_to_json(tables, (), policy, tables[0].base)


def careless(people, shapes):
    """A release that hides small counts and nothing beside them."""
    tables = counted(people, shapes)
    return [only(table, {place for place, count in table.counts.items() if 0 < count < 5}) for table in tables]


PARTS = [Path(auditor.__file__), *sorted(Path(auditor.__file__).parent.glob("auditor_*.py"))]


def imported_by(path):
    """The modules that a module of analysis imports, anywhere in it."""
    for one in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(one, ast.ImportFrom):
            yield f"analysis.{one.module}" if one.level else one.module
        elif isinstance(one, ast.Import):
            yield from (name.name for name in one.names)


@pytest.mark.parametrize("part", PARTS, ids=lambda path: path.stem)
def test_no_part_of_it_shares_code_with_the_control(part):
    own = {f"analysis.{path.stem}" for path in PARTS}
    assert len(own) == 6
    assert [name for name in imported_by(part) if name.startswith("analysis") and name not in own] == []


def test_nothing_else_builds_on_its_parts():
    parts = {f"analysis.{path.stem}" for path in PARTS[1:]}
    others = [path for path in PARTS[0].parent.rglob("*.py") if path not in PARTS]
    assert [path for path in others if parts & set(imported_by(path))] == []


def test_progress_goes_through_all_tables_and_changes_nothing():
    people, told = crossed([30, 2, 40, 3, 1, 6], SEX, USE), []
    release = stored(*careless(people, [(SEX,), (USE,), (SEX, USE)]))
    apart = stored(*careless(people, [(SEX,), (USE,)]))
    for one, places in ((release, 3 + 4 + 12), (apart, 3 + 4)):
        told.clear()
        assert audit([one], progress=lambda *how_far: told.append(how_far)) == audit([one])
        assert [told[0][0], *told[-1]] == [0, places, places, "audit"]
        assert told == sorted(set(told))


def test_its_intervals_are_those_of_all_tables_that_agree_with_what_was_printed():
    cells = (3, 4, 6, 2, 5, 1)
    [table] = counted(crossed(cells, SEX, USE), [(SEX, USE)])
    places = list(product(SEX.categories, USE.categories))
    hidden = {("f", "bus"), ("f", "train"), ("m", "bus"), ("m", "train"), ("m", None)}
    found = audit([stored(only(table, hidden))], minimum=1_000).findings
    tried = ((one[0], one[1], 6, one[2], one[3], 1) for one in product(range(12), repeat=4))  # the cars are printed
    worlds = [world for world in tried if _agrees(world, places, table.counts, hidden)]
    for place in hidden - {("m", None)}:
        values = [dict(zip(places, world, strict=True))[place] for world in worlds]
        [interval] = {(one.low, one.high) for one in found if (one.place, one.what) == (place, "cell")}
        assert interval == (min(values), max(values))


def _agrees(world, places, counts, hidden):
    cells = dict(zip(places, world, strict=True))
    for row, column in counts:
        total = sum(n for (r, c), n in cells.items() if row in (None, r) and column in (None, c))
        if (row, column) not in hidden and total != counts[row, column]:
            return False
    return True


@pytest.mark.parametrize("seed", range(3))
def test_it_finds_a_leak_where_the_auditor_who_knows_the_answers_does(seed):
    chance = random.Random(seed)
    axes = made_axes(chance, 1)[1:3]
    people = made_people(chance, axes, 40)
    tables = careless(people, made_shapes(chance, axes, 3))
    known = recoverable([tables], [people])
    found = audit([stored(*tables)]).findings
    assert bool(known) == bool(found)
    hidden = {f"{t.name}{place} 0-0" for t in tables for place, cell in t.cells.items() if cell.suppressed}
    ours = {f"{one.table}{one.place} 0-0" for one in found if one.what == "cell"}
    assert {leak.split(":")[0] for leak in known} & hidden <= ours


@pytest.mark.parametrize("seed", range(2))
def test_tables_apart_are_attacked_as_sharply_as_whole_persons_where_they_form_a_chain(seed, monkeypatch):
    chance = random.Random(seed)
    age, single, wish, _why = made_axes(chance, 1)
    tables = careless(made_people(chance, [age, single, wish], 60), [(age, single), (single, wish), (wish,)])
    monkeypatch.setattr(auditor_atoms, "_WHOLE_PERSONS", 5_000)
    together = audit([stored(*tables)])
    monkeypatch.setattr(auditor_atoms, "_WHOLE_PERSONS", 0)
    apart = audit([stored(*tables)])
    assert together.findings
    assert {(one.table, one.place) for one in together.findings} == {(one.table, one.place) for one in apart.findings}


def test_a_small_count_that_is_printed_is_found():
    [table] = counted(crossed([3, 30, 40, 50, 30, 30, 30, 30, 30]), [(AGE, USE)])
    [found] = [one for one in audit([stored(only(table, set()))]).findings if one.place == ("young", "bus")]
    assert (found.what, found.low, found.high) == ("printed", 3, 3)


def test_a_release_made_under_a_weak_policy_leaks():
    weak = Policy(minimum_cell=3)
    shown = release(counted(crossed([1, 2, 40, 2, 1, 33, 28, 29, 50]), [(AGE, USE)]), (), weak)
    assert audit([stored(*shown, policy=weak)]).findings == ()
    assert audit([stored(*shown, policy=weak)], minimum=5).findings


def test_two_releases_that_are_safe_alone_are_found_to_differ_by_two_people():
    people = crossed([20, 30, 20, 30, 20, 30, 20, 30, 20])
    late = crossed([2, 10, 10, 10, 10, 10, 10, 10, 10])
    both = [release(counted(crowd, [(AGE, USE)])) for crowd in (people, people + late)]
    assert not any(audit([stored(*one)]).findings for one in both)
    found = audit([stored(*one) for one in both]).findings
    assert [(one.place, one.what, one.low) for one in found] == [(("young", "bus"), "growth of cell", 2)]


def test_rounded_counts_are_attacked_as_rounded():
    [table] = counted(crossed([2, 30, 31, 40, 33, 33, 28, 29, 50]), [(AGE, USE)])
    exact = only(table, {("young", "bus")})
    assert audit([stored(exact)]).findings
    policy = Policy(rounding=5)
    rounded = release(counted(crossed([2, 30, 31, 40, 33, 33, 28, 29, 50]), [(AGE, USE)]), (), policy)
    assert audit([stored(*rounded, policy=policy)]).findings == ()


def test_tables_that_contradict_each_other_are_refused():
    [table] = counted(crossed([20] * 9), [(AGE, USE)])
    broken = stored(only(table, {("young", "bus")}))
    broken["tables"][0]["cells"][1]["count"] = 900
    with pytest.raises(ValueError, match="contradict"):
        audit([broken])


def test_axes_of_many_options_do_not_make_it_list_all_their_subsets():
    wish = Axis("wish", tuple(f"w{number}" for number in range(12)), multiple=True)
    people = [{"wish": frozenset([f"w{number % 12}", "w0"])} for number in range(90)] + [
        {"wish": frozenset(["w3"])}
    ] * 2
    tables = careless(people, [(wish,)])
    assert ("complement", 2) in [(one.what, one.low) for one in audit([stored(*tables)]).findings]
