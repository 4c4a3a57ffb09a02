"""The form of a notice that no procedure was held."""

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.fields.choices import SelectChoice

from civic.activities.forms import in_languages, spread, texts
from civic.forms import PageForm
from civic.messages import N_
from consultations.comments.drafting.forms import ListedField, address_field
from consultations.comments.drafting.notheld.actions import NotHeld
from consultations.comments.models import NotHeldNotice
from consultations.comments.rules import Rule, rule_from_json

AS_IT_IS: Final = "as-it-is"
City = Sequence[tuple[str, Rule]]


class NotHeldForm(PageForm):
    """What a notice says: title, purpose, and why no procedure was held."""

    title_ja, title_easy, title_en = in_languages(_l("Title of the plan"), N_("Enter the title."), StringField)
    aim_ja, aim_easy, aim_en = in_languages(_l("What the plan is for"), N_("Write what the plan is for."))
    basis_ja, basis_easy, basis_en = in_languages(
        _l("Legal basis of the plan, with the clause"), N_("Enter the legal basis with its clause.")
    )
    case = ListedField(_l("Case of the rule in which no procedure is needed"))
    reason_ja, reason_easy, reason_en = in_languages(
        _l("Why no procedure was held"), N_("Write why no procedure was held.")
    )
    contact_ja, contact_easy, contact_en = in_languages(_l("Contact"), N_("Enter whom to call: office and telephone."))

    def offer_cases(self, city: City, present: NotHeldNotice | None = None) -> None:
        """Every exemption of every rule of the city; first the one that was chosen."""
        choices = [
            SelectChoice(f"{code}:{one.code}", joined(rule, one.text)) for code, rule in city for one in rule.exemptions
        ]
        if present is not None:
            rule = rule_from_json(present.rule)
            kept = rule.exemption(present.exemption)
            choices.insert(0, SelectChoice(AS_IT_IS, joined(rule, kept.text if kept else {})))
        self.case.choices = choices

    def content(self, city: City, present: NotHeldNotice | None = None) -> NotHeld:
        """The typed notice."""
        code, _colon, exemption = self.case.data.partition(":")
        rule = dict(city).get(code)
        if rule is None:
            assert present is not None  # the list offers nothing else
            rule, exemption = rule_from_json(present.rule), present.exemption
        return NotHeld(
            title=texts(self, "title"),
            aim=texts(self, "aim"),
            basis=texts(self, "basis"),
            rule=rule,
            exemption=exemption,
            reason=texts(self, "reason"),
            contact=texts(self, "contact"),
        )


class NewNotHeldForm(NotHeldForm):
    """A notice that is not there yet."""

    project = ListedField(_l("Project"), coerce=int)
    slug = address_field()


def joined(rule: Rule, text: Any) -> dict[str, str]:
    """「要綱：軽微な変更」 in the languages there are."""
    return {language: f"{name}: {text.get(language) or text.get('ja', '')}" for language, name in rule.name.items()}


def values_of(notice: NotHeldNotice) -> dict[str, Any]:
    """A notice as the values of `NotHeldForm`."""
    names = ("title", "aim", "basis", "reason", "contact")
    values: dict[str, Any] = {"case": AS_IT_IS}
    for name in names:
        values |= spread(name, getattr(notice, name))
    return values
