"""How every command speaks: JSON on stdout with `--json`, progress on stderr, exit 0 done, 1 refused, 2 misuse."""

import functools
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, ParamSpec, TypeVar

import click

from civic.refusals import Refusal

P = ParamSpec("P")
T = TypeVar("T")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")


def emit(value: Any, as_json: bool, text: str | None = None) -> None:
    """Print `value` as JSON, or `text` (default: one `name: value` line each) for people."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))
    elif text is not None:
        click.echo(text)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            click.echo(f"{name}: {one}")


def progress(sentence: str) -> None:
    """A line of progress, on stderr."""
    click.echo(sentence, err=True)


def refuse(
    detail: str, errors: list[dict[str, Any]] | None = None, *, as_json: bool = False, slug: str = "refused"
) -> NoReturn:
    """Exit 1 with the reason: a sentence on stderr, or problem+json on stdout with `--json`."""
    if as_json:
        problem = {
            "type": f"/problems/{slug}",
            "title": "Refused",
            "status": 422,
            "detail": detail,
            "errors": errors or [],
        }
        click.echo(json.dumps(problem, ensure_ascii=False, indent=2))
    else:
        click.echo(detail, err=True)
        for one in errors or []:
            place = ", ".join(f"{name} {one[name]}" for name in ("row", "column") if one.get(name) is not None)
            click.echo(f"  {place}: {one['detail']}" if place else f"  {one['detail']}", err=True)
    sys.exit(1)


def refusals_exit_1(function: Callable[P, T]) -> Callable[P, T]:
    """A command whose refusals are printed and exit with 1."""

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except Refusal as refusal:
            refuse(str(refusal), as_json=bool(kwargs.get("as_json")), slug=refusal.slug)

    return wrapped
