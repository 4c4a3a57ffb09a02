"""Opinion groups: planted camps are found, nobody's place in the file matters, and bad reactions are named."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score, silhouette_score
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from analysis.clusters import agreement, cluster
from analysis.opinions import Opinions, opinion_groups
from analysis.reactions import Reactions, ReactionsRefused, moderated_out, reactions_from, read_reactions
from analysis.tabular import TableRefused, iter_rows, write_csv

CAMPS = 3


def planted(people: int = 90, statements: int = 24, seed: int = 1) -> tuple[list[list[int | None]], list[int]]:
    """A vote or None per person and statement: each camp likes four of the first twelve, all like the last."""
    chance = np.random.default_rng(seed)
    leaning = np.full((CAMPS, statements), 0.5)
    for camp in range(CAMPS):
        leaning[camp, : statements // 2] = 0.1
        leaning[camp, camp * 4 : camp * 4 + 4] = 0.9
    leaning[:, -1] = 0.97
    camps = [0] * (people // 2) + [1] * (people // 3) + [2] * (people - people // 2 - people // 3)
    table: list[list[int | None]] = []
    for camp in camps:
        agreed = chance.random(statements) < leaning[camp]
        seen = chance.random(statements) < 0.8
        table.append([(1 if one else -1) if there else None for one, there in zip(agreed, seen, strict=True)])
    return table, camps


def reactions(table: list[list[int | None]], names: list[str] | None = None) -> Reactions:
    cells = [(p, s, v) for p, row in enumerate(table) for s, v in enumerate(row) if v is not None]
    rows, columns, values = (
        (np.array(each, dtype=np.int64) for each in zip(*cells, strict=True)) if cells else [np.zeros(0, np.int64)] * 3
    )
    people = names or [f"p{number}" for number in range(len(table))]
    return reactions_from(people, [f"s{number}" for number in range(len(table[0]))], rows, columns, values)


@pytest.fixture(scope="module")
def table() -> list[list[int | None]]:
    return planted()[0]


@pytest.fixture(scope="module")
def found(table: list[list[int | None]]) -> Opinions:
    return opinion_groups(reactions(table))


def labels(found: Opinions) -> list[int]:
    return [int(one.group or 0) for one in found.places]


def test_planted_camps_are_found_and_hold_under_resampling(found: Opinions) -> None:
    assert adjusted_rand_score(labels(found), planted()[1]) > 0.9
    assert [group.id for group in found.groups] == ["1", "2", "3"]
    assert [group.size for group in found.groups] == sorted((group.size for group in found.groups), reverse=True)
    assert found.stable
    assert min(group.stability for group in found.groups) > 0.7
    assert sum(group.votes for group in found.groups) == sum(v is not None for row in planted()[0] for v in row)


@settings(max_examples=6, deadline=None)
@given(st.permutations(range(90)), st.permutations(range(24)))
def test_neither_order_nor_names_of_participants_nor_order_of_statements_can_matter(table, found, order, shuffled):
    cells = [(i, s, table[p][s]) for i, p in enumerate(order) for s in shuffled if table[p][s] is not None]
    rows, columns, values = (np.array(each) for each in zip(*cells, strict=True))
    places = {s: place for place, s in enumerate(shuffled)}
    columns = np.array([places[s] for s in columns])
    names = [f"anybody {number}" for number in range(90)]
    other = opinion_groups(reactions_from(names, [f"s{s}" for s in shuffled], rows, columns, values))
    assert [other.places[i].group for i in range(90)] == [found.places[p].group for p in order]
    assert [(o.x, o.y) for o in other.places] == [(found.places[p].x, found.places[p].y) for p in order]
    assert replace(other, places=()) == replace(found, places=())


def test_the_map_is_the_principal_components_of_scikit_learn_stretched_by_what_was_seen(table, found):
    votes = np.array([[np.nan if v is None else v for v in row] for row in table], dtype=float)
    filled = np.where(np.isnan(votes), np.nanmean(votes, axis=0), votes)
    pca = PCA(2).fit(filled)
    theirs = pca.transform(filled) * np.sqrt(24 / (~np.isnan(votes)).sum(axis=1))[:, None]
    ours = np.array([(one.x, one.y) for one in found.places])
    for axis in (0, 1):
        cosine = abs(ours[:, axis] @ theirs[:, axis]) / np.linalg.norm(ours[:, axis]) / np.linalg.norm(theirs[:, axis])
        assert cosine > 1 - 1e-9
    assert np.abs(ours) == pytest.approx(np.abs(theirs), abs=1e-7)


def test_clusters_are_as_good_as_those_of_scikit_learn_and_the_silhouette_is_theirs():
    points = np.random.default_rng(3).normal(size=(150, 2)) + np.repeat([[0, 0], [4, 0], [0, 5]], 50, axis=0)
    ours = cluster(points, np.random.default_rng(0))
    theirs = KMeans(3, n_init=30, random_state=0).fit(points)
    spread = ((points - ours.centres[ours.labels]) ** 2).sum()
    assert len(ours.centres) == 3
    assert spread == pytest.approx(theirs.inertia_, rel=1e-9)
    assert ours.silhouette == pytest.approx(silhouette_score(points, ours.labels), abs=1e-9)
    assert agreement(ours.labels, theirs.labels_.astype(np.int64)) == pytest.approx(1)


def test_agreement_equals_scikit_learn():
    chance = np.random.default_rng(5)
    first, second = chance.integers(0, 3, 80), chance.integers(0, 4, 80)
    assert agreement(first, second) == pytest.approx(adjusted_rand_score(first, second), abs=1e-12)


def counts(table, found, group, statement):
    place = int(statement[1:])
    votes = {True: [], False: []}
    for row, one in zip(table, found.places, strict=True):
        if row[place] is not None and one.group:
            votes[one.group == group].append(row[place])
    return votes[True], votes[False]


def test_representative_statements_are_two_proportion_tests_of_statsmodels(table, found):
    for group in found.groups:
        assert 1 <= len(group.representative) <= 5
        for one in group.representative:
            inside, outside = counts(table, found, group.id, one.statement)
            said = 1 if one.direction == "agree" else -1
            p = proportions_ztest([inside.count(said), outside.count(said)], [len(inside), len(outside)])[1]
            assert one.p_value == pytest.approx(p, rel=1e-8)
            assert one.p_value <= one.p_holm < 0.05
            assert (one.share_agree, one.seen) == (inside.count(1) / len(inside), len(inside))
            assert int(one.statement[1:]) < 12  # only there do the camps differ


def test_what_all_agree_with_and_what_divides_them(table, found):
    assert [one.statement for one in found.consensus] == ["s23"]
    assert found.rejected == ()
    assert found.consensus[0].ci95[0] < found.consensus[0].share_agree < found.consensus[0].ci95[1]
    assert {one.statement for one in found.divisive[:12]} == {f"s{number}" for number in range(12)}
    first = found.divisive[0]
    assert [one.spread for one in found.divisive] == sorted((one.spread for one in found.divisive), reverse=True)
    extremes = [(shares, str(place + 1)) for place, shares in enumerate(first.shares)]
    low, high = (counts(table, found, group, first.statement)[0] for _, group in (min(extremes), max(extremes)))
    theirs = confint_proportions_2indep(high.count(1), len(high), low.count(1), len(low), method="newcomb")
    assert first.ci95 == pytest.approx(theirs, abs=1e-8)
    assert first.spread == pytest.approx(high.count(1) / len(high) - low.count(1) / len(low))


def test_chance_alone_is_told_as_unstable_and_without_findings():
    noise = [[int(v) for v in row] for row in np.random.default_rng(9).choice([-1, 1], (60, 20))]
    nothing = opinion_groups(reactions(noise))
    assert not nothing.stable
    assert nothing.to_json()["stability"]["stable"] is False
    assert nothing.consensus == ()


def test_fewer_than_seven_reactions_give_a_place_and_no_group(table):
    few = [*table, [1] * 6 + [None] * 18, [1] * 7 + [None] * 17, [None] * 24]
    places = opinion_groups(reactions(few)).places[-3:]
    assert [one.group is None for one in places] == [True, False, True]
    assert (places[0].x, places[0].y) != (0, 0)
    assert (places[2].x, places[2].y) == (0, 0)  # nobody knows where someone without reactions stands
    short = [[1, 1, -1], [1, None, -1], [-1, -1, 1], [-1, -1, 1]]
    assert [one.group is None for one in opinion_groups(reactions(short)).places] == [False, True, False, False]


def test_a_statement_taken_out_is_no_ones_and_counts_as_seen_by_all(table, found):
    whole = reactions(table)
    out = replace(whole, moderated=frozenset([0]))
    without = opinion_groups(out)
    named = [
        *(one.statement for group in without.groups for one in group.representative),
        *(one.statement for one in without.divisive),
    ]
    assert "s0" not in named
    assert "s0" in [one.statement for group in found.groups for one in group.representative] + [
        one.statement for one in found.divisive
    ]
    votes = np.array([[np.nan if v is None else v for v in row] for row in table], dtype=float)
    filled = np.where(np.isnan(votes), np.nanmean(votes, axis=0), votes)
    filled[:, 0], votes[:, 0] = 0, 0  # nobody reacted to it, everybody saw it
    theirs = PCA(2).fit_transform(filled) * np.sqrt(24 / (~np.isnan(votes)).sum(axis=1))[:, None]
    ours = np.array([(one.x, one.y) for one in without.places])
    assert np.abs(ours) == pytest.approx(np.abs(theirs), abs=1e-7)
    assert np.abs(ours) != pytest.approx(np.abs([(one.x, one.y) for one in found.places]), abs=1e-3)


@pytest.mark.parametrize("row", [[1] * 8, [1, -1] * 4, [None] * 8], ids=["all agree", "each alike", "nobody reacts"])
def test_where_nobody_differs_there_is_one_group_or_none(row):
    alike = opinion_groups(reactions([row] * 20))
    assert [group.size for group in alike.groups] == ([] if row[0] is None else [20])
    assert json.dumps(alike.to_json(), allow_nan=False)
    assert alike.groups == () or alike.groups[0].representative == ()


def test_a_constant_statement_changes_no_group(table, found):
    more = [[*row, 1] for row in table]
    assert labels(opinion_groups(reactions(more))) == labels(found)


def csv(*rows: tuple[str, ...]) -> bytes:
    return b"".join(write_csv(rows[0], rows[1:]))


def read(*rows: tuple[str, ...]) -> Reactions:
    with iter_rows(csv(*rows)) as stream:
        return read_reactions(stream)


HEAD = ("participant", "statement", "reaction")


def test_of_two_reactions_to_one_statement_the_last_counts_by_time_where_there_is_one():
    plain = read(HEAD, ("a", "1", "1"), ("b", "1", "0"), ("a", "1", "-1"))
    assert plain.values.tolist() == [-1, 0]
    timed = read((*HEAD, "timestamp"), ("a", "1", "1", "200"), ("a", "1", "-1", "100"))
    assert timed.values.tolist() == [1]


def test_long_form_and_matrix_are_read_alike():
    long = read(HEAD, ("a", "2", "1"), ("a", "10", "-1"), ("b", "10", "0"), ("c", "2", ""))
    wide = read(
        ("participant", "group-id", "n-votes", "2", "10"),
        ("a", "0", "2", "1", "-1"),
        ("b", "", "1", "", "0"),
        ("c", "", "0", "", ""),
    )
    for one in (long, wide):
        assert (one.participants, one.statements) == (("a", "b", "c"), ("2", "10"))
        assert (one.votes.tolist(), one.columns.tolist(), one.values.tolist()) == ([2, 1, 0], [0, 1, 1], [1, -1, 0])


@pytest.mark.parametrize(
    ("said", "rows"),
    [
        ("Row 2: 2 as the reaction to 7", [HEAD, ("a", "7", "1"), ("b", "7", "2")]),
        ("Row 1: yes as the reaction to 7", [("participant", "7"), ("a", "yes")]),
        ("Row 1 has no participant", [HEAD, ("", "7", "1")]),
        ("Row 1 has no statement", [HEAD, ("a", "", "1")]),
        ("Row 1 has no participant", [("participant", "7"), ("", "1")]),
        ("1 participants occur more than once: a", [("participant", "7"), ("a", "1"), ("a", "0")]),
        ("timestamp 'noon' is not a number", [(*HEAD, "timestamp"), ("a", "7", "1", "noon")]),
        ("neither the columns participant, statement, reaction", [("who", "what"), ("a", "7")]),
    ],
)
def test_what_is_no_reaction_is_named_by_its_row(said, rows):
    with pytest.raises(ReactionsRefused, match=said):
        read(*rows)


def test_ragged_rows_and_a_moderation_file_of_other_columns_are_refused():
    ragged = iter_rows(b"participant,statement,reaction\r\na,1,1\r\nb,1\r\n")
    with pytest.raises(TableRefused, match=r"Row 2, in line 3, has 2 cells instead of 3"), ragged as stream:
        read_reactions(stream)
    with pytest.raises(ReactionsRefused, match="needs the columns comment-id"):
        moderated_out(("id", "moderated"), [])
    assert moderated_out(("comment-id", "moderated"), [("1", "-1"), ("2", "0"), ("3", "1")]) == ["1"]
