"""Released tables as files and as a catalogue. Pure: what goes in was released, what comes out is JSON or rows.

One record per line (縦持ち), one header row, one value per cell; an empty count is a suppressed one (機械判読ルール).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from civic.features import Caption
from civic.opendata.queries import Dataset

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
TOTAL: Final = "_total"
HEADERS: Final = (
    "table", "variable_1", "question_1", "category_1", "label_1", "variable_2", "question_2", "category_2", "label_2",
    "count", "share", "suppressed",
)  # fmt: skip
NO_SECOND: Final = ["", "", "", ""]
MEDIA_TYPES: Final = {"csv": "text/csv", "json": "application/json"}
CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def rows(tables: Sequence[Mapping[str, Any]], captions: Mapping[str, Caption]) -> Iterator[list[str | int | float]]:
    """The lines of the CSV under `HEADERS`, words in Japanese; `_total` is everybody who answered that variable."""
    for table in tables:
        for cell in table["cells"]:
            named = [_named(*pair, captions) for pair in zip(table["axes"], cell["place"], strict=True)]
            first, second = (*named, NO_SECOND)[:2]
            count, share = ("" if cell[name] is None else cell[name] for name in ("count", "share"))
            yield [table["name"], *first, *second, count, share, "yes" if cell["suppressed"] else "no"]


def _named(axis: Mapping[str, Any], category: str | None, captions: Mapping[str, Caption]) -> list[str]:
    caption = captions.get(axis["variable"])
    words = caption.categories.get(category or "", {}) if caption else {}
    question = caption.text.get("ja", "") if caption else ""
    return [axis["variable"], question, category or TOTAL, words.get("ja", "")]


def document(dataset: Dataset, captions: Mapping[str, Caption]) -> dict[str, Any]:
    """Everything released of one activity, with the words of its questions and categories."""
    release, activity = dataset.release, dataset.activity
    return {
        "activity": {"slug": activity.slug, "kind": activity.kind, "title": activity.title},
        "licence": LICENCE,
        "release": {"number": release.number, "final": release.final, "released_at": release.released_at.isoformat()},
        "base": base_of(release.tables),
        "suppression": {"count": None, "meaning": "too few people to be told"},
        "self_selected": True,
        "tables": release.tables,
        "captions": {name: {"text": one.text, "categories": one.categories} for name, one in captions.items()},
    }


def base_of(tables: Sequence[Mapping[str, Any]]) -> int | None:
    """How many participations the tables rest on; None where that is suppressed or nothing is there."""
    return tables[0]["base"] if tables else None


def catalogue(datasets: Sequence[Dataset], publisher: str, base_url: str) -> dict[str, Any]:
    """The catalogue as DCAT (W3C) in JSON-LD. Addresses are absolute, as harvesters need them."""
    return {
        "@context": CONTEXT,
        "@id": f"{base_url}/opendata/catalog.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": publisher,
        "dct:publisher": _publisher(publisher),
        "dct:license": {"@id": LICENCE},
        "dct:language": "ja",
        "dcat:dataset": [_dataset(one, publisher, base_url) for one in datasets],
    }


def _publisher(name: str) -> dict[str, Any]:
    return {"@type": "foaf:Agent", "foaf:name": name}


def _dataset(dataset: Dataset, publisher: str, base_url: str) -> dict[str, Any]:
    activity, release = dataset.activity, dataset.release
    moment = {"@type": "xsd:dateTime", "@value": release.released_at.isoformat()}
    return {
        "@id": f"{base_url}/opendata/{activity.slug}.json",
        "@type": "dcat:Dataset",
        "dct:identifier": activity.slug,
        "dct:title": _by_language(activity.title),
        "dct:description": _by_language(activity.summary),
        "dct:publisher": _publisher(publisher),
        "dct:modified": moment,
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": activity.starts_at and activity.starts_at.isoformat(),
            "dcat:endDate": activity.ends_at and activity.ends_at.isoformat(),
        },
        "dct:license": {"@id": LICENCE},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dcat:downloadURL": {"@id": f"{base_url}/opendata/{activity.slug}.{ending}"},
                "dcat:mediaType": media_type,
                "dct:license": {"@id": LICENCE},
            }
            for ending, media_type in MEDIA_TYPES.items()
        ],
    }


def _by_language(text: Mapping[str, str]) -> list[dict[str, str]]:
    """A text of staff as language-tagged strings; やさしい日本語 has no tag of its own and is left out."""
    return [{"@language": language, "@value": text[language]} for language in ("ja", "en") if text.get(language)]
