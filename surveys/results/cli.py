"""`flask --app wsgi surveys tabulate`: a cross-tab for scripts, with full counts."""

import click

from civic.ops.output import emit, json_option, refusals_exit_1, refuse
from civic.web.languages import plain
from surveys.results import crossing, queries
from surveys.results.crossing import Crossed


@click.command()
@click.argument("slug")
@click.option("--row", required=True, metavar="Q", help="Code of the question for the rows; CODE.ROW for a matrix.")
@click.option("--col", "column", required=True, metavar="Q", help="Code of the question for the columns.")
@json_option
@refusals_exit_1
def tabulate(slug: str, row: str, column: str, as_json: bool) -> None:
    """Cross two questions: full counts, shares, intervals, chi-square.

    Example: flask --app wsgi surveys tabulate playgrounds --row place --col satisfied --json
    """
    survey, questionnaire = queries.survey_with_questionnaire(slug)
    crossed = queries.crossed(survey, questionnaire, row, column)
    if crossed is None:
        names = ", ".join(crossing.variables(questionnaire))
        refuse(f"Name two different questions of: {names}", as_json=as_json, slug="unknown-question")
    emit(crossed.tab.to_json(), as_json, as_text(crossed))


def as_text(crossed: Crossed) -> str:
    """The counts as lines of tab-separated cells, totals last."""
    tab = crossed.tab
    columns = (*tab.column.categories, None)
    head = ["", *(plain(crossed.column.words(code)) if code else "*" for code in columns)]
    lines = [head]
    for code in (*tab.row.categories, None):
        name = plain(crossed.row.words(code)) if code else "*"
        lines.append([name, *(str(tab.counts[code, column]) for column in columns)])
    return "\n".join("\t".join(line) for line in lines)
