"""Group commit: one thread writes for all that wait, and nobody hears of it too early."""

import gc
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest
import sqlalchemy as sa

from consultations.votes.casting import grouping
from consultations.votes.casting.actions import group_of
from consultations.votes.casting.grouping import GroupCommit

Outcomes = Sequence[str | Exception]
SECONDS = 10


class Disk:
    """Writes groups of words, each when it is let."""

    def __init__(self, commit: Callable[[Sequence[str]], Outcomes] = list) -> None:
        self.begun, self.let = Event(), Event()
        self.groups: list[list[str]] = []
        self.commit = commit
        self.group: GroupCommit[str, str] = GroupCommit(self.write)

    def write(self, works: Sequence[str]) -> Outcomes:
        self.groups.append(list(works))
        self.begun.set()
        assert self.let.wait(SECONDS)
        return self.commit(works)

    def one_and_then(self, threads: ThreadPoolExecutor, *others: str) -> list[Future[str]]:
        """A first word is being written while the others come."""
        first = threads.submit(self.group.write, "first")
        assert self.begun.wait(SECONDS)
        told = [first, *(threads.submit(self.group.write, one) for one in others)]
        while len(self.group._waiting) < len(others):
            pass
        return told


def test_who_comes_while_one_is_written_is_written_together() -> None:
    disk = Disk()
    with ThreadPoolExecutor() as threads:
        told = disk.one_and_then(threads, "a", "b", "c")
        disk.let.set()
        assert [one.result(SECONDS) for one in told] == ["first", "a", "b", "c"]
    assert [sorted(group) for group in disk.groups] == [["first"], ["a", "b", "c"]]


def test_nobody_is_told_before_the_commit() -> None:
    disk = Disk()
    with ThreadPoolExecutor() as threads:
        told = disk.one_and_then(threads, "a", "b")
        assert not any(one.done() for one in told)
        disk.let.set()


def test_one_refused_spoils_no_other() -> None:
    disk = Disk(lambda works: [ValueError(one) if one == "b" else one for one in works])
    with ThreadPoolExecutor() as threads:
        first, a, b, c = disk.one_and_then(threads, "a", "b", "c")
        disk.let.set()
        assert (first.result(SECONDS), a.result(SECONDS), c.result(SECONDS)) == ("first", "a", "c")
        assert isinstance(b.exception(SECONDS), ValueError)


def test_a_commit_that_fails_is_told_to_all_it_was_for_and_to_nobody_after() -> None:
    disk = Disk(lambda works: 1 / 0 if "a" in works else works)  # type: ignore[arg-type, return-value]
    with ThreadPoolExecutor() as threads:
        first, *others = disk.one_and_then(threads, "a", "b")
        disk.let.set()
        assert first.result(SECONDS) == "first"
        assert [type(one.exception(SECONDS)) for one in others] == [ZeroDivisionError] * 2
    assert disk.group.write("after") == "after"


def test_a_long_queue_is_written_in_several_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "MOST", 2)
    disk = Disk()
    with ThreadPoolExecutor() as threads:
        told = disk.one_and_then(threads, "a", "b", "c")
        disk.let.set()
        assert [one.result(SECONDS) for one in told] == ["first", "a", "b", "c"]
    assert sorted(map(len, disk.groups)) == [1, 1, 2]


def test_a_group_ends_with_its_database_and_keeps_no_connection_open():
    engine = sa.create_engine("sqlite://")
    assert group_of(engine, 1) is group_of(engine, 1)
    assert group_of(engine, 1) is not group_of(engine, 2)
    left = weakref.ref(engine)
    del engine
    gc.collect()
    assert left() is None
