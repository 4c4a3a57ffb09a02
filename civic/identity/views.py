"""Signing in and out, signing up, and the pages behind mailed links."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from civic import limits
from civic.identity import actions, kept, qr, queries, sessions
from civic.identity.accounts import Account
from civic.identity.forms import (
    ChangePasswordForm,
    CodeForm,
    EnrolForm,
    ForgottenForm,
    NewPasswordForm,
    SignInForm,
    SignUpForm,
    fault,
)
from civic.identity.models import LinkPurpose
from civic.identity.refusals import WrongCode, WrongPassword, WrongSignIn
from civic.limits import TooManyTries
from civic.messages import N_, Message

pages = Blueprint("identity", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """One page for everybody: name and password, then a code for staff and council."""
    if "start_over" in request.form:
        sessions.start_over()
        return redirect(here(), 303)
    waiting = queries.account_waiting_for_code()
    if "code" in request.form or (request.method == "GET" and waiting):
        return second_step(waiting)
    form = SignInForm(request.form)
    if request.method == "GET":
        return redirect(target(current_user)) if current_user.is_authenticated else sign_in_page(form)
    if not form.validate():
        return sign_in_page(form), 422
    try:
        attempt = limits.failures("sign-in", sessions.door(queries.login_key(form.login.data)))
        account = actions.sign_in(form.login.data, form.password.data)
    except (WrongSignIn, TooManyTries) as refusal:
        fault(form.password, refusal.message)
        return sign_in_page(form), refusal.status, refusal.headers
    attempt.succeeded()
    sessions.remember_browser(queries.login_key(form.login.data))
    if account.kind == "resident":
        return enter(account)
    sessions.wait_for_code(account)
    if request.form.get("kept"):  # a redirect could not carry what was typed
        return code_page(CodeForm())
    return redirect(here(), 303)


def second_step(waiting: Account | None) -> ResponseReturnValue:
    form = CodeForm(request.form)
    if waiting is None:
        again = SignInForm()
        fault(again.password, Message(N_("The time for the code is over. Enter your name and password again.")))
        return sign_in_page(again), 422
    if request.method == "GET":
        return code_page(form)
    if not form.validate():
        return code_page(form), 422
    try:
        attempt = limits.failures("second-factor", str(waiting.id))
        account = actions.second_factor(waiting.id, form.code.data)
    except (WrongCode, TooManyTries) as refusal:
        fault(form.code, refusal.message)
        return code_page(form), refusal.status, refusal.headers
    attempt.succeeded()
    return enter(account)


def enter(account: Account) -> ResponseReturnValue:
    """Begin the session and go where the person wanted to, or show what she typed before the last one ended."""
    sessions.begin(account)
    form = kept.opened(request.form.get("kept"))
    if form is not None:
        return render_template("identity/send_again.html", kept=form, back=target(account))
    return redirect(target(account), 303)


def sign_in_page(form: SignInForm) -> str:
    return render_template("identity/sign_in.html", form=form, kept=request.form.get("kept"), here=here())


def sign_in_again(texts: Sequence[tuple[Any, str]]) -> ResponseReturnValue:
    """The answer to a form whose session was over: sign in, and what was typed can be sent again. `texts` are shown."""
    form = kept.posted()
    return (
        render_template(
            "identity/sign_in.html",
            form=SignInForm(),
            kept=kept.sealed(form),
            texts=texts,
            here=url_for("identity.sign_in", next=kept.page_before()),
        ),
        401,
        {"Cache-Control": "no-store"},
    )


def code_page(form: CodeForm) -> str:
    return render_template("identity/second_factor.html", form=form, kept=request.form.get("kept"), here=here())


def here() -> str:
    """This page's address with the place to go on to."""
    return url_for("identity.sign_in", next=kept.own_address(request.args.get("next")))


