"""What everybody may read of a vote: its board, its files, its result."""

from flask import Blueprint, Response, jsonify, render_template, stream_with_context

from analysis.tabular import write_csv
from civic import clock
from civic.refusals import NotFound
from civic.web.requests import page_number
from consultations.votes.casting import files
from consultations.votes.casting.queries import VotePage, vote_page
from consultations.votes.paper.showing import papers_of, released_count
from consultations.votes.publishing import counting, queries, showing, streaming

pages = Blueprint("votes_public", __name__, template_folder="../templates")


@pages.get("/votes/<slug>/board")
def board(slug: str) -> str:
    """The entries, the newest first."""
    page = vote_page(slug, clock.now())
    listed = queries.board_page(page.board, page_number())
    return render_template("votes/board.html", page=page, vote=page.vote, listed=listed, files=files.of(slug))


@pages.get("/votes/<slug>/board.json")
def board_file(slug: str) -> Response:
    """The whole board, canonical."""
    page = vote_page(slug, clock.now())
    return Response(stream_with_context(streaming.board_file(page.board)), mimetype="application/json")


@pages.get("/votes/<slug>/board/<int:n>.json")
def entry_file(slug: str, n: int) -> Response:
    """One entry with its hash."""
    page = vote_page(slug, clock.now())
    return Response(streaming.entry_file(queries.entry(page.board, n)), mimetype="application/json")


@pages.get("/votes/<slug>/manifest.json")
def manifest_file(slug: str) -> Response:
    """The manifest; the SHA-256 of this file is the vote's id."""
    return Response(vote_page(slug, clock.now()).board.manifest.encode(), mimetype="application/json")


@pages.get("/votes/<slug>/results")
def results(slug: str) -> str:
    """Totals, turnout, and how to recount."""
    page = vote_page(slug, clock.now())
    standing = page.standing
    return render_template(
        "votes/results.html",
        page=page,
        vote=page.vote,
        standing=standing,
        figures=[showing.figure(one) for one in counting.counted(page.manifest, standing)],
        papers=papers_of(page.vote, page.manifest, standing.totals),
        districts=showing.districts(page.vote, clock.now()),
        files=files.of(slug),
    )


@pages.get("/votes/<slug>/results.csv")
def results_csv(slug: str) -> Response:
    """The totals as a table; raises NotFound while there are none."""
    content = b"".join(write_csv(showing.CSV_HEADERS, showing.csv_rows(counted_page(slug))))
    disposition = f'attachment; filename="{slug}-results.csv"'
    return Response(content, mimetype="text/csv", headers={"Content-Disposition": disposition})


@pages.get("/votes/<slug>/results.json")
def results_json(slug: str) -> Response:
    """The same for machines."""
    return jsonify(showing.results_json(counted_page(slug)))


def counted_page(slug: str) -> VotePage:
    """The vote, if there are figures, of the web or of paper; raises NotFound."""
    page = vote_page(slug, clock.now())
    if not page.standing.is_counted and released_count(page.vote) is None:
        raise NotFound
    return page


@pages.get("/votes/<slug>/files/<name>")
def program(slug: str, name: str) -> Response:
    """A program that recounts, as a download."""
    vote_page(slug, clock.now())
    found = files.PROGRAMS.get(name)
    if found is None:
        raise NotFound
    disposition = f'attachment; filename="{found.name}"'
    return Response(found.make(), mimetype=found.mimetype, headers={"Content-Disposition": disposition})
