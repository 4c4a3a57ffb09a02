"""Residents' pages of a vote."""

from flask import Blueprint, render_template

from consultations.votes import queries

pages = Blueprint("votes", __name__, template_folder="../templates")


@pages.get("/votes/<slug>")
def entry(slug: str) -> str:
    """What is asked, by whom, who may vote and why the ballot is secret."""
    return render_template("votes/entry.html", vote=queries.vote_for_residents(slug))
