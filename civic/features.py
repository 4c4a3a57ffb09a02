"""How a room joins the house: one frozen `Feature` in its `feature.py`, listed in `wsgi.py`, wired in `civic/app.py`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click
from flask import Blueprint, Flask, current_app

from civic.identity.roles import Permit
from civic.messages import N_, Message

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from civic.activities.models import Activity, Participation
    from civic.audit.acts import Act
    from civic.identity.accounts import Actor
    from civic.intake.reading import Intake
    from civic.intake.rows import Table


@dataclass(frozen=True)
class ActivityKind:
    """The kind of activity a feature brings: its model, its word, and where a resident and a clerk find one.

    `opening_problems(activity, at)` lists what at that moment stands between the activity and its opening,
    `answer_problems(activity)` what stands between it and the publication of the city's answer. `facts` is the
    template, given `activity`, of what people are told before they take part, as staff see it. Where `own_admission`, the
    kind decides itself who takes part, how often and how, in what confidence and when results show: the common settings
    leave it alone. `close_endpoint` is its own page of the close, `fixed_end` the sentence why its end cannot be moved.
    """

    kind: str
    model: type["Activity"]
    label: str
    icon: str
    resident_endpoint: str
    staff_endpoint: str
    answer_endpoint: str = ""  # where the city's answer stands, if not on the resident page
    opening_problems: Callable[["Activity", datetime], Sequence[Message]] = lambda activity, at: ()
    answer_problems: Callable[["Activity"], Sequence[Message]] = lambda activity: ()
    facts: str = "activities/entry_facts.html"
    own_admission: bool = False
    close_endpoint: str = "desk.close"
    fixed_end: str = ""
    closed_words: str = N_(
        "Thank you for taking part. The city is reading what you wrote."
    )  # on its card, once it ended

    @property
    def answered_endpoint(self) -> str:
        """The page mails, feed and lists lead to once the city has answered."""
        return self.answer_endpoint or self.resident_endpoint


@dataclass(frozen=True)
class NavigationItem:
    """One entry of a room's menu (`room` is resident, staff, council or admin), shown to those who may open it."""

    room: str
    endpoint: str
    label: str
    order: int = 50
    anonymous_only: bool = False


@dataclass(frozen=True)
class SourceText:
    """A text somebody wrote, as analysis and reports see it. `visible` is False once hidden or withdrawn.

    `question` is the code of what was asked, `asked` its words per language where there are any.
    """

    ref: str
    question: str
    text: str
    channel: str
    visible: bool
    asked: Mapping[str, str] = field(default_factory=dict)
    number: str = ""  # by which people speak of it; the end of its ref where it has none of its own

    @property
    def shown_number(self) -> str:
        return self.number or self.ref.rpartition(":")[2]


@dataclass(frozen=True)
class TextCount:
    """How many visible texts one question has, and about how many of them a person has decided."""

    question: str
    asked: Mapping[str, str]
    texts: int
    reviewed: int


@dataclass(frozen=True)
class Source:
    """What a page shows of a reference: the text with its confirmed masks, or why it cannot be shown, and since when."""

    ref: str
    number: str
    text: str | None
    channel: str
    state: str  # shown, hidden, withdrawn, unconfirmed, missing
    since: date | None = None  # the day in Japan on which it was hidden, where that is known


@dataclass(frozen=True)
class Caption:
    """How one variable of a released table is worded: its question and its categories, in their order.

    `look` says which chart fits: "bar" (by size), "ordered" (in order, side by side), "scale" (ordered, one bar).
    """

    text: Mapping[str, str]
    categories: Mapping[str, Mapping[str, str]]
    look: str = "bar"


@dataclass(frozen=True)
class TextGroup:
    """A proposed group of references with a label in `language`, offered by one feature to another's desk."""

    label: str
    refs: tuple[str, ...]
    origin: str
    language: str = "ja"


class Publication(Protocol):
    """What a feature publishes with a city's answer, read, checked and finished with no transaction open."""

    @property
    def problems(self) -> Sequence[Message]:
        """What stands against it."""

    def keep(self, session: "Session", activity: "Activity", actor: "Actor", at: datetime) -> None:
        """Store it, in the transaction that publishes; raises StaleVersion where the rows it was made of have moved."""


@dataclass(frozen=True)
class Panel:
    """A template for a named slot of somebody else's page; `query(context)` gives its values, or None for nothing."""

    slot: str
    template: str
    query: Callable[..., Mapping[str, Any] | None]
    order: int = 50


@dataclass(frozen=True)
class Tables:
    """How tables from elsewhere become part of a feature's activities: `read(activity, intake)` says it of one table.

    `command` is the one at the command line that has no limit of size. `read` raises `civic.intake.refusals`.
    """

    command: str
    read: Callable[["Activity", "Intake"], "Table[Any]"]


