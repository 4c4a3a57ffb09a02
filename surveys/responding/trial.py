"""試し回答: colleagues try a survey before it opens. The same pages, never counted, gone at the end."""

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext

from civic.activities import visitor
from civic.identity import access
from civic.notices.receipts import Answer
from surveys.responding import actions, queries
from surveys.responding import pages as steps
from surveys.responding.drafts import Holder
from surveys.responding.pages import Answering

pages = Blueprint("survey_trial", __name__, template_folder="../templates")


@pages.route("/staff/surveys/<slug>/trial", methods=["GET", "POST"])
def trial(slug: str) -> Answer:
    asked = queries.survey_with_questionnaire(slug)
    survey = asked.survey
    access.require("survey.trial", survey.department_id)
    holder = Holder(survey.id, visitor.browser_cookie(survey), trial=True)
    answering = Answering(asked, holder, queries.draft_of(holder), "survey_trial.trial")
    if request.method == "GET":
        answered = steps.show(answering)
    elif steps.wanted_section(answering.walk) == steps.CHECK:
        answered = end(answering)
    else:
        answered = steps.take_section(answering, int(steps.wanted_section(answering.walk)))
    return visitor.remember(make_response(answered), survey, holder.cookie)


def end(answering: Answering) -> Answer:
    """Erase the trial's answers and say so."""
    actions.drop(answering.holder)
    flash(gettext("The trial is over. Nothing of it was kept or counted."), "success")
    return redirect(url_for("survey_trial.trial", slug=answering.slug), 303)
