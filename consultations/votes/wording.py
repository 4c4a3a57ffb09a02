"""The texts of a vote that residents read in Japanese only, and what they are called on the page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from civic.activities import rules as activities
from civic.activities.rules import LANGUAGES
from civic.messages import N_, Message
from consultations.votes.models import Vote

MISSING: Final = {
    "ja-easy": N_(
        "Texts missing in plain Japanese: %(count)s. Write them, or confirm that they stay in Japanese only."
    ),
    "en": N_("Texts missing in English: %(count)s. Write them, or confirm that they stay in Japanese only."),
}
NAMES: Final[Mapping[str, str]] = {
    "title": N_("Title"),
    "summary": N_("Summary"),
    "background": N_("Who asks and why"),
    "eligibility": N_("Who may take part"),
    "purpose": N_("What is asked about the person, and what for"),
    "use_of_result": N_("What will be done with the result"),
    "contact": N_("Contact"),
    "other_ways": N_("Other ways to take part"),
    "ordinance": N_("Ordinance, and what the result binds the city to"),
    "arguments_for": N_("Arguments for"),
    "arguments_against": N_("Arguments against"),
    "timing_reason": N_("Why the days differ from these rules"),
}
OWN_TEXTS: Final = ("ordinance", "arguments_for", "arguments_against", "timing_reason")
QUESTION: Final = N_("Question %(number)s: %(text)s")
OPTION: Final = N_("Option %(number)s: %(text)s")


@dataclass(frozen=True)
class Missing:
    """A text that shows in Japanese to who reads `language`."""

    name: Message
    language: str


def missing_texts(vote: Vote) -> list[Missing]:
    """Every text that stands in Japanese and not in plain Japanese, or not in English: page by page, then the ballot."""
    of_activity = [Missing(Message(NAMES[name]), language) for name, language in activities.missing_texts(vote)]
    own = ((Message(NAMES[name]), getattr(vote, name)) for name in OWN_TEXTS)
    written = [*own, *_of_the_ballot(vote)]
    return of_activity + [
        Missing(name, language)
        for name, text in written
        for language in LANGUAGES
        if text.get("ja", "").strip() and not text.get(language, "").strip()
    ]


def _of_the_ballot(vote: Vote) -> Iterator[tuple[Message, Mapping[str, Any]]]:
    for number, question in enumerate(vote.questions, 1):
        yield Message(QUESTION, {"number": number, "text": question["text"]["ja"]}), question["text"]
        for place, option in enumerate(question["options"], 1):
            yield Message(OPTION, {"number": place, "text": option["text"]["ja"]}), option["text"]


def missing_sentences(vote: Vote) -> list[Message]:
    """One sentence for each language in which texts are missing; none once the editor confirmed that they stay so."""
    if vote.missing_texts_confirmed:
        return []
    languages = [one.language for one in missing_texts(vote)]
    counts = {language: languages.count(language) for language in MISSING}
    return [Message(MISSING[language], {"count": count}) for language, count in counts.items() if count]