@dataclass(frozen=True)
class Task:
    """One thing that waits for a staff member (今日の仕事). `due` is a day or None."""

    title: Message
    detail: str
    address: str
    button: Message
    due: Any = None
    department_id: int | None = None


@dataclass(frozen=True)
class Feature:
    """Everything one room brings to the house. Absent parts keep their empty default."""

    name: str
    activity: ActivityKind | None = None
    blueprints: tuple[Blueprint, ...] = ()
    permits: tuple[Permit, ...] = ()
    navigation: tuple[NavigationItem, ...] = ()
    commands: tuple[click.Group, ...] = ()
    jobs: Mapping[str, Callable[..., None]] = field(default_factory=dict)
    periodic: Mapping[str, int] = field(default_factory=dict)  # job name → seconds between two runs
    seeds: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    acts: tuple["Act", ...] = ()
    triggers: Mapping[str, frozenset[str]] = field(default_factory=dict)  # engine → names of triggers its tables need
    locales: Path | None = None
    datasets: Callable[["Activity"], Sequence[Any]] | None = None
    captions: Callable[["Activity"], Mapping[str, Caption]] | None = None
    texts: Callable[["Activity"], Iterable[SourceText]] | None = None
    # The same texts counted, by activity id, for many activities in a fixed number of statements.
    text_counts: Callable[[Sequence[int]], Mapping[int, Sequence[TextCount]]] | None = None
    resolve: Callable[[Sequence[str]], Mapping[str, Source]] | None = None
    groups: Callable[["Activity"], Sequence[TextGroup]] | None = None
    tables: Tables | None = None
    tasks: Callable[[Any], Sequence[Task]] | None = None
    panels: tuple[Panel, ...] = ()
    recounts: Callable[[str | None], tuple[int, list[dict[str, Any]]]] | None = None
    # A stored participation counts from now on (+1) or no more (-1): the feature follows in its own tallies.
    counting: Callable[["Session", "Participation", int], None] | None = None
    # An activity's answers were erased at the end of their retention: the feature drops what it kept of them.
    forget: Callable[["Session", int], None] | None = None
    # What the feature publishes with the city's answer, made ready before the transaction that publishes it.
    publication: Callable[["Activity", datetime], Publication] | None = None
    # A draft is being deleted: the feature removes its own rows of it.
    discard: Callable[["Session", "Activity"], None] | None = None


class Conflict(RuntimeError):
    """Two rooms claim one name, permit, command or job: the application does not start."""


class House:
    """All rooms of this application, kernel first, checked for double claims. Reached as `house()`."""

    def __init__(self, rooms: Sequence[Feature]) -> None:
        self.rooms = tuple(rooms)
        self.permits: dict[tuple[str, str], Permit] = {}
        self.jobs: dict[str, Callable[..., None]] = {}
        self.kinds: dict[str, ActivityKind] = {}
        self._claim_names()
        self.periodic = {job: seconds for room in self.rooms for job, seconds in room.periodic.items()}
        if unknown := sorted(self.periodic.keys() - self.jobs.keys()):
            raise Conflict(f"periodic work without a job: {unknown}")

    def _claim_names(self) -> None:
        names: set[str] = set()
        commands: set[str] = set()
        for room in self.rooms:
            claim(names, room.name, "feature")
            for row in room.permits:
                for method in row.methods:
                    if (row.endpoint, method) in self.permits:
                        raise Conflict(f"two permits for {method} {row.endpoint}")
                    self.permits[row.endpoint, method] = row
            for command in room.commands:
                claim(commands, str(command.name), "command")
            for job, function in room.jobs.items():
                if job in self.jobs:
                    raise Conflict(f"two features claim the job {job}")
                self.jobs[job] = function
            if room.activity:
                if room.activity.kind in self.kinds:
                    raise Conflict(f"two features claim the kind {room.activity.kind}")
                self.kinds[room.activity.kind] = room.activity

    def of(self, activity: "Activity") -> Feature:
        """The feature that owns `activity`."""
        return next(room for room in self.rooms if room.activity and room.activity.kind == activity.kind)

    def panels(self, slot: str) -> Iterator[Panel]:
        """Panels of a slot in their order."""
        yield from sorted((p for room in self.rooms for p in room.panels if p.slot == slot), key=lambda p: p.order)


def claim(taken: set[str], name: str, what: str) -> None:
    if name in taken:
        raise Conflict(f"two features claim the {what} {name}")
    taken.add(name)


def house(app: Flask | None = None) -> House:
    """The house of the current (or given) application."""
    found: House = (app or current_app).extensions["house"]
    return found


def tables_of(activity: "Activity") -> Tables:
    """How the tables of an activity are read; only for kinds whose feature brings `tables`."""
    found = house().of(activity).tables
    assert found is not None, f"no tables come in for {activity.kind}"
    return found
