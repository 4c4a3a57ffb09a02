"""Staff pages of the city's rules for public comment: read by all staff, written by administrators."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from civic import clock
from civic.identity import access
from consultations.comments.drafting.rulebook import actions, forms, queries
from consultations.comments.refusals import RuleInUse
from consultations.comments.rules import Rule

pages = Blueprint(
    "consultations_rules", __name__, url_prefix="/staff/consultations/rules", template_folder="../../templates"
)


@pages.get("")
def index() -> str:
    return render_template("comments/staff/rules.html", rules=queries.rules(), may_edit=access.may("rule.edit"))


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new rule, begun with the values of the Act."""
    form = forms.NewRuleForm(data=forms.values_of(Rule(name={})))
    if form.validate_on_submit():
        try:
            actions.create_rule(form.slug.data, form.rule(), current_user.actor, clock.now())
        except RuleInUse as refusal:
            form.slug.errors = (refusal.message,)
        else:
            flash(_("The rule is saved."), "success")
            return redirect(url_for(".show", code=form.slug.data), 303)
    return render_template("comments/staff/rule_form.html", form=form, stored=None), 422 if form.errors else 200


@pages.get("/<code>")
def show(code: str) -> str:
    return render_template("comments/staff/rule.html", stored=queries.rule(code), may_edit=access.may("rule.edit"))


@pages.route("/<code>/edit", methods=["GET", "POST"])
def edit(code: str) -> ResponseReturnValue:
    stored = queries.rule(code)
    form = forms.RuleForm(data=forms.values_of(stored.rule))
    if form.validate_on_submit():
        revision = request.form.get("revision", 0, type=int)
        actions.save_rule(code, form.rule(), revision, current_user.actor, clock.now())
        flash(_("The rule is saved."), "success")
        return redirect(url_for(".show", code=code), 303)
    return render_template("comments/staff/rule_form.html", form=form, stored=stored), 422 if form.errors else 200
