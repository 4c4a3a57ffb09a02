"""The booth: a ballot is chosen, looked at, then cast or opened as a test. Nothing of a choice is kept on the way."""

import base64
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from civic import clock
from civic.activities import visitor
from civic.activities.refusals import ActivityWithdrawn, IdentityNeeded, NotOpenYet, PeriodOver
from civic.db import db
from civic.messages import Message
from civic.notices.receipts import Answer
from civic.refusals import Busy, Refusal
from consultations.votes.casting import actions, files, forms, queries, sealing
from consultations.votes.casting.actions import Voter
from consultations.votes.casting.forms import BallotForm
from consultations.votes.casting.queries import VotePage
from consultations.votes.models import Vote, VoteSlot
from consultations.votes.protocol.encoding import canonical
from consultations.votes.refusals import (
    BallotExpired,
    BallotIsFinal,
    BallotOutOfTurn,
    BallotWasTested,
    NotOnTheRoll,
    VotedOnPaper,
    VotingOver,
)

AGAIN = (BallotExpired, BallotWasTested)
NOT_NOW = (PeriodOver, NotOpenYet, ActivityWithdrawn)


def voter_of(vote: Vote) -> Voter:
    """Who stands here, by the posted code or by an account linked to it. Raises IdentityNeeded."""
    subject = visitor.subject_of(vote)
    if subject is None:
        raise IdentityNeeded
    return Voter(int(subject.removeprefix("entry:")))


def known_voter(vote: Vote) -> Voter | None:
    """The same, None where nobody has said who she is."""
    try:
        return voter_of(vote)
    except IdentityNeeded:
        return None


def ask_who(vote: Vote, endpoint: str) -> Response:
    """To the page for the posted code, and back. What was posted is not carried along: a choice travels nowhere else."""
    if request.method == "POST":
        flash(gettext("Enter your code again, then choose again. Nothing was cast."), "warn")
    address = url_for("register_code.enter", slug=vote.slug, next=url_for(endpoint, slug=vote.slug))
    return redirect(address, 303 if request.method == "POST" else 302)


@dataclass(frozen=True)
class Booth:
    """One voter before one ballot paper."""

    page: VotePage
    voter: Voter

    @property
    def place(self) -> str:
        """What a sealed ballot is bound to: this vote, this person."""
        return f"{self.page.board.digest}|{self.voter.subject}"

    def slot(self) -> VoteSlot:
        """Raises NotOnTheRoll, VotedOnPaper, BallotIsFinal, VotingOver."""
        if not self.page.is_open:
            raise VotingOver
        slot = actions.slot_of(db.session, self.page.board.id, self.voter)
        if slot.seq and not self.page.vote.change_allowed:
            raise BallotIsFinal
        return slot


def begin(booth: Booth) -> Answer:
    """The empty ballot paper."""
    try:
        return choosing(booth, forms.ballot_form(booth.page.manifest), booth.slot())
    except Refusal as refusal:
        return refused(booth, refusal)


def take(booth: Booth) -> Answer:
    """What was posted: a choice to look at, or what to do with a ballot that was looked at."""
    acts = {"cast": cast, "test": test, "more": renew}
    try:
        act = acts.get(request.form.get("act", ""))
        return act(booth, pending(booth)) if act else check(booth)
    except Refusal as refusal:
        return refused(booth, refusal)


def pending(booth: Booth) -> sealing.Pending:
    """The ballot in the hidden field. Raises BallotExpired."""
    return sealing.from_field(request.form.get("sealed", ""), booth.place, clock.now())


def check(booth: Booth) -> Answer:
    """Encrypt what was chosen and show it for a last look."""
    slot = booth.slot()
    form = forms.ballot_form(booth.page.manifest, request.form)
    if not form.validate():
        return choosing(booth, form, slot), 422
    made = sealing.prepare(booth.page.manifest, form.choices(), slot.slot, slot.seq + 1, slot.hash, clock.now())
    return review(booth, made)


