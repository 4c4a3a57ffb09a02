"""`flask --app wsgi surveys tabulate`: a cross-tab for scripts, with full counts."""

from collections.abc import Iterator
from pathlib import Path

import click

from analysis.margins import margins_of
from analysis.tabular import read_table
from analysis.weights import Weighting
from civic.ops.output import emit, json_option, refusals_exit_1, refuse
from civic.web.languages import plain
from surveys.results import crossing, queries, weighting
from surveys.results.crossing import Crossed


@click.command()
@click.argument("slug")
@click.option("--row", required=True, metavar="Q", help="Code of the question for the rows; CODE.ROW for a matrix.")
@click.option("--col", "column", required=True, metavar="Q", help="Code of the question for the columns.")
@click.option(
    "--weights",
    is_flag=False,
    flag_value="",
    metavar="[MARGINS.csv]",
    help="Weighted figures beside the others: by the attribute weight of the responses, or to the margins of a file.",
)
@json_option
@refusals_exit_1
def tabulate(slug: str, row: str, column: str, weights: str | None, as_json: bool) -> None:
    """Cross two questions: full counts, shares, intervals, chi-square.

    Example: flask --app wsgi surveys tabulate playgrounds --row place --col satisfied --json
    """
    survey, questionnaire = queries.survey_with_questionnaire(slug)
    if weights is None:
        crossed = queries.crossed(survey, questionnaire, row, column)
    else:
        try:
            margins = margins_of(read_table(Path(weights))) if weights else []
            crossed = queries.crossed_weighted(survey, questionnaire, row, column, margins)
        except OSError as error:
            refuse(f"{weights} cannot be read: {error.strerror}.", as_json=as_json, slug="bad-weights")
        except ValueError as error:
            said = f"{weights}: {error}" if weights else f"There are no weights: {error}"
            refuse(said, as_json=as_json, slug="bad-weights")
    if crossed is None:
        names = ", ".join(crossing.variables(questionnaire))
        refuse(f"Name two different questions of: {names}", as_json=as_json, slug="unknown-question")
    printed = crossed.tab.to_json()
    if crossed.weighting:
        printed["weighting"] = weighting.to_json(crossed.weighting)
    emit(printed, as_json, as_text(crossed))


def as_text(crossed: Crossed) -> str:
    """The counts as lines of tab-separated cells, totals last; then the weighted counts and what weighting costs."""
    tab = crossed.tab
    columns = (*tab.column.categories, None)
    head = ["", *(plain(crossed.column.words(code)) if code else "*" for code in columns)]
    lines = [head]
    for code in (*tab.row.categories, None):
        name = plain(crossed.row.words(code)) if code else "*"
        lines.append([name, *(str(tab.counts[code, column]) for column in columns)])
    if crossed.weighting:
        lines += [[], *_weighted(crossed, crossed.weighting)]
    return "\n".join("\t".join(line) for line in lines)


def _weighted(crossed: Crossed, weights: Weighting) -> Iterator[list[str]]:
    tab = crossed.tab
    yield ["by weight", *(plain(crossed.column.words(code)) for code in tab.column.categories)]
    cells = {(cell.row, cell.column): cell.weighted for cell in tab.cells}
    for code in tab.row.categories:
        found = (cells[code, column] for column in tab.column.categories)
        yield [plain(crossed.row.words(code)), *(f"{one.count:.1f}" if one else "" for one in found)]
    yield [f"design effect: {weights.design_effect:.2f}"]
    yield [f"effective n: {weights.effective:.1f} of {len(weights.weights)}"]
    for one in weights.missed:
        yield [
            f"missed because of the largest weight: {one.margin} = {one.category}: {one.share:.4f} for {one.target:.4f}"
        ]
