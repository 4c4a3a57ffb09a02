"""Why an operator's act was not done."""

from civic.messages import N_
from civic.refusals import Refusal


class NotEmpty(Refusal):
    sentence = N_("The database already holds data, so nothing was changed. Start from an empty one.")


class SeedInterrupted(Refusal):
    sentence = N_("An earlier seed was interrupted and its data is not whole. Start from an empty database.")


class NoSeedsInProduction(Refusal):
    sentence = N_("Seeds make accounts with known passwords. Set MACHIKOE_MODE to demo or test.")


class UnknownActivity(Refusal):
    status = 404
    sentence = N_("There is no activity with the address %(slug)s.")


class TargetNotEmpty(Refusal):
    sentence = N_("The target already holds data. Nothing was changed; with --replace it is replaced.")


class BackupUnreadable(Refusal):
    status = 422
    sentence = N_("The file cannot be restored: %(reason)s. Nothing was changed.")


class BackupNotVerified(Refusal):
    status = 500
    sentence = N_("The backup could not be read back and was removed: %(reason)s.")
