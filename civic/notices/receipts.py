"""The receipt page of every kind of activity: whose number it shows, and the mail by which a person keeps it."""

from collections.abc import Callable

from flask import flash, redirect, request, session
from flask_babel import gettext
from werkzeug.wrappers import Response

from civic.activities import queries
from civic.activities.models import Activity, Participation
from civic.identity.contacts import TypedAddress, read_address
from civic.limits import TooManyTries
from civic.messages import N_
from civic.notices.actions import MailText, mail_receipt

Answer = Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]
SENT = N_("We sent the receipt number to the address you gave. The address is not kept.")


def keep(activity: Activity, receipt: str) -> None:
    """Remember the number in the session of the browser that sent; it never stands in an address: those are logged."""
    session["receipts"] = {**session.get("receipts", {}), activity.slug: receipt}


def has_kept(activity: Activity) -> bool:
    """Whether this browser took part already."""
    return activity.slug in session.get("receipts", {})


def kept(activity: Activity) -> Participation | None:
    """The participation whose number this browser remembers."""
    number = session.get("receipts", {}).get(activity.slug)
    return queries.participation(activity.id, number) if number else None


def show(
    known: Participation,
    mail: Callable[[Participation], MailText],
    page: Callable[[TypedAddress], str],
) -> Answer:
    """The receipt; a posted address gets it by mail, and one that is wrong or was asked too often stays typed."""
    if request.method == "GET":
        return page(TypedAddress())
    address = read_address(request.form.get("email", ""), required=True)
    if address.problem:
        return page(address), 422
    try:
        mail_receipt(known, mail(known), address.text)
    except TooManyTries as refusal:
        return page(TypedAddress(address.text, refusal.message)), refusal.status, dict(refusal.headers)
    flash(gettext(SENT), "success")
    return redirect(request.path, 303)
