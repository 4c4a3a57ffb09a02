"""The published result as residents read it: answers, changes, masked originals, files. All of it once it is answered."""

from datetime import datetime

from flask import Blueprint, Response, render_template, request, url_for

from analysis.tabular import open_data_csv
from civic import paging
from civic.messages import Message
from civic.web.requests import number_in, page_number
from consultations.comments.publishing import files, queries, showing
from consultations.comments.publishing.originals import originals_page
from consultations.comments.publishing.queries import Result
from consultations.comments.stages import Outcome

pages = Blueprint("consultation_results", __name__, url_prefix="/consultations", template_folder="../templates")


@pages.context_processor
def give_templates_words() -> dict[str, object]:
    """How outcomes, decisions and states are worded."""
    return {
        "outcome_words": showing.OUTCOMES,
        "outcome_looks": showing.LOOKS,
        "outcome_symbols": showing.SYMBOLS,
        "decision_words": showing.DECISIONS,
        "decision_texts": showing.EXPLAINED,
        "state_words": showing.STATES,
        "moment_of": datetime.fromisoformat,
        "MOST_CHANGES": queries.CHANGES,
    }


@pages.get("/<slug>/responses")
def responses(slug: str) -> str:
    return show(queries.published(slug))


@pages.get("/<slug>/responses/<int:edition>")
def edition(slug: str, edition: int) -> str:
    return show(queries.published(slug, edition))


def show(result: Result, preview: bool = False) -> str:
    """An edition as a page: every answer with its opinions, filtered by outcome, page by page; on paper all of them."""
    wish = request.args.get("outcome", "")
    outcome = Outcome(wish) if wish in set(Outcome) else None
    groups = result.of_outcome(outcome)
    page = paging.within(page_number(), len(groups), queries.PAGE)
    whole = request.args.get("all") == "1"
    shown = groups if whole else groups[(page - 1) * queries.PAGE : page * queries.PAGE]
    return render_template(
        "comments/responses.html",
        layout="layouts/staff.html" if preview else "layouts/resident.html",
        result=result,
        content=result.content,
        consultation=result.consultation,
        pairs=queries.pairs(shown, whole),
        whole=whole,
        outcome=outcome,
        page=page,
        pages=1 if whole else paging.pages(len(groups), queries.PAGE),
        errata=queries.errata(result),
        chips=chips(result, outcome),
        preview=preview,
    )


def chips(result: Result, chosen: Outcome | None) -> list[dict[str, object]]:
    """The outcomes that occur, as links, with how many answers each has."""
    here = url_for(request.endpoint or "", **(request.view_args or {}))
    counts = {one: len(result.of_outcome(one)) for one in Outcome}
    every = {"label": showing.ALL, "href": f"{here}#answers", "current": chosen is None, "count": len(result.groups)}
    return [
        every,
        *(
            {
                "label": Message(showing.OUTCOMES[one]),
                "href": f"{here}?outcome={one.value}#answers",
                "current": chosen is one,
                "count": count,
            }
            for one, count in counts.items()
            if count
        ),
    ]


@pages.get("/<slug>/responses.csv")
def responses_csv(slug: str) -> Response:
    return csv_of(queries.published(slug))


@pages.get("/<slug>/responses/<int:edition>.csv")
def edition_csv(slug: str, edition: int) -> Response:
    return csv_of(queries.published(slug, edition))


def csv_of(result: Result) -> Response:
    content = b"".join(open_data_csv(files.HEADERS, files.rows(result)))
    return download(content, "text/csv", name_of(result, "csv"))


@pages.get("/<slug>/responses.json")
def responses_json(slug: str) -> Response:
    return json_of(queries.published(slug))


@pages.get("/<slug>/responses/<int:edition>.json")
def edition_json(slug: str, edition: int) -> Response:
    return json_of(queries.published(slug, edition))


@pages.get("/<slug>/decided.md")
def decided(slug: str) -> Response:
    return download(queries.decided_text(slug).encode(), "text/markdown", f"{slug}-decided.md")


def json_of(result: Result) -> Response:
    return download(files.as_json(result), "application/json", name_of(result, "json"))


def name_of(result: Result, ending: str) -> str:
    return f"{result.consultation.slug}-responses-{result.edition.number}.{ending}"


def download(content: bytes, kind: str, name: str) -> Response:
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@pages.get("/<slug>/originals")
def originals(slug: str) -> str:
    shown = originals_page(slug, page_number(), number_in(request.args, "group") or None)
    return render_template("comments/originals.html", shown=shown)
