"""The mail by which a person keeps her receipt number."""

from flask import current_app, render_template, url_for

from civic.activities.models import Participation
from civic.messages import N_, Message
from civic.notices.actions import MailText
from civic.web.languages import plain
from surveys.models import Survey


def receipt(survey: Survey, participation: Participation) -> MailText:
    """The receipt number with what it is good for."""
    address = current_app.extensions["settings"].base_url + url_for("surveys.entry", slug=survey.slug)
    body = render_template("surveys/mail/receipt.txt", survey=survey, participation=participation, address=address)
    return MailText(plain(Message(N_("Your receipt number: %(survey)s"), {"survey": plain(survey.title)})), body)
