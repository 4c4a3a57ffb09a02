"""Who answers a survey: the visitor of the activity as the holder of a draft."""

from civic.activities import visitor
from civic.activities.refusals import IdentityNeeded
from surveys.models import Survey
from surveys.responding.drafts import Holder


def holder_of(survey: Survey) -> Holder:
    """The present visitor as a resident who answers; raises `IdentityNeeded` where the survey asks who she is."""
    return Holder(survey.id, visitor.browser_cookie(survey), visitor.subject_of(survey))


def known_holder(survey: Survey) -> Holder | None:
    """The visitor as far as she is known already; None while the survey would have to ask who she is."""
    try:
        return holder_of(survey)
    except IdentityNeeded:
        return None
