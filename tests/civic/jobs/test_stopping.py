"""A runner told to stop stops, at whatever instant of its round the signal comes."""

import itertools
import sys
import threading
from types import FrameType
from typing import Any

import pytest
from flask import Flask

from civic.jobs import runner
from civic.jobs.runner import Runner

SECONDS = 10


class Deaf(Runner):
    """As it must not be: an event, whose lock the thread that the signal interrupts may hold."""

    def __init__(self, application: str) -> None:
        self.event = threading.Event()
        super().__init__(application)

    @property
    def stopping(self) -> bool:  # type: ignore[override]  # the attribute, broken
        return self.event.wait(runner.LOOK)

    @stopping.setter
    def stopping(self, value: bool) -> None:
        if value:
            self.event.set()


def interrupted_at(app: Flask, one: Runner, instant: int) -> tuple[threading.Thread, int]:
    """The thread of a runner that was told to stop as its `instant`-th line began, and how many lines began till then."""
    lines = itertools.count(1)
    begun = 0

    def trace(frame: FrameType, what: str, argument: Any) -> Any:
        nonlocal begun
        if what == "line" and begun < instant:
            begun = next(lines)
            if begun == instant:
                sys.settrace(None)
                one.stop()
        return trace

    def work() -> None:
        with app.app_context():
            sys.settrace(trace)
            one.run()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(SECONDS)
    return thread, begun


def quiet(kind: type[Runner]) -> Runner:
    """A runner with nothing to do: what is looked at here is how it waits."""
    one = kind("wsgi")
    one.patiently = one.give_back = lambda *_: None  # type: ignore[method-assign]  # no database in this thread
    return one


def test_it_stops_at_whatever_line_the_signal_comes(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    monkeypatch.setattr(runner, "LOOK", 1e-4)
    for instant in range(1, 200):
        thread, begun = interrupted_at(app, quiet(Runner), instant)
        assert not thread.is_alive(), f"it hangs, told at line {instant}"
        assert begun == instant


def test_one_whose_signal_asks_for_a_lock_is_seen_to_hang(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    monkeypatch.setattr(runner, "LOOK", 1e-4)
    monkeypatch.setitem(globals(), "SECONDS", 0.5)
    assert any(interrupted_at(app, quiet(Deaf), instant)[0].is_alive() for instant in range(1, 60))