def target(account: Account) -> str:
    """Where an account goes after signing in."""
    return kept.own_address(request.args.get("next")) or account.home


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End every session of the account and of the codes entered here, in this and in every other browser."""
    signed_in, entries = current_user.is_authenticated, sessions.entries()
    if signed_in:
        actions.end_sessions(current_user)
    if entries:
        actions.end_entry_sessions(entries)
    sessions.end()
    flash(
        _("You are signed out.") if signed_in or not entries else _("The code no longer opens anything here."),
        "success",
    )
    return redirect("/", 303)


@pages.route("/sign-up", methods=["GET", "POST"])
def sign_up() -> ResponseReturnValue:
    """Ask for a mail address only: the password is chosen behind the mailed link, by whoever reads that mail."""
    form = SignUpForm(request.form)
    if request.method == "GET" or not form.validate():
        return render_template("identity/sign_up.html", form=form), 422 if form.errors else 200
    limits.failures("mail", queries.email_key(form.email.data), limits.MAILS)
    actions.register_resident(form.email.data)
    return redirect(url_for(".mailed"), 303)


@pages.get("/sign-up/mailed")
def mailed() -> str:
    """The same page for known and unknown addresses."""
    return render_template("identity/mailed.html")


@pages.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Change the password while signed in; else ask for a link by mail."""
    return change_password() if current_user.is_authenticated else forgotten()


def forgotten() -> ResponseReturnValue:
    form = ForgottenForm(request.form)
    if request.method == "GET" or not form.validate():
        return render_template("identity/forgotten.html", form=form), 422 if form.errors else 200
    limits.failures("mail", queries.login_key(form.login.data), limits.MAILS)
    actions.forgot_password(form.login.data)
    return redirect(url_for(".mailed"), 303)


def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm(request.form)
    form.login = current_user.name
    if request.method == "GET" or not form.validate():
        return render_template("identity/change_password.html", form=form), 422 if form.errors else 200
    attempt = limits.failures("password", current_user.get_id())
    try:
        account = actions.change_password(current_user, form.password.data, form.new_password.data)
    except WrongPassword as refusal:
        fault(form.password, refusal.message)
        return render_template("identity/change_password.html", form=form), 422
    attempt.succeeded()
    sessions.renew(account)
    flash(_("Your password is changed. Every other browser is signed out."), "success")
    return redirect(url_for("me.page"), 303)


@pages.route("/links/<token>", methods=["GET", "POST"])
def link(token: str) -> ResponseReturnValue:
    """The page of a mailed or handed-over link. Looking uses nothing up: mail programs look, too."""
    page = queries.link_page(token)
    if page.purpose is LinkPurpose.ENROL:
        return enrol(token, page)
    return new_address(token, page) if page.purpose is LinkPurpose.ADDRESS else new_password(token, page)


def enrol(token: str, page: queries.LinkPage) -> ResponseReturnValue:
    form = EnrolForm(request.form)
    form.login = page.login
    if request.method == "POST" and form.validate():
        try:
            done = actions.enrol(token, form.new_password.data, form.code.data)
        except WrongCode as refusal:
            fault(form.code, refusal.message)
        else:
            return enrolled(done)
    secret = queries.secret_of_link(token)
    return render_template(
        "identity/enrol.html", form=form, page=page, token=token, secret=secret
    ), 422 if form.errors else 200


def enrolled(done: actions.Enrolment) -> ResponseReturnValue:
    """Password, app and link are proved: the person is signed in and sees the recovery codes, once."""
    account = queries.staff_account(done.staff_id)
    if account is None:
        return redirect(url_for(".sign_in"), 303)
    sessions.begin(account)
    sessions.carry("recovery_codes", " ".join(done.recovery_codes))
    return redirect(url_for("me.recovery_codes"), 303)


@pages.get("/links/<token>/qr.svg")
def enrolment_qr(token: str) -> ResponseReturnValue:
    """The TOTP secret of an enrolment link as a QR code."""
    page = queries.link_page(token)
    headers = {"Content-Type": "image/svg+xml", "Cache-Control": "no-store"}
    return qr.enrolment(queries.secret_of_link(token), page.login), 200, headers


def new_password(token: str, page: queries.LinkPage) -> ResponseReturnValue:
    form = NewPasswordForm(request.form)
    form.login = page.login
    if request.method == "GET" or not form.validate():
        return render_template("identity/new_password.html", form=form, page=page), 422 if form.errors else 200
    account = actions.choose_password(token, form.new_password.data)
    flash(_("Your password is set."), "success")
    if account is None or account.kind == "staff":
        return redirect(url_for(".sign_in"), 303)
    sessions.begin(account)
    return redirect(url_for("me.page"), 303)


def new_address(token: str, page: queries.LinkPage) -> ResponseReturnValue:
    if request.method == "GET":
        return render_template("identity/new_address.html", page=page)
    actions.confirm_address(token)
    flash(_("Your new mail address is confirmed."), "success")
    return redirect(url_for("me.page"), 303)