def renew(booth: Booth, made: sealing.Pending) -> Answer:
    """Another fifteen minutes for the same ballot."""
    booth.slot()
    return review(booth, replace(made, until=clock.now() + sealing.GOOD_FOR))


def cast(booth: Booth, made: sealing.Pending) -> Answer:
    vote = booth.page.vote
    actions.cast_ballot(vote.id, booth.voter, made.body, clock.now())
    return redirect(url_for("votes.receipt", slug=vote.slug), 303)


def test(booth: Booth, made: sealing.Pending) -> Answer:
    """The ballot opened: posted as tested first, then handed to the voter."""
    actions.open_as_test(booth.page.vote.id, booth.voter, made.body, clock.now())
    file = audited(booth.page, made)
    return shown(
        "votes/tested.html",
        booth,
        pending=made,
        papers=papers(booth.page, made),
        file=file.decode(),
        files=files.of(booth.page.vote.slug),
        address=f"data:application/json;base64,{base64.b64encode(file).decode()}",
    )


def audited(page: VotePage, made: sealing.Pending) -> bytes:
    """The file of SPEC.md, section 9: choice and randomness of a ballot that will never be cast."""
    return canonical(
        {
            "ballot": made.body,
            "choices": made.choices,
            "randomness": made.randomness,
            "version": 1,
            "vote": page.board.digest,
        }
    )


def shown(template: str, booth: Booth, **values: Any) -> str:
    return render_template(template, page=booth.page, vote=booth.page.vote, **values)


def choosing(booth: Booth, form: BallotForm, slot: VoteSlot, notice: Message | None = None) -> str:
    """The ballot paper, with what was chosen where it was refused."""
    return shown("votes/choose.html", booth, form=form, papers=form.papers, voted=slot.seq > 0, notice=notice)


def review(booth: Booth, made: sealing.Pending) -> str:
    """Every option is listed and one marked, so that the page is as long whatever was chosen."""
    return shown(
        "votes/review.html",
        booth,
        pending=made,
        papers=papers(booth.page, made),
        sealed=sealing.to_field(made, booth.place),
        minutes=int(sealing.GOOD_FOR.total_seconds() // 60),
    )


def papers(page: VotePage, made: sealing.Pending) -> list[tuple[forms.Paper, list[tuple[Any, int]]]]:
    """Each question with its options' words and what was given to each."""
    found = []
    for paper, values in zip(forms.papers_of(page.manifest), made.choices, strict=True):
        found.append((paper, [(text, value) for (_, text), value in zip(paper.options, values, strict=True)]))
    return found


def refused(booth: Booth, refusal: Refusal) -> Answer:
    """Why a ballot was not taken, and what can be done; an expired one leads back to the ballot paper."""
    if isinstance(refusal, NOT_NOW):
        refusal = VotingOver()
    if isinstance(refusal, AGAIN):
        try:
            page = choosing(booth, forms.ballot_form(booth.page.manifest), booth.slot(), refusal.message)
        except Refusal as other:
            return refused(booth, other)
        return page, refusal.status, refusal.headers
    page = shown(
        "votes/refused.html",
        booth,
        refusal=refusal,
        reason=REASONS.get(type(refusal), ""),
        again=waiting() if isinstance(refusal, Busy) else None,
        missing=queries.missing_of(booth.page.vote, booth.voter) if isinstance(refusal, NotOnTheRoll) else [],
    )
    status = 200 if request.method == "GET" and not isinstance(refusal, NotOnTheRoll) else refusal.status
    return page, status, refusal.headers


def waiting() -> tuple[str, str] | None:
    """The ballot as it was posted and what was to be done with it, to be sent once more by the same button."""
    act, sealed = request.form.get("act", ""), request.form.get("sealed", "")
    return (act, sealed) if act in ("cast", "test") and sealed else None


REASONS = {
    NotOnTheRoll: "roll",
    VotedOnPaper: "paper",
    BallotIsFinal: "final",
    BallotOutOfTurn: "turn",
    VotingOver: "over",
}
