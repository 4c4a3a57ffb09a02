"""Forms of one's own account."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, Field, PasswordField, StringField
from wtforms.validators import ValidationError

from civic.forms import Form, Given
from civic.identity import passwords
from civic.messages import N_, Message

ADDRESS: Final = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]+")


def asked_for(sentence: str) -> Given:
    """Refuses an empty field with `sentence`, in the words of its label."""
    return Given(Message(sentence))


def fault(field: Field, message: Message) -> None:
    """Put a refusal beside the field it is about."""
    field.errors = [*field.errors, message]


def stripped(value: str | None) -> str | None:
    return value.strip() if value else value


def narrowed(value: str | None) -> str | None:
    """Full-width letters, digits and at signs, as keyboards for Japanese give them, made narrow. Never for names."""
    return unicodedata.normalize("NFKC", value).strip() if value else value


def line(
    label: Any,
    *validators: Any,
    kind: type[StringField] = StringField,
    tidy: Callable[[str | None], str | None] = stripped,
) -> StringField:
    """A line of text: blanks around it do not count."""
    return kind(label, list(validators), filters=[tidy])


def mail_address(form: Form, field: Field) -> None:
    """Refuses what cannot be mailed to."""
    if "@" not in field.data:
        raise ValidationError(Message(N_("Enter a mail address with an @, like name@example.jp.")))
    if not ADDRESS.fullmatch(field.data) or len(field.data) > 254:
        raise ValidationError(Message(N_("Check the mail address. It looks like name@example.jp.")))


def good_password(login: Callable[[Any], str]) -> Callable[[Form, Field], None]:
    """Refuses a password that is too short, too long or easy to guess; `login` gives the account's name."""

    def check(form: Form, field: Field) -> None:
        if found := passwords.problem(field.data, login(form)):
            raise ValidationError(found)

    return check


class SignInForm(Form):
    login = line(
        _l("Mail address or sign-in name"), asked_for(N_("Enter your mail address or sign-in name.")), tidy=narrowed
    )
    password = PasswordField(_l("Password"), [asked_for(N_("Enter your password."))])


class CodeForm(Form):
    code = line(_l("Confirmation code"), asked_for(N_("Enter the code.")))


class SignUpForm(Form):
    email = line(
        _l("Mail address"), asked_for(N_("Enter your mail address.")), mail_address, kind=EmailField, tidy=narrowed
    )


class ForgottenForm(Form):
    login = line(
        _l("Mail address or sign-in name"), asked_for(N_("Enter your mail address or sign-in name.")), tidy=narrowed
    )


class NewPasswordForm(Form):
    """By a mailed link. `login` is set by the view, for the check of the password."""

    login = ""
    new_password = PasswordField(
        _l("New password"), [asked_for(N_("Enter a new password.")), good_password(lambda form: form.login)]
    )


class ChangePasswordForm(NewPasswordForm):
    password = PasswordField(_l("Present password"), [asked_for(N_("Enter your present password."))])


class EnrolForm(NewPasswordForm):
    code = StringField(
        _l("Confirmation code"),
        [asked_for(N_("Enter the six digits the app shows for this site."))],
        filters=[stripped],
    )


class NewAddressForm(SignUpForm):
    password = PasswordField(_l("Password"), [asked_for(N_("Enter your password."))])


class DeleteAccountForm(Form):
    password = PasswordField(_l("Password"), [asked_for(N_("Enter your password."))])


class RegisterCodeForm(Form):
    """The posted code. The date of birth comes in three fields of its own (`birth_date.year` …)."""

    code = line(_l("Code on your letter"), asked_for(N_("Enter the 12 characters on your letter.")))
    link = BooleanField(_l("Remember this for my account, so that I need no code next time"))
