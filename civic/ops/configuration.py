"""`docs/configuration.md`, generated from the settings class so that the two cannot differ."""

from dataclasses import fields

from civic.config import Mode, Settings, variable

HEAD = """# Configuration

Every setting is an environment variable, read once at the start. This page is made by `flask --app wsgi ops configuration`;
a test compares it with the program.

| variable | default | meaning |
|---|---|---|
"""


def document() -> str:
    """The page, as Markdown."""
    return HEAD + "".join(
        f"| `{variable(one.name)}` | {shown(one.default)} | {one.metadata['help']} |\n" for one in fields(Settings)
    )


def shown(default: object) -> str:
    if default == "":
        return "empty"
    return f"`{default.value if isinstance(default, Mode) else default}`"
