"""The closed set of claims a computed sentence can make: count, share, comparison, top and change.

Each is about a topic (comments) or about an answer in a table (people), stores its query as data and works its figures
and sources out anew from it. A query has one spelling: whatever it could say without an effect on the sentence is
refused or removed, so that nobody can change a parameter unnoticed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.evidence.facts import Facts, facts_of, fold
from analysis.evidence.figures import Count, Figure, Points, Share, between
from analysis.evidence.records import Comments, Query, Sentence, Table, Tables
from analysis.evidence.wording import LANGUAGES, Value, word

_NAME = re.compile(r"[^{}\x00-\x1f\x7f-\x9f]+")
"""What a sentence can print: no braces, which mark furigana, and no control characters."""


class NoFigure(ValueError):
    """A query that asks for something the facts do not hold; the message says what."""


@dataclass(frozen=True)
class Claim:
    """A query worked out: its one spelling, the sources, the phrase that words it and the values in that phrase."""

    query: Query
    sources: tuple[str, ...]
    phrase: str
    values: Mapping[str, Value]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure the sentence states."""
        found: list[Figure] = []
        for value in self.values.values():
            if isinstance(value, Count | Share | Points):
                found.append(value)
            elif isinstance(value, tuple):
                found += [count for _, count in value]
        return tuple(found)

    def wordings(self) -> dict[str, str]:
        """The sentence in every language."""
        return {language: word(language, self.phrase, self.values) for language in LANGUAGES}


def computed(query: Query, comments: Comments | Facts, language: str, tables: Tables | None = None) -> Sentence:
    """A sentence whose figures come from `comments` and `tables`; `query["claim"]` names the claim (see `FORMS`).

    The sentence's query is the canonical one: topics without a comment and words nobody wrote are gone from it. Raises
    NoFigure when the query is none of the closed set, or asks for an answer, wave or table that is not there.
    """
    claim = work_out(query, facts_of(comments, tables or {}))
    wordings = claim.wordings()
    return Sentence(wordings[language], "computed", claim.sources, (), claim.query, wordings)


def work_out(query: Query, facts: Facts) -> Claim:
    """The claim a query makes. Raises NoFigure."""
    form = form_of(query)
    if form is None:
        raise NoFigure("Its query is no known claim with all it needs and nothing more.")
    return form.work_out(query, facts)


def form_of(query: Query) -> "Form | None":
    """The form with exactly the fields of this query, each of its kind; `parts` beside a topic is optional."""
    return next((form for form in FORMS if form.fits(query)), None)


@dataclass(frozen=True)
class Form:
    """One claim about one kind of thing. `fields` says what each must be; `work_out` raises NoFigure."""

    claim: str
    fields: Mapping[str, Callable[[Any], bool]]
    work_out: Callable[[Query, Facts], Claim]

    def fits(self, query: Query) -> bool:
        given = query.keys() - {"parts"} if "topic" in self.fields else query.keys()
        return (
            query.get("claim") == self.claim
            and given == {"claim", *self.fields}
            and all(is_one(query[name]) for name, is_one in self.fields.items())
            and _are_names(query.get("parts", ["-"]))
        )


def _is_name(value: object) -> bool:
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def _are_names(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and len(set(map(str, value))) == len(value)
        and all(map(_is_name, value))
    )


def _is_number(value: object) -> bool:
    return type(value) is int and value > 0


def _are_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_topic(value: object) -> bool:
    """Another topic: its id, and its parts if it has any."""
    return (
        isinstance(value, dict)
        and value.keys() <= {"topic", "parts"}
        and _is_name(value.get("topic"))
        and _are_names(value.get("parts", ["-"]))
    )


def _members(query: Query, facts: Facts) -> tuple[str, ...]:
    """The comments of a topic and of its second level, which the query names as `parts`."""
    return facts.members({query["topic"], *query.get("parts", ())})


def _spelt(query: Query, facts: Facts, **changed: Any) -> dict[str, Any]:
    """The query with its parts in order, without those that hold no comment or are the topic itself."""
    parts = [part for part in query.get("parts", ()) if part != query["topic"] and facts.has_topic(part)]
    rest = {name: value for name, value in query.items() if name != "parts"}
    return rest | ({"parts": sorted(parts, key=lambda part: (len(part), part))} if parts else {}) | changed


