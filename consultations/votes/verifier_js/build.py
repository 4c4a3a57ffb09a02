"""Makes the verifier's page: one HTML file with everything inside, the same bytes from the same sources.

`python -m consultations.votes.verifier_js.build FILE` writes it and prints its SHA-256. No bundler: the modules of `src/` stand
one after the other in one function, their imports among each other taken out.
"""

import hashlib
import json
import re
import sys
from base64 import b64encode
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
VENDORED = HERE / "vendor" / "noble-curves-2.4.0.js"
MODULES = (
    *("canonical", "hashing", "group", "shapes", "manifest", "ballots", "board", "file", "tally", "papers"),
    *("crew", "check", "words", "show", "page", "main"),
)
STYLES = HERE.parents[2] / "civic" / "web" / "static" / "css"
LANGUAGES = ("ja", "ja-easy", "en")
IMPORT = re.compile(r'^import \{[^{}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|function|async function|class) )", re.MULTILINE)
TOP_LEVEL = re.compile(r"^(?:export )?(?:const|let|function|async function|class) (\w+)", re.MULTILINE)
LEFT_OVER = re.compile(r"^(?:import|export)\b", re.MULTILINE)


@cache
def page() -> str:
    """The whole page. Raises `ValueError` when a source cannot stand in it as it is."""
    program, style = _program(), _style()
    parts = {
        "@policy@": _policy(program, style),
        "@style@": style,
        "@program@": program,
    }
    text = _read("page.html")
    for mark, part in parts.items():
        if text.count(mark) != 1:
            raise ValueError(f"page.html must name {mark} once")
        text = text.replace(mark, part)
    return text


def _program() -> str:
    words = {language: json.loads(_read(f"words/{language}.json")) for language in LANGUAGES}
    _refuse_doubles()
    modules = "\n".join(_module(name, MODULES[:place]) for place, name in enumerate(MODULES))
    text = f'"use strict";\n{VENDORED.read_text("utf-8")}\n(() => {{\nconst WORDS = {_literal(words)};\n{modules}}})();\n'
    if re.search(r"</script|<!--", text, re.IGNORECASE):
        raise ValueError("the program would end its own script element")
    return text


def _refuse_doubles() -> None:
    """Two functions of one name in one scope: the later would silently stand for both."""
    names = [name for module in MODULES for name in TOP_LEVEL.findall(_read(f"src/{module}.js"))]
    if doubles := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two modules name {', '.join(sorted(doubles))}")


def _literal(words: object) -> str:
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"), sort_keys=True).replace("<", "\\u003c")


def _module(name: str, earlier: tuple[str, ...]) -> str:
    source = _read(f"src/{name}.js")
    if early := set(IMPORT.findall(source)) - set(earlier):
        raise ValueError(f"{name}.js imports {', '.join(sorted(early))}, which must come before it")
    source = EXPORT.sub("", IMPORT.sub("", source))
    if LEFT_OVER.search(source):
        raise ValueError(f"{name}.js imports or exports in a way that the page cannot hold")
    return f"// {name}.js\n{source}"


def _style() -> str:
    """The product's tokens and base rules, and the page's own."""
    return "".join(path.read_text("utf-8") for path in (STYLES / "tokens.css", STYLES / "base.css", HERE / "page.css"))


def _policy(program: str, style: str) -> str:
    """What the page may do: run this script, wear this style, start workers of its own. No request at all."""
    script, sheet = (_source_hash(f"\n{text}") for text in (program, style))
    rules = f"default-src 'none'; script-src {script} blob:; worker-src blob:; style-src {sheet}"
    return f"{rules}; base-uri 'none'; form-action 'none'"


def _source_hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    return (HERE / name).read_text("utf-8")


def main() -> None:
    """Write the page to the file named on the command line."""
    data = page().encode()
    Path(sys.argv[1]).write_bytes(data)
    print(hashlib.sha256(data).hexdigest())


if __name__ == "__main__":
    main()
