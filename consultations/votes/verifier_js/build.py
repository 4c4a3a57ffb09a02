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
STYLES = HERE.parents[2] / "civic" / "web" / "static" / "css"
VENDORED = HERE / "vendor" / "noble-curves-2.4.0.js"
LANGUAGES = ("ja", "ja-easy", "en")
MODULES = (
    *("canonical", "hashing", "group", "shapes", "manifest", "ballots", "board", "file", "tally", "papers"),
    *("crew", "check", "words", "show", "page", "main"),
)
IMPORT = re.compile(r'^import \{[^{}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|let|function|async function|class) )", re.MULTILINE)
NAMED = re.compile(r"^(?:const|let|function|async function|class) (\w+)", re.MULTILINE)
LEFT_OVER = re.compile(r"^(?:import|export)\b", re.MULTILINE)
END_OF_SCRIPT = re.compile(r"</script|<!--", re.IGNORECASE)


@cache
def page() -> str:
    """The whole page. Raises `ValueError` when a source cannot stand in it as it is."""
    return page_of(program_of({name: _read(f"src/{name}.js") for name in MODULES}))


def page_of(program: str) -> str:
    """The page around a script, with the policy that lets this script run and nothing else."""
    style = "".join(path.read_text("utf-8") for path in (STYLES / "tokens.css", STYLES / "base.css", HERE / "page.css"))
    text = _read("page.html")
    for mark, part in {"@policy@": _policy(program, style), "@style@": style, "@program@": program}.items():
        text = text.replace(mark, part)
    return text


def program_of(sources: dict[str, str]) -> str:
    """The script: the vendored library, then the modules by name, in this order, and the words."""
    words = {language: json.loads(_read(f"words/{language}.json")) for language in LANGUAGES}
    literal = json.dumps(words, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    modules = "\n".join(
        _module(name, source, set(sources) - _before(name, sources)) for name, source in sources.items()
    )
    _refuse_doubles(modules)
    program = f'"use strict";\n{VENDORED.read_text("utf-8")}\n(() => {{\nconst WORDS = {literal};\n{modules}}})();\n'
    if END_OF_SCRIPT.search(program):
        raise ValueError("the program would end its own script element")
    return program


def _before(name: str, sources: dict[str, str]) -> set[str]:
    order = list(sources)
    return set(order[: order.index(name)])


def _module(name: str, source: str, not_yet: set[str]) -> str:
    if early := set(IMPORT.findall(source)) & not_yet:
        raise ValueError(f"{name}.js imports {', '.join(sorted(early))}, which must come before it")
    source = EXPORT.sub("", IMPORT.sub("", source))
    if LEFT_OVER.search(source):
        raise ValueError(f"{name}.js imports or exports in a way that the page cannot hold")
    return f"// {name}.js\n{source}"


def _refuse_doubles(modules: str) -> None:
    """Two functions of one name in one scope: the later would silently stand for both."""
    names = NAMED.findall(modules)
    if doubles := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two modules name {', '.join(sorted(doubles))}")


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
    text = page().encode()
    Path(sys.argv[1]).write_bytes(text)
    print(hashlib.sha256(text).hexdigest())


if __name__ == "__main__":
    main()
