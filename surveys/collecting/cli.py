"""`flask --app wsgi surveys …`: questionnaires and responses in and out of files."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from analysis.spreadsheets import Sheet, write_xlsx
from analysis.tabular import TableRefused, write_csv
from civic.activities.states import Channel
from civic.intake.cli import import_file
from civic.intake.reading import Intake
from civic.ops.output import emit, json_option, refusals_exit_1, refuse
from surveys import checking
from surveys.collecting import exporting, founding, queries
from surveys.questionnaire import to_json
from surveys.results.queries import survey_with_questionnaire

READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITABLE = click.Path(dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=READABLE)
@click.option("--project", metavar="SLUG", help="Default: the newest project, or a new one of the same title.")
@click.option("--author", metavar="LOGIN", help="Staff account that becomes the author. Default: the operator's.")
@json_option
@refusals_exit_1
def import_questionnaire(file: Path, project: str | None, author: str | None, as_json: bool) -> None:
    """Make a draft survey of a questionnaire in our JSON; prints its slug.

    Example: flask --app wsgi surveys import surveys/samples/playgrounds.json
    """
    checked = checking.check_document(read_json(file, as_json))
    if checked.questionnaire is None or checked.problems:
        problems = [
            {"row": None, "column": one.question, "detail": f"{one.pointer or '/'}: {one.message}"}
            for one in checked.problems
        ]
        refuse(f"{file.name} cannot be taken over.", problems, as_json=as_json, slug="bad-questionnaire")
    slug = founding.found_survey(checked.questionnaire, project, author)
    emit({"slug": slug}, as_json, slug)


@click.command("export")
@click.argument("slug")
@click.option("--format", "form", type=click.Choice(["json"]), required=True)
@click.option("--out", type=WRITABLE, help="Default: stdout.")
@json_option
@refusals_exit_1
def export_questionnaire(slug: str, form: str, out: Path | None, as_json: bool) -> None:
    """Write a survey's questionnaire to a file.

    Example: flask --app wsgi surveys export playgrounds --format json --out playgrounds.json
    """
    _survey, questionnaire = survey_with_questionnaire(slug)
    document = json.dumps(to_json(questionnaire), ensure_ascii=False, indent=2) + "\n"
    if out is None:
        click.echo(document, nl=False)
    else:
        out.write_text(document, encoding="utf-8")
        emit({"file": str(out)}, as_json, "")


@click.command("import-responses")
@click.argument("slug")
@click.argument("file", type=READABLE)
@click.option("--channel", type=click.Choice([one.value for one in Channel]), required=True, help="How they came in.")
@click.option("--map", "map_file", type=READABLE, help="Column map. Default: the headers are the form's field names.")
@click.option("--key", "key", multiple=True, metavar="COLUMN", help="Column that tells rows apart. May be given again.")
@click.option("--person", metavar="COLUMN", help="Column with the register's entry number or code of who answered.")
@click.option("--encoding", help="Default: UTF-8, else CP932.")
@json_option
@refusals_exit_1
def import_responses(
    slug: str,
    file: Path,
    channel: str,
    map_file: Path | None,
    key: tuple[str, ...],
    person: str | None,
    encoding: str | None,
    as_json: bool,
) -> None:
    """Store responses that came by another way; a second run stores nothing.

    Example: flask --app wsgi surveys import-responses playgrounds answers.csv --channel paper --key number --json
    """
    survey, _questionnaire = survey_with_questionnaire(slug)
    column_map = read_json(map_file, as_json) if map_file else None
    intake = Intake(file, file.name, Channel(channel), column_map, key, person, encoding)
    import_file(survey, intake, as_json)


@click.command("export-responses")
@click.argument("slug")
@click.option("--format", "form", type=click.Choice(["csv", "xlsx"]), required=True)
@click.option("--out", type=WRITABLE, help="Default: stdout, for CSV only.")
@json_option
@refusals_exit_1
def export_responses(slug: str, form: str, out: Path | None, as_json: bool) -> None:
    """Write the counted responses, with a codebook: a second sheet, or FILE.codebook.csv beside FILE.

    Columns are those of the imported tables, without derived ones; answers given here stand under the same columns.

    Example: flask --app wsgi surveys export-responses playgrounds --format csv --out answers.csv
    """
    survey, questionnaire = survey_with_questionnaire(slug)
    layout = exporting.layout(questionnaire, queries.imported_tables(survey.id))
    rows = (layout.row(stored) for stored in queries.counted_responses(survey.id))
    if form == "xlsx" and out is None:
        raise click.UsageError("A workbook needs --out.")
    if out is None:
        for chunk in write_csv(layout.headers, rows):
            click.echo(chunk, nl=False)
    elif form == "xlsx":
        sheets = [
            Sheet("responses", layout.headers, rows),
            Sheet("codebook", exporting.CODEBOOK, layout.codebook()),
        ]
        with replacing(out) as part:
            write_workbook(part, sheets, out.name, as_json)
    else:
        with replacing(out) as part:
            write_chunks(part, write_csv(layout.headers, rows))
        with replacing(out.with_name(out.name + ".codebook.csv")) as part:
            write_chunks(part, write_csv(exporting.CODEBOOK, layout.codebook()))
    if out is not None:
        emit({"file": str(out)}, as_json, "")


def write_workbook(part: Path, sheets: list[Sheet], name: str, as_json: bool) -> None:
    try:
        write_xlsx(part, sheets)
    except TableRefused as refused:
        refuse(f"{name} cannot be written: {refused}", as_json=as_json, slug="table-refused")


def write_chunks(part: Path, chunks: Iterable[bytes]) -> None:
    with part.open("wb") as file:
        file.writelines(chunks)


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A file beside `out` that takes its place when all went well."""
    part = out.with_name(f".{out.name}.part")
    try:
        yield part
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def read_json(file: Path, as_json: bool) -> Any:
    """The JSON document in a file; refuses (exit 1) with the line where it is none."""
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        problem = {"row": error.lineno, "column": None, "detail": f"{error.msg} (character {error.colno})"}
        refuse(f"{file.name} is not JSON.", [problem], as_json=as_json, slug="not-json")
    except (UnicodeDecodeError, RecursionError) as error:
        refuse(f"{file.name} is not JSON: {error}", as_json=as_json, slug="not-json")


COMMANDS = (import_questionnaire, export_questionnaire, import_responses, export_responses)
