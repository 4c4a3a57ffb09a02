"""Staff pages that conduct a vote."""

from flask import Blueprint, render_template

from consultations.votes import queries

pages = Blueprint("votes_conducting", __name__, url_prefix="/staff/votes", template_folder="../templates")


@pages.get("/<slug>")
def conduct(slug: str) -> str:
    return render_template("votes/staff/conduct.html", vote=queries.vote_for(slug, "vote.inspect"))
