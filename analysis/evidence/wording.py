"""Claims in words: ja, やさしい日本語 with furigana, and en, each number with the form of its unit."""

from collections.abc import Mapping

from analysis.evidence.figures import Count, Figure
from analysis.lexicon import phrases, units

LANGUAGES = ("ja", "ja-easy", "en")

Value = Figure | str | tuple[tuple[str, Count], ...]
"""What stands in a phrase: a figure, a name as it is, or a ranked list of names with their numbers."""


def word(language: str, phrase: str, values: Mapping[str, Value]) -> str:
    """A sentence. In the phrase `{count}` is the bare figure, `{count_unit}` the figure with its unit."""
    places: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, tuple):
            places[name] = _list(language, phrase, value)
        else:
            places[name] = str(value)
            if isinstance(value, Count):
                places[f"{name}_unit"] = with_unit(language, value)
    return phrases(language)[phrase].format(**places)


def with_unit(language: str, count: Count) -> str:
    """A number with its unit: 1 comment and 2 comments; 1人 and 2人 are read ひとり and ふたり, 3人 さんにん."""
    forms = units(language)[count.unit]
    return forms.get(str(count.number), forms["other"]).format(n=count)


def _list(language: str, phrase: str, items: tuple[tuple[str, Count], ...]) -> str:
    wording = phrases(language)
    return wording["top_joiner"].join(
        wording["top_item"].format(word=name, count=count, count_unit=with_unit(language, count))
        for name, count in items
    )
