"""Staff pages of the end of the slots' map."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from civic import clock
from civic.identity import access
from consultations.votes.conducting import queries
from consultations.votes.conducting.queries import Standing
from consultations.votes.slots import actions
from consultations.votes.slots.forms import DestroyForm, ObjectionsForm

pages = Blueprint("votes_slots", __name__, url_prefix="/staff/votes", template_folder="../templates")


@pages.get("/<slug>/slots")
def slots(slug: str) -> str:
    page = queries.standing(slug, "vote.inspect")
    named = ObjectionsForm(formdata=None, data={"until": page.vote.objections_until})
    return render_slots(page, named, DestroyForm(formdata=None))


def render_slots(page: Standing, named: ObjectionsForm, destroy: DestroyForm) -> str:
    vote = page.vote
    return render_template(
        "votes/staff/slots.html",
        page=page,
        vote=vote,
        form=named,
        destroy=destroy,
        over=actions.is_over(vote),
        due=vote.objections_until is not None and clock.today() > vote.objections_until,
        may_conduct=access.may("vote.conduct", vote.department_id),
        may_destroy=access.may("vote.destroy_map", vote.department_id) and vote.map_named_by_id != current_user.id,
    )


@pages.post("/<slug>/slots")
def name_end(slug: str) -> ResponseReturnValue:
    page = queries.standing(slug, "vote.conduct")
    form = ObjectionsForm()
    if not form.validate():
        return render_slots(page, form, DestroyForm(formdata=None)), 422
    actions.name_end(page.vote.id, form.until.data, current_user.actor, clock.now())
    flash(_("The day is kept. After it a second person destroys the list."), "success")
    return redirect(url_for(".slots", slug=slug), 303)


@pages.post("/<slug>/slots/destroy")
def destroy(slug: str) -> ResponseReturnValue:
    page = queries.standing(slug, "vote.destroy_map")
    form = DestroyForm()
    if not form.validate():
        return render_slots(page, ObjectionsForm(formdata=None, data={"until": page.vote.objections_until}), form), 422
    count = actions.destroy_map(page.vote.id, current_user.actor, clock.now())
    flash(ngettext("%(num)s place is nobody's any more.", "%(num)s places are nobody's any more.", count), "success")
    return redirect(url_for(".slots", slug=slug), 303)
