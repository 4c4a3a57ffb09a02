"""Names of topics that people gave, carried over to a new run by what the topics hold."""

from hypothesis import given
from hypothesis import strategies as st

from analysis.reports.rules import NamedTopic, carry_over, core_members, overlap


def named(edit: int, *members: str) -> NamedTopic:
    return NamedTopic(edit, f"name {edit}", frozenset(members))


def test_a_name_follows_the_topic_that_holds_half_of_its_texts() -> None:
    topics = {"1": frozenset("abcd"), "2": frozenset("xyz")}
    assert carry_over([named(1, *"abc"), named(2, *"xyzw")], topics) == {1: "1", 2: "2"}


def test_a_name_without_such_a_topic_is_orphaned_and_not_lost() -> None:
    assert carry_over([named(1, *"abc")], {"1": frozenset("cdefgh")}) == {1: None}
    assert carry_over([named(1, *"abc")], {}) == {1: None}
    assert carry_over([named(1)], {"1": frozenset()}) == {1: None}


def test_a_topic_takes_one_name_the_nearer_and_of_equals_the_older() -> None:
    topics = {"1": frozenset("abcd")}
    assert carry_over([named(1, *"abcx"), named(2, *"abcd")], topics) == {1: None, 2: "1"}
    assert carry_over([named(2, *"abcd"), named(1, *"abcd")], topics) == {1: "1", 2: None}


def test_half_is_enough_and_less_is_not() -> None:
    assert overlap(frozenset("ab"), frozenset("abcd")) == 0.5
    assert carry_over([named(1, *"ab")], {"1": frozenset("abcd")}) == {1: "1"}
    assert carry_over([named(1, *"ab")], {"1": frozenset("abcde")}) == {1: None}


MEMBERS = st.frozensets(st.sampled_from("abcdef"))


@given(st.lists(MEMBERS, max_size=5), st.dictionaries(st.sampled_from("12345"), MEMBERS))
def test_every_name_is_settled_once_and_no_topic_has_two(
    members: list[frozenset[str]], topics: dict[str, frozenset[str]]
) -> None:
    names = [NamedTopic(edit, "name", held) for edit, held in enumerate(members)]
    settled = carry_over(names, topics)
    assert set(settled) == {one.edit for one in names}
    taken = [topic for topic in settled.values() if topic is not None]
    assert len(taken) == len(set(taken))


def test_only_the_core_of_a_topic_counts() -> None:
    rows = [
        {"id": "a", "topic": "1", "place": "core"},
        {"id": "b", "topic": "1", "place": "fringe"},
        {"id": "c", "topic": None, "place": "unassigned"},
    ]
    assert core_members({"topics": [{"id": "1"}], "assignments": rows}) == {"1": frozenset("a")}
