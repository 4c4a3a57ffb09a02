"""Every message has its words: `python -m tests.lint.catalogues` exits 1 and names each one that has not.

For each room: extract, compare with `locales/ja` and `locales/ja@easy`, and refuse what is missing, fuzzy, empty, not used
any more, or has other places than its English sentence; a kanji without furigana in やさしい日本語; a resident's message
that is not there in やさしい日本語; a catalogue whose longer resident messages are too often simply the 日本語 again; and a
message that two rooms say in two ways.

`--update` writes the messages of the code into the catalogues, new ones empty, and drops those no longer used.
A resident's message stands in a `views.py` or in a template that neither lies under a staff, council or admin folder nor
extends one of their layouts (a part follows the pages beside it). The rest may be missing in やさしい日本語: it then shows
the 日本語.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {
    "civic": "civic/web/locales",
    "surveys": "surveys/locales",
    "analysis/reports": "analysis/reports/locales",
    "consultations": "consultations/locales",
}
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "N_": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
STAFF_FOLDERS = {"staff", "council", "admin"}
STAFF_TEMPLATES = {"staff.html", "council.html"}
EXTENDS = re.compile(r"{%-? extends \"([^\"]+)\"")
PLACE = re.compile(r"%\((\w+)\)[sd]")
FURIGANA = re.compile(r"\{([^{}/]+)/([^{}/]+)\}")
KANJI = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆]")
KANA = re.compile(r"[\u3041-\u309fー]+")
LONGER_THAN = 12
LARGEST_IDENTICAL_SHARE = 0.3


@dataclass(frozen=True)
class Used:
    """A message of the code: its id (a pair for plurals), whether residents read it, and where it first stands."""

    id: str | tuple[str, ...]
    resident: bool
    place: str


def name(message_id: str | tuple[str, ...] | list[str]) -> str:
    """The singular, under which catalogues list a message."""
    return message_id if isinstance(message_id, str) else message_id[0]


def is_resident(path: Path) -> bool:
    """Whether residents read what stands in this file of a room."""
    if path.suffix == ".py":
        return path.name == "views.py"
    below = path.parts[path.parts.index("templates") : -1]
    if STAFF_FOLDERS & set(below) or path.name in STAFF_TEMPLATES:
        return False
    layouts = layouts_of(path) or {layout for part in path.parent.glob("*.html") for layout in layouts_of(part)}
    return not layouts or not layouts <= STAFF_TEMPLATES


def layouts_of(path: Path) -> set[str]:
    """The name of the layout a template extends in the end; empty for a part that other templates include."""
    if path.parent.name == "layouts":
        return {path.name}
    extended = EXTENDS.search(path.read_text(encoding="utf-8")) if path.exists() else None
    if extended is None:
        return set()
    if extended[1].startswith("layouts/"):
        return {extended[1].removeprefix("layouts/")}
    root = next(parent for parent in path.parents if parent.name == "templates")
    return layouts_of(root / extended[1])


def messages_of(folder: Path) -> dict[str, Used]:
    """The messages of a room's code by their singular."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as configuration:
        methods, options = parse_mapping_cfg(configuration)
    found: dict[str, Used] = {}
    for file, line, message_id, _comments, _context in extract_from_dir(
        str(folder), methods, options, KEYWORDS, directory_filter=lambda path: "locales" not in path
    ):
        key = name(message_id)
        before = found.get(key)
        resident = is_resident(folder / file) or (before is not None and before.resident)
        longest = message_id if not isinstance(message_id, str) or before is None else before.id
        found[key] = Used(longest, resident, before.place if before else f"{folder.name}/{file}:{line}")
    return found


