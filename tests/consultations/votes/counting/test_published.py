"""Our counts beside those that were published: council wards in Scotland, Debian's votes, a city's budget.

Every figure here is somebody else's; `tests/consultations/votes/data/README.md` says whose.
"""

import pytest

from consultations.votes.counting.greedy import greedy
from consultations.votes.counting.pairwise import table_of
from consultations.votes.counting.schulze import schulze_of
from consultations.votes.counting.stv import Act
from consultations.votes.counting.wigm import wigm
from tests.consultations.votes.counting.published import debian_votes, preference_profile, projects

FERGUSON, LOUDEN, RHIND, ROBERTSON, SKINNER, STONE = "123456"


@pytest.fixture(scope="module")
def tain():
    """Highland Council 2017, ward 7, counted from its papers."""
    return wigm(preference_profile("highland-2017-ward-7.txt"), "123456", seats=3)


def test_tain_has_the_declared_papers_and_quota(tain):
    assert tain.ballots == 3_484
    assert {str(stage.quota) for stage in tain.stages} == {"872.00000"}


OFFICIAL_STAGES = [
    (Act.FIRST, None, ["558", "831", "569", "708", "139", "679"], "0", ()),
    (Act.EXCLUSION, SKINNER, ["583", "847", "587", "751", "0", "696"], "20", ()),
    (Act.EXCLUSION, FERGUSON, ["0", "870", "722", "903", "0", None], None, (ROBERTSON,)),
]


@pytest.mark.parametrize("number", range(len(OFFICIAL_STAGES)))
def test_tain_has_the_official_report_stage_by_stage(tain, number):
    """As far as the report could be read: into stage 3."""
    act, of, votes, non_transferable, elected = OFFICIAL_STAGES[number]
    stage = tain.stages[number]
    assert (stage.act, stage.of, stage.elected) == (act, of, elected)
    for code, official in zip("123456", votes, strict=True):
        assert official is None or str(stage.votes[code]) == f"{official}.00000"
    assert non_transferable is None or str(stage.non_transferable) == f"{non_transferable}.00000"


def test_tain_goes_on_as_published_in_whole_votes(tain):
    """Stages 4 to 6, and who was elected when, from the ward's table in the encyclopaedia."""
    fourth, fifth, sixth = tain.stages[3:]
    assert [rounded(fourth, code) for code in (LOUDEN, STONE, RHIND)] == [874, 860, 736]
    assert [rounded(fifth, code) for code in (STONE, RHIND)] == [861, 736]
    assert rounded(sixth, STONE) == 1_342
    assert [(stage.number, stage.elected) for stage in tain.stages if stage.elected] == [
        (3, (ROBERTSON,)),
        (4, (LOUDEN,)),
        (6, (STONE,)),
    ]


def rounded(stage, code):
    votes = stage.votes[code]
    return (votes.units + 10**votes.places // 2) // 10**votes.places


INVERNESS_FIRST = {
    "boyd": 104,
    "caddick": 799,
    "crawford": 527,
    "fraser": 387,
    "k gowans": 1287,
    "m gowans": 376,
    "jarvie": 1022,
    "macpherson": 583,
}
INVERNESS_NEXT = {"boyd": 5, "caddick": 55, "crawford": 50, "fraser": 38, "m gowans": 1035, "macpherson": 51}
"""Papers of K. Gowans by next preference: each official transfer divided by the transfer value of 0.20901."""


def test_inverness_has_the_official_surplus_to_the_fifth_decimal():
    """Highland Council 2017, ward 19: 269 votes over the quota from 1,287 papers, and where they went."""
    cast = [((code,), papers) for code, papers in INVERNESS_FIRST.items() if code != "k gowans"]
    cast += [(("k gowans", code), papers) for code, papers in INVERNESS_NEXT.items()]
    cast += [(("k gowans",), INVERNESS_FIRST["k gowans"] - sum(INVERNESS_NEXT.values()))]
    first, second, *_ = wigm(cast, INVERNESS_FIRST, seats=4).stages
    assert str(first.quota) == "1018.00000"
    assert first.elected == ("k gowans", "jarvie")
    assert (second.act, second.of, str(second.transfer_value)) == (Act.SURPLUS, "k gowans", "0.20901")
    assert {code: str(votes) for code, votes in second.votes.items()} == {
        "boyd": "105.04505",
        "caddick": "810.49555",
        "crawford": "537.45050",
        "fraser": "394.94238",
        "jarvie": "1022.00000",
        "k gowans": "1018.00000",
        "m gowans": "592.32535",
        "macpherson": "593.65951",
    }
    assert str(second.non_transferable) == "11.08166"


@pytest.mark.parametrize(("name", "above", "winner"), list(debian_votes()), ids=[one[0] for one in debian_votes()])
def test_debian_has_its_published_winner(name, above, winner):
    counted = schulze_of(table_of(above))
    assert counted.elected == (winner,)
    assert counted.condorcet_winner == winner


def test_debian_2002_has_its_published_wins_and_worst_defeat():
    """ "Branden Robinson 2-1-0 votes against in worst defeat/closest victory: 291"."""
    above = next(above for name, above, _ in debian_votes() if name.startswith("2002"))
    table, robinson = table_of(above), "Branden Robinson"
    others = [code for code in table.options if code != robinson]
    assert [
        sum(table.beats(robinson, code) for code in others),
        sum(table.beats(code, robinson) for code in others),
    ] == [2, 1]
    assert [above[code][robinson] for code in others if table.beats(code, robinson)] == [291]


def test_koziny_bought_what_the_city_announced():
    """Łódź 2022, Koziny: 496,000 złoty by votes, with eight dearer projects passed over for a cheaper one."""
    costs, votes, selected = projects("koziny-2022.csv")
    counted = greedy([([code], number) for code, number in votes.items()], costs, budget=496_000)
    assert set(counted.bought) == selected
    assert counted.spent == 490_200
    assert [one.project for one in counted.considered] == list(votes)
