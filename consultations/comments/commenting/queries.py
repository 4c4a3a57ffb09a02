"""Reads for residents: the notice with a page of the draft, the passage a comment is about, what is known of a person."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic.activities.rules import state_of
from civic.activities.states import Channel, State
from civic.db import db
from civic.refusals import NotFound
from consultations.comments import opening, rules
from consultations.comments.commenting import reading
from consultations.comments.commenting.reading import Entry, Head, Part
from consultations.comments.models import Attachment, Consultation, DraftVersion, Passage
from consultations.comments.rules import Rule
from consultations.comments.stages import PassageKind

HEADS = (PassageKind.CHAPTER, PassageKind.SECTION, PassageKind.ARTICLE)
Counts = Mapping[str | None, int]
"""Comments by the anchor of their passage; None: on the whole draft."""

ANCHOR = re.compile("[a-z0-9]{1,16}")
LONGEST_TITLE = 60  # of a chapter in the table of contents


def consultation_for_residents(slug: str) -> Consultation:
    """The approved consultation at this address; raises NotFound, for drafts too."""
    found = db.session.scalar(
        sa.select(Consultation)
        .options(joinedload(Consultation.department), joinedload(Consultation.project))
        .where(Consultation.slug == slug)
    )
    if found is None or found.approved_at is None:
        raise NotFound
    return found


def takes_comments(consultation: Consultation, at: datetime) -> bool:
    """Whether this page takes comments now: some cities' rules know letters and counters only."""
    return state_of(consultation, at) is State.OPEN and Channel.WEB.value in consultation.channels


@dataclass(frozen=True)
class Shown:
    """A passage on the page, the level of its heading or of the one above it, and the comments on it that may be read."""

    passage: Passage
    level: int
    comments: int | None

    @property
    def is_heading(self) -> bool:
        return reading.is_heading(self.passage)


@dataclass(frozen=True)
class DraftPage:
    """One page of the draft with its table of contents; `before` and `after` are the chapters one page away."""

    passages: Sequence[Shown] = ()
    contents: Sequence[Entry] = ()
    part: Part | None = None
    of: int = 0
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class NoticePage:
    """What the notice says (行政手続法39条1項・2項 as default), with one page of the draft."""

    consultation: Consultation
    state: State
    rule: Rule
    period: tuple[date, date] | None
    announced: tuple[date, date] | None  # before any change of the period
    draft: DraftPage
    attachments: Sequence[Attachment]
    comments: int | None = None  # that may be read now; None where none may
    takes_comments: bool = False
    opened: str | None = None  # anchor of the passage whose form stands open

    @property
    def days(self) -> int | None:
        """Days open, the day of notice included."""
        return rules.days_open(*self.period) if self.period else None

    @property
    def announced_days(self) -> int | None:
        """The same as announced, before any change."""
        return rules.days_open(*self.announced) if self.announced else None

    @property
    def is_announced_short(self) -> bool:
        """Whether the notice had to say why the period is short; it stays said when the period grew longer later."""
        return self.announced is not None and rules.is_short(*self.announced, self.rule)


def notice_page(
    consultation: Consultation, chapter: int | None, anchor: str | None, counts: Counts | None, at: datetime
) -> NoticePage:
    """The notice with the wanted page of the draft: `chapter`, or the one where the passage `anchor` stands.

    `counts` are the comments that may be read now, None where none may. Raises NotFound for a page or a passage that
    the draft does not have.
    """
    return NoticePage(
        consultation=consultation,
        state=state_of(consultation, at),
        rule=rules.rule_from_json(consultation.rule),
        period=opening.period_of(consultation, at),
        announced=opening.announced_period(consultation, at),
        draft=draft_page(consultation, chapter, anchor, counts),
        attachments=attachments_of(consultation),
        comments=None if counts is None else sum(counts.values()),
        takes_comments=takes_comments(consultation, at),
        opened=anchor,
    )


def attachments_of(consultation: Consultation) -> Sequence[Attachment]:
    return db.session.scalars(
        sa.select(Attachment)
        .options(joinedload(Attachment.file))
        .where(Attachment.consultation_id == consultation.id)
        .order_by(Attachment.position, Attachment.id)
    ).all()


def draft_page(consultation: Consultation, chapter: int | None, anchor: str | None, counts: Counts | None) -> DraftPage:
    """A page of the current draft in four reads, however long it is."""
    version = _version_id(consultation)
    heads = _heads(version)
    total = db.session.scalar(sa.select(sa.func.count()).where(Passage.version_id == version)) or 0
    if not total:
        return DraftPage()
    pages = reading.parts([head.position for head in heads], total)
    now = _wanted(version, pages, chapter, anchor)
    rows = db.session.scalars(
        sa.select(Passage)
        .where(Passage.version_id == version, Passage.position >= now.start, Passage.position < now.stop)
        .order_by(Passage.position)
    ).all()
    return DraftPage(
        passages=[
            Shown(one, level, None if counts is None else counts.get(one.anchor, 0))
            for one, level in reading.levelled(rows)
        ],
        contents=reading.contents(heads, pages, now),
        part=now,
        of=len(pages),
        before=_title(heads, pages[now.number - 2]) if now.number > 1 else "",
        after=_title(heads, pages[now.number]) if now.number < len(pages) else "",
    )


def _wanted(version: sa.ScalarSelect[int], pages: Sequence[Part], chapter: int | None, anchor: str | None) -> Part:
    if anchor is not None:
        if not ANCHOR.fullmatch(anchor):
            raise NotFound
        position = db.session.scalar(
            sa.select(Passage.position).where(Passage.version_id == version, Passage.anchor == anchor)
        )
        if position is None:
            raise NotFound
        return reading.part_of(pages, position)
    if chapter is None:
        return pages[0]
    if not 1 <= chapter <= len(pages):
        raise NotFound
    return pages[chapter - 1]


def _version_id(consultation: Consultation) -> sa.ScalarSelect[int]:
    return (
        sa.select(DraftVersion.id)
        .where(
            DraftVersion.consultation_id == consultation.id,
            DraftVersion.number == (consultation.current_version or 0),
        )
        .scalar_subquery()
    )


def _heads(version: sa.ScalarSelect[int]) -> list[Head]:
    """Where the chapters begin: of headings (or articles) those of the highest rank there is."""
    heads = (Passage.version_id == version, Passage.kind.in_(HEADS))
    highest = sa.select(sa.func.min(Passage.depth)).where(*heads).scalar_subquery()
    rows = db.session.execute(
        sa.select(Passage.position, Passage.anchor, sa.func.substr(Passage.text, 1, LONGEST_TITLE))
        .where(*heads, Passage.depth == highest)
        .order_by(Passage.position)
    )
    return [Head(position, anchor, " ".join(text.split())) for position, anchor, text in rows]


def _title(heads: Sequence[Head], part: Part) -> str:
    found = reading.chapter_of(heads, part)
    return found.title if found else ""


def passage_at(consultation: Consultation, anchor: str | None) -> Passage | None:
    """The passage of the current draft a comment is about; None for the whole draft. Raises NotFound."""
    if not anchor:
        return None
    if not ANCHOR.fullmatch(anchor):
        raise NotFound
    found = db.session.scalar(
        sa.select(Passage).where(Passage.version_id == _version_id(consultation), Passage.anchor == anchor)
    )
    if found is None:
        raise NotFound
    return found