def catalogue(path: Path, locale: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as source:
        return read_po(source, locale=locale, abort_invalid=True)


def strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def faults_of_message(message: Message, easy: bool) -> Iterator[str]:
    """What is wrong with one translation."""
    if message.fuzzy:
        yield "is marked fuzzy"
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    places = {place for one in ids for place in PLACE.findall(one)}
    for words in strings(message):
        if not words:
            yield "has no words"
        elif set(PLACE.findall(words)) != places:
            yield f"has other places than its English sentence: {words}"
        elif easy and KANJI.search(FURIGANA.sub("", words)):
            yield f"has a kanji outside braces: {words}"
        elif easy and not all(KANA.fullmatch(reading) for _, reading in FURIGANA.findall(words)):
            yield f"has a reading that is not hiragana: {words}"


def bare(words: str) -> str:
    """The words without furigana and without the spaces of 分かち書き."""
    return re.sub(r"\s", "", FURIGANA.sub(r"\1", words))


def faults_of_room(used: dict[str, Used], ja: Catalog, easy: Catalog) -> Iterator[str]:
    """Everything wrong between the messages of the code and the two catalogues."""
    for language, words in (("ja", ja), ("ja@easy", easy)):
        known = {name(message.id): message for message in words if message.id}
        for key, message in used.items():
            if key not in known and (language == "ja" or message.resident):
                yield f"{language}: missing ({message.place}): {key}"
            elif key in known and isinstance(known[key].id, str) != isinstance(message.id, str):
                yield f"{language}: singular and plural differ from the code ({message.place}): {key}"
        for key, translation in known.items():
            if key not in used:
                yield f"{language}: not used any more: {key}"
                continue
            for fault in faults_of_message(translation, language == "ja@easy"):
                yield f"{language}: {fault} ({used[key].place}): {key}"
    yield from faults_of_ease(used, ja, easy)


def faults_of_ease(used: dict[str, Used], ja: Catalog, easy: Catalog) -> Iterator[str]:
    longer, same = 0, []
    for message in used.values():
        first, second = ja.get(message.id), easy.get(message.id)
        if not (message.resident and first and second):
            continue
        plain = bare(strings(first)[0])
        if len(plain) > LONGER_THAN:
            longer += 1
            same += [name(message.id)] if plain == bare(strings(second)[0]) else []
    if longer and len(same) / longer > LARGEST_IDENTICAL_SHARE:
        yield f"ja@easy: {len(same)} of {longer} longer messages are the 日本語 again, first: {same[0]}"


def paths(locales: Path) -> tuple[Path, Path]:
    return locales / "ja/LC_MESSAGES/messages.po", locales / "ja@easy/LC_MESSAGES/messages.po"


def parts(room: str, folder: str) -> Iterator[tuple[Path, dict[str, Used]]]:
    """A room's catalogue folders, each with its messages: a sub-room's own folder keeps what it holds, the rest is here."""
    used = messages_of(ROOT / room) if (ROOT / room).is_dir() else {}
    for own in sorted((ROOT / room).glob("*/locales")):
        if own != ROOT / folder:
            held = {name(message.id) for message in catalogue(paths(own)[0], "ja") if message.id}
            yield own, {key: used.pop(key) for key in held & used.keys()}
    yield ROOT / folder, used


def faults() -> Iterator[str]:
    """Every fault of every room that exists, as one line."""
    words: dict[str, dict[str, Catalog]] = {"ja": {}, "ja@easy": {}}
    for room, main_folder in ROOMS.items():
        if (ROOT / room).is_dir():
            for folder, used in parts(room, main_folder):
                name_of_folder = str(folder.relative_to(ROOT))
                ja, easy = (catalogue(path, locale) for path, locale in zip(paths(folder), words, strict=True))
                words["ja"][name_of_folder], words["ja@easy"][name_of_folder] = ja, easy
                for fault in faults_of_room(used, ja, easy):
                    yield f"{name_of_folder}: {fault}"
    for locale, catalogues in words.items():
        for fault in clashes(catalogues):
            yield f"{locale}: {fault}"


def clashes(catalogues: Mapping[str, Catalog]) -> Iterator[str]:
    """A message with one wording in one room and another in the next: pages look all rooms up as one, the last one wins."""
    first: dict[str, tuple[str, list[str]]] = {}
    for folder, words in catalogues.items():
        for message in words:
            if not message.id:
                continue
            known, said = first.setdefault(name(message.id), (folder, strings(message)))
            if said != strings(message):
                yield f"two wordings, in {known} and {folder}: {name(message.id)}"


def update() -> None:
    """Bring the catalogues to the messages of the code; words that exist stay, new messages are empty."""
    for folder, used in (part for room, main_folder in ROOMS.items() for part in parts(room, main_folder)):
        for path, locale in zip(paths(folder), ("ja", "ja@easy"), strict=True):
            before = catalogue(path, locale)
            after = Catalog(locale=locale, project="Machikoe", version="1", header_comment="", charset="utf-8")
            for message in used.values():
                old = before.get(message.id)
                if old or locale == "ja" or message.resident:
                    after.add(message.id, old.string if old else None)
            if used:
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as target:
                    write_po(target, after, width=0, no_location=True, sort_output=True, omit_header=True)


def main(arguments: list[str]) -> int:
    if "--update" in arguments:
        update()
    found = list(faults())
    print("\n".join(found) or "catalogues: every message has its words")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
