"""What the sorting desk needs: the groups with their counts, one page of opinions, the steps, the topics on offer.

Only comments that count are on the desk: an opinion of a withdrawn or a late one is neither counted nor unanswered.
Copies of one text stand once, as a pile, with both counts: posts and distinct texts.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import defer

from civic import paging
from civic.activities.models import Participation
from civic.activities.states import Channel, ParticipationState
from civic.db import db
from civic.features import TextGroup, house
from civic.identity.models import StaffMember
from civic.refusals import NotFound
from consultations.comments.desk import choosing, steps
from consultations.comments.desk.piles import Pile
from consultations.comments.models import Comment, Consultation, DeskStep, OpinionGroup, OpinionItem
from consultations.comments.queries import consultation_for
from consultations.comments.rules import OPEN_TO_ITEMS
from consultations.comments.stages import Origin

PAGE: Final = 50
TREE: Final = 30
"""Groups on one page of the tree."""

STEPS: Final = 10
EXCERPT: Final = 300
COUNTED: Final = Participation.state == ParticipationState.COUNTED


@dataclass(frozen=True)
class Counts:
    """How many opinions that count lie in one place, and how many distinct texts."""

    items: int = 0
    texts: int = 0


@dataclass(frozen=True)
class GroupRow:
    """One group in the tree."""

    group: OpinionGroup
    counts: Counts

    @property
    def is_open(self) -> bool:
        """Whether opinions may come in or leave."""
        return self.group.stage in OPEN_TO_ITEMS


@dataclass(frozen=True)
class Opinion:
    """A pile as the desk shows it, with the beginning of its words; `is_part` when the comment says more."""

    pile: Pile
    number: int
    channel: Channel
    passage: str | None
    language: str
    words: str
    is_cut: bool
    is_part: bool
    origin: Origin


@dataclass(frozen=True)
class Done:
    """One step somebody did, as the desk tells it."""

    id: int
    act: str
    origin: Origin
    who: str
    at: datetime
    undone_at: datetime | None


@dataclass(frozen=True)
class DeskPage:
    """The desk: its groups, the chosen one (None: what lies in none) and one page of its opinions."""

    consultation: Consultation
    groups: Sequence[GroupRow]
    ungrouped: Counts
    chosen: GroupRow | None
    opinions: Sequence[Opinion]
    found: Counts  # after the search
    page: int
    steps: Sequence[Done]
    tree_page: int = 1

    @property
    def tree(self) -> Sequence[GroupRow]:
        """The groups on this page of the tree; the chosen one stands first where it lies on another."""
        shown = self.groups[(self.tree_page - 1) * TREE : self.tree_page * TREE]
        return shown if self.chosen is None or self.chosen in shown else [self.chosen, *shown]

    @property
    def tree_pages(self) -> int:
        return paging.pages(len(self.groups), TREE)

    @property
    def pages(self) -> int:
        return paging.pages(self.found.texts, PAGE)

    @property
    def last(self) -> Done | None:
        """The step one would take back first."""
        return next((step for step in self.steps if step.undone_at is None), None)

    @property
    def is_over(self) -> bool:
        return self.consultation.answered_at is not None or self.consultation.withdrawn_at is not None

    @property
    def is_open(self) -> bool:
        """Whether the opinions shown may be moved."""
        return not self.is_over and (self.chosen is None or self.chosen.is_open)


def desk(
    slug: str,
    number: int | None,
    page: int,
    search: str = "",
    permission: str = "opinion.read",
    tree: int | None = None,
) -> DeskPage:
    """The desk with group `number` (None: the opinions in no group) open. Six statements. NotFound, NotAllowed.

    `tree` is the page of the groups; without it the one on which the open group lies.
    """
    consultation = consultation_for(slug, permission)
    counts = counts_by_group(consultation.id)
    groups = [GroupRow(one, counts[one.id]) for one in groups_of(consultation.id)]
    chosen = next((row for row in groups if row.group.number == number), None)
    if number is not None and chosen is None:
        raise NotFound
    here = chosen.counts if chosen else counts[None]
    found = search_counts(consultation.id, chosen, search) if search else here
    page = paging.within(page, found.texts, PAGE)
    return DeskPage(
        consultation=consultation,
        groups=groups,
        ungrouped=counts[None],
        chosen=chosen,
        opinions=opinions_in(consultation.id, chosen.group if chosen else None, page, search) if found.items else (),
        found=found,
        page=page,
        steps=steps_of(consultation.id),
        tree_page=paging.within(tree or page_in_tree(groups, chosen), len(groups), TREE),
    )


def page_in_tree(groups: Sequence[GroupRow], chosen: GroupRow | None) -> int:
    return 1 if chosen is None else 1 + groups.index(chosen) // TREE


def groups_of(consultation_id: int) -> Sequence[OpinionGroup]:
    """The groups of a consultation in their order, without what is written of them."""
    return db.session.scalars(
        sa.select(OpinionGroup)
        .options(defer(OpinionGroup.gist), defer(OpinionGroup.answer), defer(OpinionGroup.returned_note))
        .where(OpinionGroup.consultation_id == consultation_id)
        .order_by(OpinionGroup.position, OpinionGroup.number)
    ).all()


def _words() -> sa.ColumnElement[str]:
    return sa.func.substr(Comment.body, OpinionItem.start + 1, OpinionItem.stop - OpinionItem.start)


def same() -> sa.ColumnElement[str]:
    """Equal for items that say the same: the whole of copies of one text, or a part of them with the same ends."""
    ends = sa.cast(OpinionItem.start, sa.String) + ":" + sa.cast(OpinionItem.stop, sa.String)
    return Comment.fold_key + sa.case((choosing.is_whole(OpinionItem.start, OpinionItem.stop), ""), else_=":" + ends)


def _counts() -> tuple[sa.ColumnElement[int], sa.ColumnElement[int]]:
    """Items, and distinct texts among them."""
    return sa.func.count(), sa.func.count(sa.distinct(same()))


def _on_desk(*columns: Any) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*columns)
        .select_from(OpinionItem)
        .join(Comment, Comment.id == OpinionItem.comment_id)
        .join(Participation, Participation.id == Comment.participation_id)
        .where(COUNTED)
    )


def counts_by_group(consultation_id: int) -> defaultdict[int | None, Counts]:
    """What lies in each group by its id; None: in no group. A group of nothing that counts has no counts."""
    rows = db.session.execute(
        _on_desk(OpinionItem.group_id, *_counts())
        .where(OpinionItem.consultation_id == consultation_id)
        .group_by(OpinionItem.group_id)
    )
    return defaultdict(Counts, {group: Counts(items, texts) for group, items, texts in rows})


def counts_in(group: OpinionGroup) -> Counts:
    """What lies in one group."""
    here = (OpinionItem.consultation_id == group.consultation_id, OpinionItem.group_id == group.id)
    return Counts(*db.session.execute(_on_desk(*_counts()).where(*here)).one())


def search_counts(consultation_id: int, chosen: GroupRow | None, search: str) -> Counts:
    """How much of one place says `search`."""
    where = _place(consultation_id, chosen.group if chosen else None, search)
    return Counts(*db.session.execute(_on_desk(*_counts()).where(*where)).one())


def _place(consultation_id: int, group: OpinionGroup | None, search: str) -> list[sa.ColumnElement[bool]]:
    here = OpinionItem.group_id.is_(None) if group is None else OpinionItem.group_id == group.id
    found = [OpinionItem.consultation_id == consultation_id, here]
    return [*found, _words().icontains(search, autoescape=True)] if search else found


def opinions_in(consultation_id: int, group: OpinionGroup | None, page: int, search: str = "") -> list[Opinion]:
    """One page of the opinions in a group (None: in none), in the order in which they arrived; one statement."""
    came = sa.func.min(OpinionItem.comment_id).label("came")
    begins = sa.func.min(OpinionItem.start).label("begins")
    piles = (
        _on_desk(
            sa.func.min(OpinionItem.id).label("id"),
            sa.func.max(OpinionItem.id).label("last"),
            sa.func.count().label("copies"),
            came,
            begins,
        )
        .where(*_place(consultation_id, group, search))
        .group_by(same())
        .order_by(came, begins)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(
            OpinionItem.id,
            OpinionItem.comment_id,
            OpinionItem.start,
            OpinionItem.stop,
            OpinionItem.origin,
            piles.c.last,
            piles.c.copies,
            Comment.number,
            Comment.channel,
            Comment.passage,
            Comment.language,
            sa.func.substr(_words(), 1, EXCERPT).label("words"),
            sa.func.length(Comment.body).label("length"),
        )
        .join(piles, piles.c.id == OpinionItem.id)
        .join(Comment, Comment.id == OpinionItem.comment_id)
        .order_by(piles.c.came, piles.c.begins)
    )
    return [_opinion(row, group.number if group else None) for row in rows]


def _opinion(row: Any, group: int | None) -> Opinion:
    length = row.stop - row.start
    return Opinion(
        pile=Pile(row.id, row.comment_id, row.start, row.stop, group, row.copies, row.last),
        number=row.number,
        channel=row.channel,
        passage=row.passage,
        language=row.language,
        words=row.words,
        is_cut=length > EXCERPT,
        is_part=length < row.length,
        origin=row.origin,
    )


def steps_of(consultation_id: int, limit: int = STEPS) -> list[Done]:
    """The newest steps with who did them."""
    rows = db.session.execute(
        sa.select(DeskStep.id, DeskStep.act, DeskStep.origin, StaffMember.name, DeskStep.done_at, DeskStep.undone_at)
        .join(StaffMember, StaffMember.id == DeskStep.done_by_id)
        .where(DeskStep.consultation_id == consultation_id)
        .order_by(DeskStep.id.desc())
        .limit(limit)
    )
    return [Done(*row) for row in rows]


def last_division(consultation_id: int, comment_id: int) -> Done | None:
    """The newest step that holds, if it split or joined this comment; None otherwise."""
    row = db.session.execute(
        sa.select(DeskStep, StaffMember.name)
        .join(StaffMember, StaffMember.id == DeskStep.done_by_id)
        .options(defer(DeskStep.before), defer(DeskStep.after))
        .where(DeskStep.consultation_id == consultation_id, DeskStep.undone_at.is_(None))
        .order_by(DeskStep.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None or row.DeskStep.act not in {"opinion.split", "opinion.joined"}:
        return None
    step = row.DeskStep
    if all(one.comment != comment_id for one in steps.items_of(step.after)):
        return None
    return Done(step.id, step.act, step.origin, row.name, step.done_at, step.undone_at)


@dataclass(frozen=True)
class Moved:
    """Where an opinion lies that is not where the clerk saw it; `title` is None in no group, `gone` when it is no more."""

    number: int
    title: str | None
    gone: bool


def moved_meanwhile(piles: Sequence[Pile]) -> list[Moved]:
    """Which of these piles are elsewhere by now, for the clerk whose step was refused."""
    rows = db.session.execute(
        sa.select(OpinionItem.id, OpinionItem.start, OpinionItem.stop, OpinionGroup.number, OpinionGroup.title)
        .outerjoin(OpinionGroup, OpinionGroup.id == OpinionItem.group_id)
        .where(OpinionItem.id.in_([pile.item for pile in piles]))
    )
    now = {row.id: row for row in rows}
    numbers: Mapping[int, int] = dict(
        db.session.execute(
            sa.select(Comment.id, Comment.number).where(Comment.id.in_([pile.comment for pile in piles]))
        ).all()
    )
    found = []
    for pile in piles:
        row = now.get(pile.item)
        if pile.comment not in numbers:
            continue
        if row is None or (row.start, row.stop) != (pile.start, pile.stop):
            found.append(Moved(numbers[pile.comment], None, gone=True))
        elif row.number != pile.group:
            found.append(Moved(numbers[pile.comment], row.title, gone=False))
    return found


@dataclass(frozen=True)
class Proposed:
    """A topic another room proposes as a group, and how many opinions it would take."""

    topic: TextGroup
    free: int

    @property
    def key(self) -> str:
        """What names it in a form: another run may give other topics meanwhile."""
        return hashlib.sha256("\n".join([self.topic.label, *self.topic.refs]).encode()).hexdigest()[:16]


def proposed(consultation: Consultation) -> list[Proposed]:
    """The topics of the newest analyses, offered by whatever room has them, with what each could take now."""
    topics = [topic for room in house().rooms if room.groups for topic in room.groups(consultation)]
    free = free_refs(consultation, [ref for topic in topics for ref in topic.refs])
    return [Proposed(topic, sum(ref in free for ref in topic.refs)) for topic in topics]


def free_refs(consultation: Consultation, refs: Sequence[str]) -> set[str]:
    """Those of these references whose comment a topic may take."""
    found: set[str] = set()
    by_id = choosing.ids_by_ref(consultation.slug, refs)
    refs_by_id = {number: ref for ref, number in by_id.items()}
    for some in steps.chunks(by_id.values()):
        rows = db.session.scalars(
            sa.select(OpinionItem.comment_id)
            .outerjoin(OpinionGroup, OpinionGroup.id == OpinionItem.group_id)
            .where(*choosing.free(some, consultation.id))
        )
        found |= {refs_by_id[comment] for comment in rows}
    return found
