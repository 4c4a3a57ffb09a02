"""Administration: staff and council accounts, departments."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from civic import clock
from civic.identity import sessions
from civic.identity.administration import actions, queries
from civic.identity.administration.forms import ROLE_NAMES, DepartmentForm, InviteForm, RolesForm, roles_of
from civic.identity.forms import fault
from civic.identity.models import StaffMember
from civic.identity.refusals import DepartmentTaken, LoginTaken

pages = Blueprint("administration", __name__, url_prefix="/admin/staff")
departments = Blueprint("departments", __name__, url_prefix="/admin/departments")


@pages.get("")
def members() -> str:
    rows = [(member, state(member)) for member in queries.members()]
    return render_template("identity/staff/members.html", rows=rows, role_names=ROLE_NAMES)


def state(member: StaffMember) -> str:
    """suspended, ended, invited (not enrolled yet) or active."""
    if member.suspended_at is not None:
        return "suspended"
    if member.ends_on is not None and member.ends_on < clock.today():
        return "ended"
    return "active" if member.password_hash and member.totp_secret else "invited"


@pages.route("/invite", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    form = InviteForm(request.form)
    if request.method == "GET" or not form.validate():
        return render_template("identity/staff/invite.html", form=form), 422 if form.errors else 200
    try:
        made = actions.create_staff(
            form.login.data,
            form.holdings,
            actor=current_user.actor,
            name=form.name.data,
            email=form.email.data or None,
            ends_on=form.ends_on.data,
        )
    except LoginTaken as refusal:
        fault(form.login, refusal.message)
        return render_template("identity/staff/invite.html", form=form), 422
    sessions.carry("invitation", made.address)
    return redirect(url_for(".member", staff_id=made.staff_id), 303)


@pages.route("/<int(max=2147483647):staff_id>", methods=["GET", "POST"])
def member(staff_id: int) -> ResponseReturnValue:
    """One member: roles and last day to be changed, and the acts on the account."""
    found = queries.member(staff_id)
    form = RolesForm(request.form or None, roles=roles_of(found), ends_on=found.ends_on)
    if request.method == "POST" and form.validate():
        actions.change_roles(staff_id, form.holdings, form.ends_on.data, actor=current_user.actor)
        flash(_("The roles are changed. The person is signed out everywhere."), "success")
        return redirect(url_for(".member", staff_id=staff_id), 303)
    invitation = sessions.carried("invitation") if request.method == "GET" else ""
    return render_template(
        "identity/staff/member.html", form=form, member=found, state=state(found), invitation=invitation
    ), 422 if form.errors else 200


@pages.post("/<int(max=2147483647):staff_id>/suspend")
def suspend(staff_id: int) -> ResponseReturnValue:
    actions.suspend(queries.member(staff_id).id, actor=current_user.actor)
    flash(_("The account is suspended. You can reinstate it on this page."), "success")
    return redirect(url_for(".member", staff_id=staff_id), 303)


@pages.post("/<int(max=2147483647):staff_id>/reinstate")
def reinstate(staff_id: int) -> ResponseReturnValue:
    actions.reinstate(queries.member(staff_id).id, actor=current_user.actor)
    flash(_("The account is reinstated."), "success")
    return redirect(url_for(".member", staff_id=staff_id), 303)


@pages.route("/<int(max=2147483647):staff_id>/new-link", methods=["GET", "POST"])
def new_link(staff_id: int) -> ResponseReturnValue:
    """Reset the second factor, after asking: a new link for a new enrolment."""
    found = queries.member(staff_id)
    if request.method == "GET":
        return render_template("identity/staff/new_link.html", member=found)
    sessions.carry("invitation", actions.reset_second_factor(staff_id, actor=current_user.actor).address)
    return redirect(url_for(".member", staff_id=staff_id), 303)


@departments.route("", methods=["GET", "POST"])
def listed() -> ResponseReturnValue:
    """All departments, and a form for one more."""
    form = DepartmentForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            actions.add_department(form.code.data, form.names, actor=current_user.actor)
        except DepartmentTaken as refusal:
            fault(form.code, refusal.message)
        else:
            flash(_("The department is added."), "success")
            return redirect(url_for(".listed"), 303)
    page = render_template("identity/staff/departments.html", form=form, departments=queries.departments())
    return page, 422 if form.errors else 200
