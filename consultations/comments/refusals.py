"""Why an act on a consultation was refused, and which constraint each refusal explains."""

from civic.activities.refusals import SecondPersonNeeded
from civic.db import refuse
from civic.messages import N_
from civic.refusals import Refusal


class GroupLocked(Refusal):
    sentence = N_("This answer waits for approval or is approved. Its opinions stay together as they were seen.")


class WrongStage(Refusal):
    sentence = N_("The answer has moved on in the meantime. Look at the group again.")


class ItemMoved(Refusal):
    sentence = N_("Someone else has sorted these opinions in the meantime. Nothing was changed; look again.")


class SpansDoNotFit(Refusal):
    status = 422
    sentence = N_("The parts of a comment may not overlap and must lie inside its text.")


class NothingToUndo(Refusal):
    sentence = N_("There is no step to undo.")


class StepOvertaken(Refusal):
    sentence = N_("Later changes rest on this step, so it cannot be undone any more.")


class AnswerIncomplete(Refusal):
    status = 422
    sentence = N_("Write the city's answer and choose an outcome first.")


class NoOpinions(Refusal):
    status = 422
    sentence = N_("There is no opinion in this group that counts. Move opinions into it, or delete it.")


class GroupNotEmpty(Refusal):
    sentence = N_("Move the opinions of this group first.")


class InquiryPending(Refusal):
    sentence = N_("This group waits for another department already.")


class NotPublished(Refusal):
    sentence = N_("The result is not published yet. Until then it is edited, not corrected.")


class ErratumPending(Refusal):
    sentence = N_("A correction of these words waits for a second person already.")


class NothingCorrected(Refusal):
    status = 422
    sentence = N_("These are the words as they are published. Change what is to be corrected.")


class TitleNotJapanese(Refusal):
    status = 422
    sentence = N_("Write the title of this group in Japanese first.")


class DraftFrozen(Refusal):
    sentence = N_("The draft is being consulted on and does not change. A later version follows with the result.")


class WrongContact(Refusal):
    """Also for a number there is not: nobody learns which numbers exist."""

    status = 422
    sentence = N_("We cannot find a comment with this number and this contact. Check both.")


class ResultPublished(Refusal):
    sentence = N_("The result is published, and this comment was considered in it. It cannot be taken back any more.")


class RuleInUse(Refusal):
    sentence = N_("This name is taken. Choose another one.")
    status = 422


refuse("uq_inquiry_pending", InquiryPending)
refuse("uq_erratum_pending", ErratumPending)
refuse("uq_erratum_pending_whole", ErratumPending)
refuse("uq_procedure_rule_code", RuleInUse)
for constraint in (
    "ck_opinion_group_second_person_approves",
    "ck_consultation_edition_second_person_publishes",
    "ck_erratum_second_person_decides",
    "ck_not_held_notice_second_person_publishes",
):
    refuse(constraint, SecondPersonNeeded)
