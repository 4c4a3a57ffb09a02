"""The mail by which a person keeps her receipt number."""

from flask import current_app, render_template, url_for

from civic.activities.models import Participation
from civic.messages import N_, Message
from civic.notices.actions import MailText
from civic.web.languages import plain
from consultations.comments.models import Consultation


def receipt(consultation: Consultation, participation: Participation) -> MailText:
    """The receipt number with what it is good for."""
    origin = current_app.extensions["settings"].base_url
    body = render_template(
        "comments/mail/receipt.txt",
        consultation=consultation,
        participation=participation,
        address=origin + url_for("activities.receipt"),
        withdrawal=origin + url_for("consultations.withdraw", slug=consultation.slug),
    )
    subject = Message(N_("Your receipt number: %(consultation)s"), {"consultation": plain(consultation.title)})
    return MailText(plain(subject), body)
