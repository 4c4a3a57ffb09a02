"""A sum that one or few people make up is theirs: it is hidden, and so that nobody can subtract it."""

import pytest

from analysis.disclosure import FrequencyTable, Policy, release
from analysis.disclosure_audit import audit
from analysis.disclosure_files import release_to_json
from analysis.inference import Axis
from analysis.sums import ReleasedSums, SumTable, release_sums

SHOP = Axis("shop", ("baker", "butcher", "grocer"))
P_RULE = Policy(p_percent=15)


def sums(**gave):
    """Turnover by kind of shop, from what each gave."""
    everybody = [one for given in gave.values() for one in given]
    places = {(shop,): given for shop, given in gave.items()} | {(None,): everybody}
    return SumTable(
        "turnover",
        (SHOP,),
        "yen",
        {place: float(sum(given)) for place, given in places.items()},
        {place: len(given) for place, given in places.items()},
        {place: sorted(given, reverse=True)[:2] for place, given in places.items()},
        len(everybody),
    )


EVEN = [10.0] * 8
LED = [500.0, 40.0, 10.0, 10.0, 10.0, 10.0]


def counts(baker, butcher, grocer):
    numbers = {("baker",): baker, ("butcher",): butcher, ("grocer",): grocer, (None,): baker + butcher + grocer}
    return FrequencyTable("shops", (SHOP,), numbers, baker + butcher + grocer)


def test_a_sum_that_the_second_largest_could_estimate_is_hidden_and_another_with_it():
    [shown] = release_sums([sums(baker=EVEN, butcher=LED, grocer=[20.0] * 9)], [], (), P_RULE)
    assert (shown.sums["butcher",], shown.sums[None,]) == (None, 840.0)
    assert sum(total is None for total in shown.sums.values()) == 2
    [again] = release_sums([sums(baker=EVEN, butcher=LED, grocer=[20.0] * 9)], [], (), Policy())
    assert None not in again.sums.values()


def test_dominance_counts_the_n_largest():
    led = sums(baker=EVEN, butcher=LED, grocer=[20.0] * 9)
    assert release_sums([led], [], (), Policy(dominance=(2, 80)))[0].sums["butcher",] is None
    assert release_sums([led], [], (), Policy(dominance=(2, 95)))[0].sums["butcher",] == 580.0


def test_the_auditor_cannot_estimate_a_hidden_sum_as_closely_as_the_rule_forbids():
    policy = P_RULE
    shown = release_sums([sums(baker=EVEN, butcher=LED, grocer=[20.0] * 9)], [], (), policy)
    assert audit([release_to_json([], shown, policy, 23)]).findings == ()
    open_to_all = {("baker",): 80.0, ("butcher",): None, ("grocer",): 180.0, (None,): 840.0}
    careless = [ReleasedSums(shown[0].name, (SHOP,), "yen", 23, open_to_all)]
    [found] = audit([release_to_json([], careless, policy, 23)]).findings
    assert (found.place, found.low, found.high) == (("butcher",), 580, 580)


def test_a_sum_over_a_hidden_count_is_hidden_with_it():
    counted = release([counts(3, 30, 40)])
    [shown] = release_sums([sums(baker=[10.0] * 3, butcher=[10.0] * 30, grocer=[10.0] * 40)], counted)
    assert {place for place, total in shown.sums.items() if total is None} == {("baker",), ("butcher",)}


def test_sums_are_published_once():
    first = release_sums([sums(baker=EVEN, butcher=EVEN, grocer=EVEN)], [])
    with pytest.raises(ValueError, match="published before"):
        release_sums([sums(baker=EVEN, butcher=EVEN, grocer=EVEN)], [], first)


def test_a_release_of_sums_survives_storage():
    shown = release_sums([sums(baker=[], butcher=LED, grocer=EVEN)], [], (), P_RULE)
    assert [ReleasedSums.from_json(one.to_json()) for one in shown] == shown


@pytest.mark.parametrize("wrong", [{"dominance": (0, 80)}, {"p_percent": 0}, {"dominance": (1, 100)}, {"rounding": 0}])
def test_a_policy_of_impossible_numbers_is_refused(wrong):
    with pytest.raises(ValueError, match=r"needs|rounds"):
        Policy(**wrong)
