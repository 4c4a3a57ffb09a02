"""What a check of the protocol means for the clerk whose file it refused: a sentence each, and what to do."""

from collections.abc import Mapping
from typing import Final

from civic.messages import N_, Message

SENTENCES: Final[Mapping[str, str]] = {
    "canonical": N_(
        "It is cut off, or was opened and saved in another program. Hand in the file as the trustees' program wrote it."
    ),
    "shape": N_("It is not the file that is asked for here. Perhaps it is another file of the same folder."),
    "limits": N_("Something in it is longer or larger than allowed."),
    "point": N_("A key in it is damaged. Ask for the file again."),
    "scalar": N_("A proof in it is damaged. Ask for the file again."),
    "question": N_("A question is not complete: look at its options, and at how many may be chosen."),
    "manifest.period": N_("The end must be later than the opening."),
    "manifest.proof": N_("A trustee's key is not proven. The key ceremony has to be repeated."),
    "manifest.share": N_("A trustee's share does not fit the others. The key ceremony has to be repeated."),
    "manifest.key": N_("The joint key does not follow from the trustees' keys. The key ceremony has to be repeated."),
    "manifest": N_("It belongs to an earlier freeze of this vote. Take the present manifest and rehearse again."),
    "reference_day": N_("The reference day is missing."),
    "ceremony": N_("The trustees' keys are missing."),
    "period": N_("The period is missing."),
    "rehearsal": N_("It was not made with this trustee's key for the present manifest. Rehearse again with that key."),
    "checkpoint": N_(
        "Its signatures do not fit a signed head of this board. Take the newest head and cosign it again."
    ),
    "witness": N_("Each witness needs a name and a public key of their own, and no two may share a name."),
    "share.proof": N_("It was not made with this trustee's key for this count. Decrypt again with the right key file."),
    "share.trustee": N_("This trustee's share stands on the board already, or no such trustee is named."),
    "result": N_("The shares do not open the ballot box yet. Wait for another trustee."),
}
UNKNOWN: Final = N_("Something in it does not fit this vote.")


def sentence_of(check: str) -> Message:
    """The sentence of a check as the protocol names it: "share.proof (trustee 2)"."""
    name = check.partition(" ")[0]
    return Message(SENTENCES.get(name) or SENTENCES.get(name.partition(".")[0], UNKNOWN))
