"""Why an act on an account was refused. Known and unknown accounts get the same words."""

from civic.messages import N_
from civic.refusals import Refusal


class WrongSignIn(Refusal):
    status = 422
    sentence = N_("The sign-in name or the password is not right. Check both and try again.")


class WrongCode(Refusal):
    status = 422
    sentence = N_("This code is not right, or it was used already. Wait for the next one and enter it.")


class WrongPassword(Refusal):
    status = 422
    sentence = N_("This is not your present password.")


class LinkOver(Refusal):
    status = 404
    sentence = N_("This link was used already or is too old. Ask for a new one.")


class LoginTaken(Refusal):
    status = 422
    sentence = N_("This sign-in name is taken. Choose another one.")


class DepartmentTaken(Refusal):
    status = 422
    sentence = N_("There is a department with this short name already.")


class AddressTaken(Refusal):
    sentence = N_("An account with this address was made in the meantime. Your address stays as it was.")


class NotYourself(Refusal):
    sentence = N_("You cannot suspend yourself or give up your own administrator role. Ask another administrator.")


class EntryNotFound(Refusal):
    status = 422
    sentence = N_("We cannot find this code. Check the 12 characters on your letter once more, and the date of birth.")


class EntryLinkedElsewhere(Refusal):
    sentence = N_("This code already belongs to another account.")
