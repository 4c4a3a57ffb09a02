"""Why a register file was not taken."""

from collections.abc import Sequence

from civic.identity.registers.rules import Fault
from civic.messages import N_
from civic.refusals import Refusal


class RegisterFileRefused(Refusal):
    """`faults` names rows and columns; nothing of the file was stored."""

    status = 422
    sentence = N_("Nothing was imported: %(count)s places in the file must be mended first.")

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(count=len(faults))
        self.faults = tuple(faults)


class LettersExist(Refusal):
    sentence = N_("The file %(file)s is there already. Codes are never written over: choose another name.")
