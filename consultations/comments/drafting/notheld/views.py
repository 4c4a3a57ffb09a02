"""Residents' pages: plans for which no procedure was held, and why."""

from flask import Blueprint, render_template

from consultations.comments.drafting.notheld import queries

pages = Blueprint("not_held", __name__, url_prefix="/consultations/not-held", template_folder="../../templates")


@pages.get("")
def index() -> str:
    return render_template("comments/not_held.html", notices=queries.published())


@pages.get("/<slug>")
def notice(slug: str) -> str:
    found = queries.published_notice(slug)
    rule, case = queries.case_of(found)
    return render_template("comments/not_held_notice.html", notice=found, rule=rule, case=case)
