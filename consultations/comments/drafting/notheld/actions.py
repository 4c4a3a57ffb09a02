"""Writes of notices that no procedure was held. One function, one transaction; a second person publishes."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy.orm import Session

from civic.activities import editing
from civic.activities.models import Project, Texts
from civic.activities.refusals import SlugTaken
from civic.audit import chain
from civic.db import writing
from civic.identity.accounts import Actor
from civic.refusals import NotFound, StaleVersion
from consultations.comments.drafting.refusals import NoticePublished
from consultations.comments.models import NotHeldNotice
from consultations.comments.rules import Rule

NEW = "new"  # the address of the page that begins a notice


@dataclass(frozen=True)
class NotHeld:
    """What a notice says (行政手続法43条5項 as default: title, purpose, that none was held, and why)."""

    title: Texts
    aim: Texts
    basis: Texts
    rule: Rule
    exemption: str
    reason: Texts
    contact: Texts

    def fill(self, notice: NotHeldNotice) -> None:
        for one in fields(self):
            setattr(notice, one.name, getattr(self, one.name))
        notice.rule = self.rule.to_json()


def create_notice(slug: str, project_id: int, content: NotHeld, actor: Actor) -> int:
    """Add a notice, to be published by somebody else; its id. Raises SlugTaken, NotFound for the project."""
    author = editing.staff_of(actor)
    if slug == NEW:
        raise SlugTaken
    with writing() as session:
        if session.get(Project, project_id) is None:
            raise NotFound
        notice = NotHeldNotice(slug=slug, project_id=project_id, author_id=author, last_editor_id=author, revision=1)
        content.fill(notice)
        session.add(notice)
        session.flush()
        chain.record(session, "not_held.saved", actor.label, f"not-held:{slug}", revision=1)
        return notice.id


def save_notice(notice_id: int, content: NotHeld, revision: int, actor: Actor) -> None:
    """Change a notice before it is published. Raises StaleVersion, NoticePublished."""
    with writing() as session:
        notice = _unpublished(session, notice_id, revision)
        content.fill(notice)
        notice.last_editor_id = editing.staff_of(actor)
        notice.revision += 1
        session.flush()
        chain.record(session, "not_held.saved", actor.label, f"not-held:{notice.slug}", revision=notice.revision)


def publish_notice(notice_id: int, revision: int, actor: Actor, at: datetime) -> None:
    """Publish a notice. The database refuses its author and last editor.

    Raises StaleVersion, NoticePublished, SecondPersonNeeded.
    """
    with writing() as session:
        notice = _unpublished(session, notice_id, revision)
        notice.published_at, notice.published_by_id = at, editing.staff_of(actor)
        session.flush()
        chain.record(session, "not_held.published", actor.label, f"not-held:{notice.slug}", revision=revision)


def _unpublished(session: Session, notice_id: int, revision: int) -> NotHeldNotice:
    notice = session.get(NotHeldNotice, notice_id, with_for_update=True)
    if notice is None:
        raise NotFound
    if notice.published_at is not None:
        raise NoticePublished
    if notice.revision != revision:
        raise StaleVersion
    return notice