def _topic_count(query: Query, facts: Facts) -> Claim:
    members = _members(query, facts)
    return Claim(_spelt(query, facts), members, "count", {"count": Count(len(members), "comments")})


def _topic_share(query: Query, facts: Facts) -> Claim:
    counted = _topic_count(query, facts)
    written = facts.written[None]
    share = Share(len(counted.sources), written)
    values = {**counted.values, "base": Count(written, "comments"), "share": share}
    return replace(counted, phrase="share", values=values)


def _topic_comparison(query: Query, facts: Facts) -> Claim:
    """This topic beside `than`, which shares no comment with it."""
    members, others = _members(query, facts), _members(query["than"], facts)
    if not others or set(members) & set(others):
        raise NoFigure(f"Topic {query['than']['topic']} holds no comment, or one of this topic's.")
    values: dict[str, Value] = {
        "count": Count(len(members), "comments"),
        "than": query["than"]["topic"],
        "other": Count(len(others), "comments"),
        "difference": Count(abs(len(members) - len(others)), "comments"),
    }
    spelt = _spelt(query, facts, than=_spelt(query["than"], facts))
    return Claim(spelt, (*members, *others), f"comparison_{_direction(len(members) - len(others))}", values)


def _direction(difference: int) -> str:
    return "more" if difference > 0 else "fewer" if difference else "equal"


def _topic_top(query: Query, facts: Facts) -> Claim:
    """The `n` of `words` that most comments of the topic contain as written outside their masks, with their number.

    Words as frequent as the last one come too. The canonical query has the words shown and no other.
    """
    members = _members(query, facts)
    containing = {one: _containing(one, members, facts) for one in query["words"] if _is_name(one)}
    ranked = sorted((one for one in containing if containing[one]), key=lambda one: (-len(containing[one]), one))
    top = _with_ties(ranked, [len(containing[one]) for one in ranked], query["n"])
    holding: set[str] = set().union(*(containing[one] for one in top))
    sources = tuple(comment_id for comment_id in members if comment_id in holding)
    items = tuple((one, Count(len(containing[one]), "comments")) for one in top)
    return Claim(_spelt(query, facts, words=top, n=len(top)), sources, "top", {"items": items})


def _containing(sought: str, members: Sequence[str], facts: Facts) -> set[str]:
    """Whose text contains the word; Latin letters only as a whole word."""
    folded = fold(sought)
    if not sought.isascii():
        return {comment_id for comment_id in members if folded in facts.folded(comment_id)}
    pattern = re.compile(rf"(?<![a-z0-9]){re.escape(folded)}(?![a-z0-9])")
    return {comment_id for comment_id in members if pattern.search(facts.folded(comment_id))}


def _with_ties(ranked: Sequence[str], counts: Sequence[int], n: int) -> list[str]:
    """The first `n` and those that equal the last of them: no order among equals is made up."""
    return [one for one, count in zip(ranked, counts, strict=True) if count >= counts[min(n, len(counts)) - 1]]


def _topic_change(query: Query, facts: Facts) -> Claim:
    """The topic's share of what was written in the wave `before` and in the wave `after`."""
    before, after = query["before"], query["after"]
    for wave in (before, after):
        if not facts.written[wave] or before == after:
            raise NoFigure(f"There is no second wave {wave} with comments.")
    members = [one for one in _members(query, facts) if facts.comments[one].wave in (before, after)]
    counts = {wave: sum(facts.comments[one].wave == wave for one in members) for wave in (before, after)}
    earlier, later = (Share(counts[wave], facts.written[wave]) for wave in (before, after))
    return Claim(
        _spelt(query, facts), tuple(members), *_change(earlier, later, "comments", {"before": before, "after": after})
    )


def _change(before: Share, after: Share, unit: Any, values: Mapping[str, Value]) -> tuple[str, dict[str, Value]]:
    points = between(before, after)
    direction = "level" if str(points) == "0.0" else "up" if points.exact > 0 else "down"
    return f"change_{direction}", {
        **values,
        "before_count": Count(before.part, unit),
        "before_base": Count(before.whole, unit),
        "before_share": before,
        "after_count": Count(after.part, unit),
        "after_base": Count(after.whole, unit),
        "after_share": after,
        "points": points,
    }


