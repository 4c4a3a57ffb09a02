"""The words of account mail, in the language of the page (日本語 at the command line)."""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy.orm import Session

from civic.identity import links
from civic.messages import N_, Message
from civic.notices.outbox import queue_mail
from civic.web.languages import language, plain


@dataclass(frozen=True)
class Letter:
    """One mail, ready to be queued. Made before the transaction opens."""

    subject: str
    body: str

    def queue(self, session: Session, key: str, to: str) -> None:
        """Queue it within the caller's transaction."""
        queue_mail(session, key=key, to=to, subject=self.subject, body=self.body)


def letter(template: str, subject: str, token: str | None = None) -> Letter:
    settings = current_app.extensions["settings"]
    body = current_app.jinja_env.get_template(f"identity/mail/{template}.txt").render(
        address=links.address(token) if token else settings.base_url,
        municipality=settings.municipality(language()),
        contact=settings.contact(language()),
    )
    return Letter(plain(Message(subject)), body)


def welcome(token: str) -> Letter:
    """To an address that signed up: choose a password by the link."""
    return letter("welcome", N_("Finish your sign-up"), token)


def known_already() -> Letter:
    """To an address that signed up again."""
    return letter("known", N_("You already have an account"))


def new_password(token: str) -> Letter:
    """To somebody who forgot the password."""
    return letter("password", N_("Choose a new password"), token)


def new_address(token: str) -> Letter:
    """To the new address of a resident."""
    return letter("address", N_("Confirm your new mail address"), token)


def address_changed() -> Letter:
    """To the old address, so that a change by a stranger is noticed."""
    return letter("address_changed", N_("Your mail address was changed"))


def invitation(token: str) -> Letter:
    """To a staff or council member: set up the account by the link."""
    return letter("staff/invitation", N_("Set up your account"), token)
