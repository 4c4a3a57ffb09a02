"""Residents' pages over all kinds of activity."""

from flask import Blueprint, render_template

from civic import clock
from civic.activities import queries

pages = Blueprint("activities", __name__)


@pages.get("/")
def home() -> str:
    return render_template("activities/home.html", page=queries.home(clock.now()))