def _table(name: str, facts: Facts) -> Table:
    if name not in facts.tables:
        raise NoFigure(f"There is no table {name}.")
    return facts.tables[name]


def _people(table: str, cell: str, facts: Facts) -> Count:
    counts = _table(table, facts).counts
    if cell not in counts:
        raise NoFigure(f"Table {table} has no answer {cell}.")
    count = counts[cell]
    if count is None:
        raise NoFigure(f"The number of {cell} in table {table} is suppressed.")
    return Count(count, "people")


def _answered(table: str, facts: Facts) -> int:
    base = _table(table, facts).base
    if base is None:
        raise NoFigure(f"The number of people who answered in table {table} is suppressed.")
    return base


def _cell_count(query: Query, facts: Facts) -> Claim:
    table, cell = query["table"], query["cell"]
    values: dict[str, Value] = {"table": table, "cell": cell, "count": _people(table, cell, facts)}
    return Claim(dict(query), (table,), "cell_count", values)


def _cell_share(query: Query, facts: Facts) -> Claim:
    counted = _cell_count(query, facts)
    base = _answered(query["table"], facts)
    count = _people(query["table"], query["cell"], facts).number
    values = {**counted.values, "base": Count(base, "people"), "share": Share(count, base)}
    return replace(counted, phrase="cell_share", values=values)


def _cell_comparison(query: Query, facts: Facts) -> Claim:
    """Two answers of one table."""
    counted = _cell_count(query, facts)
    this, other = (_people(query["table"], query[name], facts) for name in ("cell", "than"))
    if query["cell"] == query["than"]:
        raise NoFigure(f"{query['cell']} is compared with itself.")
    difference = Count(abs(this.number - other.number), "people")
    values = {**counted.values, "than": query["than"], "other": other, "difference": difference}
    return replace(counted, phrase=f"cell_comparison_{_direction(this.number - other.number)}", values=values)


def _table_top(query: Query, facts: Facts) -> Claim:
    """The `n` answers most people gave, and those as frequent as the last; of a table with nothing suppressed."""
    counts = _table(query["table"], facts).counts
    ranked = sorted(counts, key=lambda cell: (-_people(query["table"], cell, facts).number, cell))
    top = _with_ties(ranked, [_people(query["table"], cell, facts).number for cell in ranked], query["n"])
    items = tuple((cell, _people(query["table"], cell, facts)) for cell in top)
    values: dict[str, Value] = {"table": query["table"], "items": items}
    return Claim({**query, "n": len(top)}, (query["table"],), "table_top", values)


def _cell_change(query: Query, facts: Facts) -> Claim:
    """One answer in two tables, those of the same question in two waves."""
    before, after, cell = query["before"], query["after"], query["cell"]
    if before == after:
        raise NoFigure(f"Table {before} is compared with itself.")
    earlier, later = (Share(_people(table, cell, facts).number, _answered(table, facts)) for table in (before, after))
    phrase, values = _change(earlier, later, "people", {"before": before, "after": after, "cell": cell})
    return Claim(dict(query), (before, after), f"cell_{phrase}", values)


FORMS = (
    Form("count", {"topic": _is_name}, _topic_count),
    Form("share", {"topic": _is_name}, _topic_share),
    Form("comparison", {"topic": _is_name, "than": _is_topic}, _topic_comparison),
    Form("top", {"topic": _is_name, "words": _are_words, "n": _is_number}, _topic_top),
    Form("change", {"topic": _is_name, "before": _is_name, "after": _is_name}, _topic_change),
    Form("count", {"table": _is_name, "cell": _is_name}, _cell_count),
    Form("share", {"table": _is_name, "cell": _is_name}, _cell_share),
    Form("comparison", {"table": _is_name, "cell": _is_name, "than": _is_name}, _cell_comparison),
    Form("top", {"table": _is_name, "n": _is_number}, _table_top),
    Form("change", {"cell": _is_name, "before": _is_name, "after": _is_name}, _cell_change),
)
"""Every claim there is. A topic's query may add `parts`, its second level."""
