"""Keeping one comment: its number, its words as received, its author apart, its first item. Part of a caller's transaction."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities.arrivals import Entered
from civic.activities.models import Participation
from civic.activities.states import Channel
from civic.keys import keys
from consultations.comments.models import Comment, CommentAuthor, Consultation, OpinionItem
from consultations.comments.stages import Origin, Stance

STOPS: Final = "。．.、，,"
UNTIL_SAID: Final = date.max
"""Where no day is set until which it is kept: the consultation's own day decides once there is one."""


@dataclass(frozen=True)
class Author:
    """Who wrote it, as far as asked: never beside the text, never on a page of residents or council.

    `attributes` are the other columns of an import, which may tell who wrote: they lie under the same seal.
    """

    name: str = ""
    address: str = ""
    detail: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.name or self.address or self.detail or self.attributes)


@dataclass(frozen=True)
class Written:
    """A comment as it came in. `version` is the draft version it was written about; `row_key` is an import's."""

    body: str
    passage: str | None = None
    version: int | None = None
    stance: Stance | None = None
    category: str | None = None
    author: Author = Author()
    language: str = "ja"
    postmarked_on: date | None = None
    row_key: str | None = None

    @cached_property
    def fold_key(self) -> str:
        """Taken once, by an import before its transaction begins."""
        return fold_key(self.body)


def fold_key(body: str) -> str:
    """SHA-256 of what two copies of one text share: case, width, blanks and closing stops do not matter.

    What changes the sense stays: ? and !, signs like %, a number in a circle, a raised one.
    """
    even = unicodedata.normalize("NFC", "".join(map(_of_one_width, body)))
    key = "".join(even.split()).casefold()
    return hashlib.sha256((key.rstrip(STOPS) or key).encode()).hexdigest()


def _of_one_width(character: str) -> str:
    """A full-width or half-width form in its usual width, every other character as it is."""
    one_width = unicodedata.decomposition(character).startswith(("<wide>", "<narrow>"))
    return unicodedata.normalize("NFKC", character) if one_width else character


def next_numbers(session: Session, consultation_id: int, count: int = 1) -> range:
    """The next numbers of comments, taken for this transaction: two writers wait for one another here."""
    last = session.execute(
        sa.update(Consultation)
        .where(Consultation.id == consultation_id)
        .values(last_comment=Consultation.last_comment + count)
        .returning(Consultation.last_comment)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return range(last - count + 1, last + 1)


def store(session: Session, consultation: Consultation, participation: Participation, written: Written) -> Comment:
    """Add the comment of a participation, and what staff begin with: one opinion item, the whole of it."""
    number = next_numbers(session, consultation.id)[0]
    comment = Comment(**_columns(consultation.id, participation.id, participation.channel, number, written))
    session.add(comment)
    session.flush()
    session.add(first_item(comment))
    if written.author:
        session.add(sealed_author(consultation, participation.id, written.author))
    session.flush()
    return comment


def store_together(
    session: Session, consultation_id: int, channel: Channel, entered: Sequence[tuple[Entered, Written]]
) -> None:
    """Add the comments that many participations of one channel brought, in their order, each as one opinion item."""
    numbers = next_numbers(session, consultation_id, len(entered))
    rows = [
        _columns(consultation_id, entry.participation_id, channel, number, written)
        for number, (entry, written) in zip(numbers, entered, strict=True)
    ]
    returned = session.execute(sa.insert(Comment).returning(Comment.participation_id, Comment.id), rows)
    ids = dict(returned.all())
    items = [
        {
            "consultation_id": consultation_id,
            "comment_id": ids[entry.participation_id],
            "start": 0,
            "stop": len(written.body),
            "origin": Origin.MACHINE,
        }
        for entry, written in entered
    ]
    session.execute(sa.insert(OpinionItem), items)
    _seal_together(session, consultation_id, entered)


def _seal_together(session: Session, consultation_id: int, entered: Sequence[tuple[Entered, Written]]) -> None:
    """Keep what a table tells of those who wrote, each under its own seal."""
    told = [(entry.participation_id, written.author) for entry, written in entered if written.author]
    if not told:
        return
    until = session.scalar(sa.select(Consultation.retention_until).where(Consultation.id == consultation_id))
    rows = [
        {"participation_id": one, "sealed": _sealed(one, author), "erase_after": until or UNTIL_SAID}
        for one, author in told
    ]
    session.execute(sa.insert(CommentAuthor), rows)


def _columns(
    consultation_id: int, participation_id: int, channel: Channel, number: int, written: Written
) -> dict[str, Any]:
    return {
        "consultation_id": consultation_id,
        "participation_id": participation_id,
        "number": number,
        "channel": channel,
        "language": written.language,
        "passage": written.passage,
        "version": written.version,
        "stance": written.stance,
        "category": written.category,
        "body": written.body,
        "fold_key": written.fold_key,
        "postmarked_on": written.postmarked_on,
        "row_key": written.row_key,
    }


def first_item(comment: Comment) -> OpinionItem:
    return OpinionItem(
        consultation_id=comment.consultation_id,
        comment_id=comment.id,
        start=0,
        stop=len(comment.body),
        origin=Origin.MACHINE,
    )


def sealed_author(consultation: Consultation, participation_id: int, author: Author) -> CommentAuthor:
    """The author under seal, bound to her participation; erased at the end of the consultation's retention."""
    assert consultation.retention_until is not None
    return CommentAuthor(
        participation_id=participation_id,
        sealed=_sealed(participation_id, author),
        erase_after=consultation.retention_until,
    )


def _sealed(participation_id: int, author: Author) -> bytes:
    value = {"name": author.name, "address": author.address, "detail": author.detail}
    told = value | ({"attributes": dict(author.attributes)} if author.attributes else {})
    return keys().seal(f"comment_author.sealed|{participation_id}", json.dumps(told, ensure_ascii=False))


def opened_author(row: CommentAuthor) -> Author:
    """The author of a sealed row. Whoever calls this records the look and its reason."""
    return Author(**json.loads(keys().unseal(f"comment_author.sealed|{row.participation_id}", row.sealed)))
