"""Why an act of preparation was refused."""

from civic.activities.refusals import SlugTaken
from civic.db import refuse
from civic.messages import N_
from civic.refusals import Refusal


class TooManyPassages(Refusal):
    status = 422
    sentence = N_(
        "The draft has too many passages: %(count)s. Up to %(most)s; divide it, or attach parts of it as PDF."
    )


class NothingToRead(Refusal):
    status = 422
    sentence = N_("Write the draft.")


class NotAPdf(Refusal):
    status = 422
    sentence = N_("This file is not a PDF. Save it as PDF and choose it again.")


class FileTooLarge(Refusal):
    status = 422
    sentence = N_("This file is larger than %(most)s. Make it smaller, or divide it.")


class NoticePublished(Refusal):
    sentence = N_("This notice is published and does not change any more.")


refuse("uq_not_held_notice_slug", SlugTaken)
