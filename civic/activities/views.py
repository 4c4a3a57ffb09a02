"""Residents' pages over all kinds of activity: first page, projects, results, receipts, and how the city does this."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from civic import clock, limits
from civic.activities import forms, ledger, queries
from civic.features import house
from civic.messages import N_, Message

pages = Blueprint("activities", __name__)


def panels(slot: str, **context: object) -> Iterator[Markup]:
    """What other rooms show in a slot of this room's pages: `staff.activity`, `staff.conflict`, `receipt.after`."""
    for panel in house().panels(slot):
        values = panel.query(context)
        if values is not None:
            yield Markup(render_template(panel.template, **values))  # noqa: S704 - rendered with escaping


@pages.record_once
def give_templates_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(
        panels=panels,
        kinds=state.app.extensions["house"].kinds,
        channel_words={channel.value: words for channel, words in forms.CHANNELS.items()},
    )


@pages.get("/")
def home() -> str:
    return render_template("activities/home.html", page=queries.home(clock.now()))


@pages.get("/results")
def results() -> str:
    return render_template("activities/results.html", page=queries.home(clock.now()))


@pages.get("/projects/<slug>")
def project(slug: str) -> str:
    return render_template("activities/project.html", page=queries.project(slug, clock.now()))


@pages.route("/receipt", methods=["GET", "POST"])
def receipt() -> ResponseReturnValue:
    """Look up a receipt number. Unknown and mistyped numbers get one answer; the number never stands in an address."""
    typed = request.form.get("number", "")
    if request.method == "GET":
        found = queries.by_receipt(session.pop("looked_up", ""))
        return render_template("activities/receipt.html", found=found, typed="", errors=[])
    attempt = limits.failures("receipt")
    number = ledger.receipt_from(typed)
    if queries.by_receipt(number) is None:
        errors = [("number", Message(UNKNOWN))]
        return render_template("activities/receipt.html", found=None, typed=typed, errors=errors), 422
    attempt.succeeded()
    session["looked_up"] = number
    return redirect(url_for(".receipt"), 303)


UNKNOWN = N_("We cannot find this number. Check the 16 characters on your receipt.")


def my_participations(context: Mapping[str, Any]) -> dict[str, object]:
    """The panel of `me.participations`: what this account took part in, found by its keyed subjects."""
    return {"rows": queries.participations_of(context["subjects"], clock.now())}


@pages.get("/help")
def help() -> str:
    return render_template("activities/help.html")


@pages.get("/privacy")
def privacy() -> str:
    return render_template("activities/privacy.html", activities=queries.asking_now(clock.now()))


@pages.get("/accessibility")
def accessibility() -> str:
    return render_template("activities/accessibility.html")
