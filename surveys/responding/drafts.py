"""回答の下書き: saved at every step, found again by a random cookie or a resume code; the database knows neither."""

import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities import visitor
from civic.activities.ledger import CROCKFORD, receipt_from
from civic.keys import Keys
from surveys.models import Draft

CODE_LENGTH = 12


@dataclass(frozen=True)
class Holder:
    """Who holds a draft: the browser's cookie for this survey, the person where one is identified, a colleague's trial."""

    survey_id: int
    cookie: str
    subject: str | None = None
    trial: bool = False

    def cookie_key(self, keys: Keys) -> bytes:
        """One browser's drafts of two persons are two drafts."""
        return keys.mac("trial.1" if self.trial else "draft.1", self.survey_id, self.cookie, self.subject or "")

    def form_session(self, submission_key: str) -> str:
        return visitor.form_session(self.cookie, submission_key)

    def subject_key(self, keys: Keys) -> bytes | None:
        return None if self.subject is None else keys.mac("drafter.1", self.survey_id, self.subject)


def new_resume_code() -> str:
    """60 random bits as 12 characters of Crockford base32."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(CODE_LENGTH))


def resume_key(keys: Keys, survey_id: int, typed: str) -> bytes:
    """The stored form of a resume code, however it was typed."""
    return keys.mac("resume.1", survey_id, receipt_from(typed))


def held_by(session: Session, keys: Keys, holder: Holder, *, lock: bool = False) -> Draft | None:
    """The holder's draft, locked against other writers where asked."""
    query = sa.select(Draft).where(
        Draft.survey_id == holder.survey_id, Draft.cookie_key == holder.cookie_key(keys), Draft.trial == holder.trial
    )
    return session.scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)
