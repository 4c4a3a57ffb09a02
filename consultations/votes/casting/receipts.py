"""The ballot receipt (投票控え): made anew from the board whenever its voter asks, never kept."""

import segno
from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from consultations.votes.casting import booth, queries
from consultations.votes.casting.forms import LookUpForm
from consultations.votes.casting.queries import VotePage
from consultations.votes.protocol.checkpoints import Receipt
from consultations.votes.protocol.encoding import canonical


def show(page: VotePage, form: LookUpForm, looked_up: str = "") -> str:
    voter = booth.known_voter(page.vote)
    place = queries.place_of(page, voter) if voter else None
    return render_template(
        "votes/receipt.html",
        page=page,
        vote=page.vote,
        voter=voter,
        place=place,
        picture=picture(place.receipt) if place and place.receipt else None,
        form=form,
        found=queries.look_up(page.board.id, looked_up) if looked_up else None,
    )


def picture(receipt: Receipt) -> Markup:
    """The whole receipt as a QR code, so that a printed one can be checked."""
    made = segno.make(canonical(receipt.body), micro=False, error="l")
    drawn = made.svg_inline(scale=3, border=4, dark="#000", light="#fff", omitsize=True)
    return Markup(drawn)  # noqa: S704 - drawn from digits and letters of ours


def file(page: VotePage) -> ResponseReturnValue:
    """The receipt to keep; to the page, which says why, where there is none."""
    voter = booth.known_voter(page.vote)
    place = queries.place_of(page, voter) if voter else None
    if place is None or place.receipt is None:
        return redirect(url_for("votes.receipt", slug=page.vote.slug))
    name = f"{page.vote.slug}-receipt-{place.receipt.entry}.json"
    return Response(
        canonical(place.receipt.body),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
