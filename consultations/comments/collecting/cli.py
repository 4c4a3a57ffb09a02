"""`flask --app wsgi consultations import-comments`: comments that were collected elsewhere."""

from pathlib import Path

import click

from civic.activities.states import Channel
from civic.intake.cli import import_file
from civic.intake.reading import Intake
from civic.ops.output import json_option, refusals_exit_1
from consultations.comments.collecting import queries
from consultations.comments.collecting.tables import LANGUAGE, Layout

READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import-comments")
@click.argument("slug")
@click.argument("file", type=READABLE)
@click.option("--text", metavar="COLUMN", required=True, help="Column that holds the comments.")
@click.option("--channel", type=click.Choice([one.value for one in Channel]), required=True, help="How they came in.")
@click.option("--key", "key", multiple=True, metavar="COLUMN", help="Column that tells rows apart. May be given again.")
@click.option("--passage", metavar="COLUMN", help="Column with the label or anchor of the passage meant.")
@click.option("--arrived", metavar="COLUMN", help="Column with the day of arrival.")
@click.option("--person", metavar="COLUMN", help="Column with the register's entry number or code of who wrote.")
@click.option("--name", metavar="COLUMN", help="Column with the name of who wrote. It is kept sealed.")
@click.option("--address", metavar="COLUMN", help="Column with the address of who wrote. It is kept sealed.")
@click.option("--language", default="ja", metavar="TAG", help="Language the comments are in. Default: ja.")
@click.option(
    "--language-column", metavar="COLUMN", help="Column with the language of each comment, where it is not that."
)
@click.option("--encoding", help="Default: UTF-8, else CP932.")
@json_option
@refusals_exit_1
def import_comments(
    slug: str,
    file: Path,
    text: str,
    channel: str,
    key: tuple[str, ...],
    passage: str | None,
    arrived: str | None,
    person: str | None,
    name: str | None,
    address: str | None,
    language: str,
    language_column: str | None,
    encoding: str | None,
    as_json: bool,
) -> None:
    """Store comments that came by another way; a second run stores nothing. Other columns are kept sealed.

    Example: flask --app wsgi consultations import-comments plan mails.csv --text body --channel mail --key id --json
    """
    if LANGUAGE.fullmatch(language) is None:
        raise click.BadParameter("Write a language tag like ja or zh-TW.", param_hint="--language")
    layout = Layout(text, passage, arrived, language, name, address, language_column)
    intake = Intake(file, file.name, Channel(channel), layout.to_json(), key, person, encoding)
    import_file(queries.consultation_at(slug), intake, as_json)


COMMANDS = (import_comments,)
