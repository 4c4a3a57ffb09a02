"""One-time links: made, looked at, used once. Only a keyed hash of the token is stored."""

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from civic import clock
from civic.identity.models import LinkPurpose, OneTimeLink
from civic.identity.refusals import LinkOver
from civic.keys import keys

LASTS = {
    LinkPurpose.ENROL: timedelta(days=7),
    LinkPurpose.PASSWORD: timedelta(hours=24),
    LinkPurpose.ADDRESS: timedelta(hours=24),
}


def address(token: str) -> str:
    """The whole address of the link, for mail and for the person who hands it over."""
    base: str = current_app.extensions["settings"].base_url
    return f"{base.rstrip('/')}/links/{token}"


def token_hash(token: str) -> bytes:
    return keys().mac("link.1", token)


def issue(
    session: Session,
    token: str,
    purpose: LinkPurpose,
    *,
    staff_id: int | None = None,
    resident_id: int | None = None,
    new_email: str | None = None,
) -> OneTimeLink:
    """Store a link for one account; earlier unused ones of the same purpose and account stop working."""
    now = clock.now()
    owner = OneTimeLink.staff_id == staff_id if staff_id is not None else OneTimeLink.resident_id == resident_id
    session.execute(
        sa.update(OneTimeLink)
        .where(owner, OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
    )
    link = OneTimeLink(
        token_hash=token_hash(token),
        purpose=purpose,
        staff_id=staff_id,
        resident_id=resident_id,
        new_email=new_email,
        expires_at=now + LASTS[purpose],
    )
    session.add(link)
    session.flush()
    return link


def live(session: Session, token: str) -> OneTimeLink:
    """The unused, unexpired link of `token`; raises LinkOver."""
    link = session.scalar(
        sa.select(OneTimeLink).where(
            OneTimeLink.token_hash == token_hash(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
        )
    )
    if link is None:
        raise LinkOver
    return link


def use(session: Session, token: str, purpose: LinkPurpose) -> OneTimeLink:
    """Use the link up; of two who use it at once, one gets LinkOver."""
    now = clock.now()
    used = session.execute(
        sa.update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == token_hash(token),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
        )
        .values(used_at=now)
        .returning(OneTimeLink)
    ).scalar_one_or_none()
    if used is None:
        raise LinkOver
    return used
