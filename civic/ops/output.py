"""How every command speaks: JSON on stdout with `--json`, progress on stderr, exit 0 done, 1 refused, 2 misuse."""

import functools
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
from flask import current_app
from sqlalchemy.exc import DBAPIError

from civic import safety
from civic.db import is_busy
from civic.ops.refusals import UnknownActivity
from civic.refusals import Busy, NotFound, Refusal

P = ParamSpec("P")
T = TypeVar("T")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")


def emit(value: Any, as_json: bool, text: str | None = None) -> None:
    """Print `value` as JSON, or `text` (default: one `name: value` line each) for people."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))
    elif text is not None:
        click.echo(text, nl=bool(text))
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
    """A command whose refusals are printed and exit with 1; also where there is no database to work on yet."""

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        as_json = bool(kwargs.get("as_json"))
        try:
            return function(*args, **kwargs)
        except NotFound as refusal:
            named = UnknownActivity(slug=kwargs["slug"]) if "slug" in kwargs else refusal
            refuse(str(named), as_json=as_json, slug=named.slug)
        except Refusal as refusal:
            refuse(str(refusal), as_json=as_json, slug=refusal.slug)
        except DBAPIError as error:
            if is_busy(error):
                refuse(str(Busy()), as_json=as_json, slug=Busy().slug)
            reasons = list(safety.unsafe_database(current_app.extensions["settings"]))
            if not reasons:
                raise
            refuse("Nothing was done:", [{"detail": one} for one in reasons], as_json=as_json, slug="no-database")

    return wrapped
