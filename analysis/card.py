"""The analysis card of a run: its data, method, parameters, stability and coverage, and what cannot be concluded."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.published import Published, first_level, places, residual, written
from analysis.wordings import count, share

UNSTABLE = 0.5
"""Below this stability the border of a topic is a matter of chance (docs/analysis/topics.md)."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_LIST_MARK = re.compile(r"^(\d*)([-+=.)])(?=\s|$)")


@dataclass(frozen=True)
class Origin:
    """Where the comments of a run came from: names of files and of columns, and comments by language, empty ones aside."""

    files: tuple[str, ...]
    columns: tuple[str, ...]
    languages: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """One part of the card: rows of a name and what holds, then sentences."""

    heading: str
    rows: tuple[tuple[str, str], ...]
    sentences: tuple[str, ...] = ()


def card(run: Published, words: Mapping[str, Any], origin: Origin | None = None) -> tuple[Part, ...]:
    """The card in the words of one language; without an `origin` it does not name the files."""
    texts: Mapping[str, str] = words["card"]
    spoken = origin.languages if origin else {}
    return (
        Part(
            texts["data"],
            (
                *_origin(origin, texts),
                *_data(run, spoken, texts, words["languages"], words["masks"]),
            ),
        ),
        Part(texts["method"], (), tuple(words["method"]["sentences"])),
        Part(texts["parameters"], tuple(_parameters(run, words["parameters"], texts))),
        Part(texts["stability"], tuple(_stability(run, texts)), (texts["stability_means"],)),
        Part(texts["coverage"], tuple(_coverage(run, texts)), (texts["nothing_dropped"],)),
        Part(texts["limits"], (), tuple(words["limits"]["sentences"])),
    )


def _origin(origin: Origin | None, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if origin is not None:
        yield texts["files"], texts["joiner"].join(origin.files)
        yield texts["columns"], texts["joiner"].join(origin.columns)


def _data(
    run: Published,
    spoken: Mapping[str, int],
    texts: Mapping[str, str],
    languages: Mapping[str, str],
    kinds: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    yield texts["documents"], texts["comments"].format(count=count(run["documents"]))
    yield texts["empty"], texts["comments"].format(count=count(run["parameters"]["empty"]))
    yield texts["distinct"], texts["texts"].format(count=count(run["distinct"]))
    for kind in ("exact", "near"):
        groups = [each for each in run["duplicates"] if each["kind"] == kind]
        members = sum(len(each["members"]) for each in groups)
        yield texts[kind], texts["copies"].format(groups=count(len(groups)), count=count(members))
    yield texts["language"], _languages(run, spoken, texts, languages)
    found = sorted({kind for each in run["masked"] for kind in each["kinds"]})
    names = texts["joiner"].join(kinds.get(kind, kind) for kind in found)
    yield texts["masked"], texts["masks"].format(count=count(len(run["masked"])), kinds=names or texts["none"])


def _languages(
    run: Published, spoken: Mapping[str, int], texts: Mapping[str, str], languages: Mapping[str, str]
) -> str:
    """How many comments are in which language; the run's own language where that is not known."""
    found = sorted(spoken.items(), key=lambda item: (-item[1], item[0]))
    counted = [f"{languages[name]} {texts['comments'].format(count=count(number))}" for name, number in found]
    return texts["joiner"].join(counted) or languages[run["language"]]


def _parameters(run: Published, names: Mapping[str, str], texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield texts["seed"], str(run["seed"])
    for name, value in run["parameters"].items():
        if name != "empty":
            yield names.get(name, name), f"{value:g}"


def _stability(run: Published, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    topics = first_level(run)
    low = sum(topic["stability"] < UNSTABLE for topic in topics)
    yield texts["unstable"], texts["of_topics"].format(count=low, all=len(topics))
    for topic in topics:
        yield f"{topic['id']} {topic['label']}", f"{topic['stability']:.2f}"


def _coverage(run: Published, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    base = written(run)
    found = places(run)
    rest = residual(run)
    core = sum(found[topic["id"]].core for topic in first_level(run))
    fringe = sum(found[topic["id"]].fringe for topic in first_level(run))
    unassigned = sum(each["place"] == "unassigned" for each in run["assignments"])
    yield texts["core"], _of(core, base, texts)
    yield texts["fringe"], _of(fringe, base, texts)
    yield texts["residual"], _of(rest["size"] if rest else 0, base, texts)
    yield texts["unassigned"], texts["comments"].format(count=count(unassigned - run["parameters"]["empty"]))
    if "unmet" in run:
        yield texts["unmet"], texts["comments"].format(count=count(len(run["unmet"])))
    yield texts["represented"], share(run["coverage"]["represented_share"])


def _of(number: int, base: int, texts: Mapping[str, str]) -> str:
    """A number with its share; of fewer than 30 comments the number alone."""
    if base < SHARES_FROM:
        return texts["comments"].format(count=count(number))
    return texts["comments_and_share"].format(count=count(number), share=share(number / base))


SHARES_FROM = 30
"""Of fewer comments no share is given: two of seven are two, not 28.6 %."""


def to_markdown(title: str, parts: Sequence[Part]) -> str:
    """The card as Markdown (CommonMark): a heading for each part, its rows and sentences as lists."""
    lines = [f"# {_escaped(title)}"]
    for part in parts:
        lines += ["", f"## {_escaped(part.heading)}", ""]
        lines += [f"- {_escaped(name)}: {_escaped(value)}" for name, value in part.rows]
        lines += [f"- {_escaped(sentence)}" for sentence in part.sentences]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is, in one line."""
    return _LIST_MARK.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", " ".join(text.split())))
