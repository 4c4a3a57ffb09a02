"""Staff pages of the paper ballots' count."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from civic import clock
from civic.identity import access
from consultations.votes.conducting import queries
from consultations.votes.conducting.queries import Standing
from consultations.votes.paper import actions
from consultations.votes.paper.forms import PaperCountForm, count_form
from consultations.votes.paper.showing import papers_of
from consultations.votes.paper.tallies import FEW

pages = Blueprint("votes_paper", __name__, url_prefix="/staff/votes", template_folder="../templates")


@pages.get("/<slug>/paper/count")
def count(slug: str) -> str:
    page = queries.standing(slug, "vote.inspect")
    return render_count(page, form_of(page))


def form_of(page: Standing) -> PaperCountForm:
    questions = page.manifest.questions if page.manifest else ()
    return count_form(page.vote, questions, posted=request.method == "POST")


def render_count(page: Standing, form: PaperCountForm) -> str:
    vote, closing = page.vote, page.closing
    return render_template(
        "votes/staff/paper_count.html",
        page=page,
        vote=vote,
        form=form,
        papers=papers_of(vote, page.manifest, released=False),
        few=closing is not None and closing.paper < FEW,
        by_hand=actions.is_counted_by_hand(closing),
        seen=actions.seen(vote.paper_count),
        may_conduct=access.may("vote.conduct", vote.department_id),
        may_release=access.may("vote.release", vote.department_id) and vote.paper_counted_by_id != current_user.id,
    )


@pages.post("/<slug>/paper/count")
def record_count(slug: str) -> ResponseReturnValue:
    page = queries.standing(slug, "vote.conduct")
    if page.manifest is None or page.closing is None or not actions.is_counted_by_hand(page.closing):
        return redirect(url_for(".count", slug=slug), 303)
    form = form_of(page)
    found = form.counted(page.manifest.questions, page.closing.paper)
    if found is None:
        return render_count(page, form), 422
    actions.record_count(page.vote.id, found, current_user.actor, clock.now())
    flash(_("The paper count is kept. A second person releases it."), "success")
    return redirect(url_for(".count", slug=slug), 303)


@pages.post("/<slug>/paper/release")
def release(slug: str) -> ResponseReturnValue:
    page = queries.standing(slug, "vote.release")
    actions.release_count(page.vote.id, request.form.get("seen", ""), current_user.actor, clock.now())
    flash(_("The paper count stands in the result now."), "success")
    return redirect(url_for(".count", slug=slug), 303)
