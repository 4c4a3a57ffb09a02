"""What the pages of a published result need. Each reads one edition and asks anew what may be shown of its comments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic import clock
from civic.db import db
from civic.features import Source
from civic.messages import Message
from civic.refusals import NotFound
from consultations.comments import sources
from consultations.comments.models import Comment, Consultation, DraftVersion, Edition, OpinionItem
from consultations.comments.publishing import corrections, showing
from consultations.comments.stages import Outcome

PAGE = 20
"""Answers on one page."""

QUOTED = 3
"""Opinions shown beside an answer whose opinions nobody summed up; a link leads to the rest."""

CHANGES = 100
"""Changed passages of the plan on a page that does not hold everything."""

Group = Mapping[str, Any]


@dataclass(frozen=True)
class Words:
    """What may be shown of one opinion: the words of its span with masks, or the state that keeps them back."""

    comment: int
    text: str | None
    state: str
    language: str = "ja"


@dataclass(frozen=True)
class Correction:
    """One correction of an edition: of an answer (`of`) or of the result as a whole (None); what stood there before."""

    of: Group | None
    at: datetime
    note: Mapping[str, str]
    before: Sequence[tuple[str, Message, Any]]  # name of the words, what they are, as they read

    @property
    def day(self) -> date:
        return clock.day_in_japan(self.at)

    def without_gist(self) -> "Correction":
        """The same, with None for the gist that stood there."""
        kept = [(name, what, None if name == corrections.GIST else words) for name, what, words in self.before]
        return replace(self, before=kept)


def correction(erratum: Mapping[str, Any], group: Group | None) -> Correction:
    said = [
        (name, showing.what_is(name, group is not None), corrections.titled(words) if name == "title" else words)
        for name, words in corrections.in_order(erratum["before"], erratum["group"]).items()
    ]
    return Correction(group, datetime.fromisoformat(erratum["published_at"]), erratum["note"], said)


@dataclass(frozen=True)
class Result:
    """One edition of a published result. `newest` is the number of the newest edition."""

    consultation: Consultation
    edition: Edition
    newest: int

    @cached_property
    def content(self) -> Mapping[str, Any]:
        """The document in the newest shape, whatever version it was kept in."""
        return corrections.read(self.edition.document)

    @property
    def groups(self) -> Sequence[Group]:
        groups: Sequence[Group] = self.content["groups"]
        return groups

    @property
    def is_newest(self) -> bool:
        return self.edition.number == self.newest

    @property
    def who_could_comment(self) -> Sequence[Mapping[str, str]]:
        """Who could comment, as a list: the rule's groups, with what the notice says beyond them before."""
        notice = self.content["notice"]
        groups: Sequence[Mapping[str, str]] = notice["categories"]
        said = [line.strip() for line in notice["eligibility"].get("ja", "").splitlines() if line.strip()]
        repeated = all(line in [group["ja"] for group in groups] for line in said)
        return groups if repeated else [notice["eligibility"], *(one for one in groups if one["ja"] not in said)]

    @property
    def published_at(self) -> datetime:
        return datetime.fromisoformat(self.content["published_at"])

    @property
    def notice_days(self) -> tuple[date, date] | None:
        """First and last day of the period."""
        notice = self.content["notice"]
        if notice["day"] is None:
            return None
        return date.fromisoformat(notice["day"]), date.fromisoformat(notice["last_day"])

    @property
    def period_changes(self) -> Sequence[Mapping[str, Any]]:
        """What happened to the period, in its order, each with its days as dates (None where it has none)."""
        days = ("day", "last_day")
        return [
            one | {name: date.fromisoformat(one[name]) if one.get(name) else None for name in days}
            for one in self.content["notice"]["changes"]
        ]

    @property
    def errata(self) -> Sequence[Correction]:
        """Corrections of this edition, the newest first."""
        by_number = {group["number"]: group for group in self.groups}
        found = [correction(one, by_number.get(one["group"])) for one in self.content["errata"]]
        return found[::-1]

    @cached_property
    def changed_opinions(self) -> int:
        """Opinions for which the plan was changed, wholly or in part."""
        outcomes = self.content["numbers"]["outcomes"]
        return sum(outcomes[one.value]["items"] for one in (Outcome.ADOPTED, Outcome.PARTLY))

    def of_outcome(self, outcome: Outcome | None) -> Sequence[Group]:
        return [group for group in self.groups if outcome is None or group["outcome"] == outcome.value]

    def page_of(self, number: int) -> int | None:
        """The page on which a group stands while nothing is filtered; None for a group that is not there."""
        return next((1 + (group["order"] - 1) // PAGE for group in self.groups if group["number"] == number), None)

    def group(self, number: int) -> Group:
        """One group; raises NotFound."""
        found = next((group for group in self.groups if group["number"] == number), None)
        if found is None:
            raise NotFound
        return found


def published(slug: str, edition: int | None = None) -> Result:
    """The newest (or the given) edition of the result at this address; NotFound before it is published."""
    consultation = db.session.scalar(
        sa.select(Consultation)
        .options(joinedload(Consultation.department), joinedload(Consultation.project))
        .where(Consultation.slug == slug)
    )
    if consultation is None or consultation.answered_at is None:
        raise NotFound
    newest = db.session.scalar(sa.select(sa.func.max(Edition.number)).where(Edition.consultation_id == consultation.id))
    found = db.session.scalar(
        sa.select(Edition).where(
            Edition.consultation_id == consultation.id, Edition.number == (newest if edition is None else edition)
        )
    )
    if found is None or newest is None:
        raise NotFound
    return Result(consultation, found, newest)


def decided_text(slug: str) -> str:
    """The whole plan as decided, in Markdown. NotFound before it is published, and for a plan that was not changed."""
    result = published(slug)
    markdown = db.session.scalar(
        sa.select(DraftVersion.markdown).where(
            DraftVersion.consultation_id == result.consultation.id,
            DraftVersion.number == result.content["decision"]["final_version"],
        )
    )
    if markdown is None:
        raise NotFound
    return markdown


@dataclass(frozen=True)
class Pair:
    """One answer as a page shows it: the opinions (their gist, or the first few) beside it."""

    group: Group
    quotes: Sequence[Words]
    gone: bool  # no opinion of the group may be shown any more: then its gist is not either
    gist: Mapping[str, str]

    @property
    def count(self) -> int:
        return len(self.group["items"])

    @property
    def more(self) -> int:
        """Opinions that stand for themselves and are not on this page."""
        return 0 if self.gone or self.gist else self.count - len(self.quotes)

    @property
    def people(self) -> int:
        """Comments the opinions come from."""
        return len({item["comment"] for item in self.group["items"]})


def pairs(groups: Sequence[Group], whole: bool = False) -> list[Pair]:
    """The groups with what may be shown of their opinions now: the first few of each, or with `whole` all of them."""
    quoted = None if whole else QUOTED
    refs = sorted({item["ref"] for group in groups for item in group["items"][:quoted]})
    found, languages = sources.resolve(refs), foreign(refs)
    return [_pair(group, found, languages, quoted) for group in groups]


def errata(result: Result) -> Sequence[Correction]:
    """The corrections as they may be read now: what the city wrote of opinions nobody may read any more is left out."""
    once = {one["group"] for one in result.content["errata"] if corrections.GIST in one["before"]}
    gists = [group for group in result.groups if group["number"] in once]
    found = sources.resolve(list(dict.fromkeys(item["ref"] for group in gists for item in group["items"])))
    gone = {group["number"] for group in gists if is_gone(group["items"], found)}
    return [one.without_gist() if one.of and one.of["number"] in gone else one for one in result.errata]


def foreign(refs: Sequence[str]) -> dict[str, str]:
    """The languages of those of these comments that are not in Japanese, by reference."""
    numbers = {sources.number_of(ref): ref for ref in refs}
    found: dict[str, str] = {}
    ids = [number for number in numbers if number is not None]
    for start in range(0, len(ids), sources.IN_ONE_QUERY):
        part = ids[start : start + sources.IN_ONE_QUERY]
        rows = db.session.execute(
            sa.select(Comment.id, Comment.language).where(Comment.id.in_(part), Comment.language != "ja")
        )
        found |= {numbers[row.id]: row.language for row in rows}
    return found


def _pair(group: Group, found: Mapping[str, Source], languages: Mapping[str, str], quoted: int | None) -> Pair:
    quotes = [
        replace(words(item, found), language=languages.get(item["ref"], "ja")) for item in group["items"][:quoted]
    ]
    gone = is_gone(group["items"][:quoted], found)
    if gone and len(group["items"]) > len(quotes):
        rest = group["items"][len(quotes) :]
        gone = is_gone(rest, sources.resolve([item["ref"] for item in rest]))
    gist = {} if gone else group["gist"]
    return Pair(group, quotes if not gist or gone else [], gone, gist)


def is_gone(items: Iterable[Mapping[str, Any]], found: Mapping[str, Source]) -> bool:
    """Whether none of these opinion items may be read any more: then what the city wrote of them goes too."""
    return all(found[item["ref"]].state != "shown" for item in items)


def words(item: Mapping[str, Any], found: Mapping[str, Source]) -> Words:
    """What may be shown of one opinion item: masks keep the places of characters, so that spans stay true."""
    source = found.get(item["ref"])
    if source is None or source.text is None:
        return Words(item["comment"], None, source.state if source else "missing")
    return Words(item["comment"], source.text[item["start"] : item["stop"]], "shown")


def groups_of_comment(participation_id: int) -> tuple[int, list[int]] | None:
    """The number of a participation's comment and the ids of the groups its items are in; None without a comment."""
    number = db.session.scalar(sa.select(Comment.number).where(Comment.participation_id == participation_id))
    if number is None:
        return None
    ids = db.session.scalars(
        sa.select(OpinionItem.group_id)
        .join(Comment, Comment.id == OpinionItem.comment_id)
        .where(Comment.participation_id == participation_id, OpinionItem.group_id.is_not(None))
        .order_by(OpinionItem.start)
    )
    return number, [one for one in dict.fromkeys(ids) if one is not None]
