"""マイページ: one's own account."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from civic import limits
from civic.identity import actions, queries, sessions
from civic.identity.forms import DeleteAccountForm, NewAddressForm, fault
from civic.identity.refusals import WrongPassword

pages = Blueprint("me", __name__)


@pages.get("/me")
def page() -> str:
    """The account, and in the slot `me.participations` what other rooms know of the subjects it takes part as."""
    return render_template("identity/me.html", account=current_user, subjects=queries.subjects(current_user))


@pages.route("/me/address", methods=["GET", "POST"])
def address() -> ResponseReturnValue:
    """Change the mail address: it counts once the link mailed to it was used."""
    form = NewAddressForm(request.form)
    if request.method == "GET" or not form.validate():
        return render_template("identity/change_address.html", form=form), 422 if form.errors else 200
    mail = limits.failures("mail", queries.email_key(form.email.data), limits.MAILS)
    attempt = limits.failures("password", current_user.get_id())
    try:
        actions.ask_new_address(current_user, form.email.data, form.password.data)
    except WrongPassword as refusal:
        mail.succeeded()  # none was sent
        fault(form.password, refusal.message)
        return render_template("identity/change_address.html", form=form), 422
    attempt.succeeded()
    flash(_("We sent a mail to the new address. Open the link in it; until then the old address stays."), "info")
    return redirect(url_for(".page"), 303)


@pages.route("/me/delete", methods=["GET", "POST"])
def delete() -> ResponseReturnValue:
    """Delete the account: asks first, and for the password."""
    form = DeleteAccountForm(request.form)
    if request.method == "GET" or not form.validate():
        return render_template("identity/delete_account.html", form=form), 422 if form.errors else 200
    attempt = limits.failures("password", current_user.get_id())
    try:
        actions.delete_account(current_user, form.password.data)
    except WrongPassword as refusal:
        fault(form.password, refusal.message)
        return render_template("identity/delete_account.html", form=form), 422
    attempt.succeeded()
    sessions.end()
    flash(_("Your account is deleted."), "success")
    return redirect("/", 303)


@pages.get("/me/recovery-codes")
def recovery_codes() -> str:
    """The ten codes of a fresh enrolment, shown once."""
    return render_template("identity/recovery_codes.html", codes=sessions.carried("recovery_codes").split())
