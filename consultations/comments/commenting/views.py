"""Residents' pages of a consultation: the notice with the draft."""

from flask import Blueprint, render_template

from civic import clock
from civic.activities.rules import state_of
from consultations.comments.commenting import queries

pages = Blueprint("consultations", __name__, template_folder="../templates")


@pages.get("/consultations/<slug>")
def entry(slug: str) -> str:
    consultation = queries.consultation_for_residents(slug)
    return render_template("comments/entry.html", consultation=consultation, state=state_of(consultation, clock.now()))
