"""What the pages of every kind share where tables come in; each kind has its own addresses and permits.

The endpoints of one blueprint are `overview`, `progress`, `imported` and `review_file`: the shared templates link to
them by these names, whose blueprint it is.
"""

from collections.abc import Sequence
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from analysis.tabular import write_csv
from civic import clock
from civic.activities.models import Activity
from civic.activities.rules import state_of
from civic.intake import actions, queries, uploads
from civic.intake.forms import UploadForm
from civic.intake.reading import REASON
from civic.intake.refusals import sentences
from civic.messages import Message
from civic.refusals import Refusal
from civic.web.languages import plain


def overview(activity: Activity, form: UploadForm, template: str, **more: Any) -> ResponseReturnValue:
    """The page where a file is handed in, with what became of earlier ones; `template` extends the shared one."""
    form.offer(activity)
    if not form.validate_on_submit():
        return _overview(activity, form, template, **more), 422 if form.errors else 200
    slug = activity.slug
    try:
        uploads.hand_in(activity, form.file.data, form.intake, current_user.actor, clock.now())
    except Refusal as refusal:
        return _overview(activity, form, template, sentences(refusal), **more), refusal.status, refusal.headers
    flash(_("The file arrived. Its rows are being stored."), "saved")
    return redirect(url_for(".overview", slug=slug), 303)


def _overview(
    activity: Activity, form: UploadForm, template: str, problems: Sequence[Message] = (), **more: Any
) -> str:
    return render_template(
        template,
        activity=activity,
        state=state_of(activity, clock.now()),
        form=form,
        errors=[("file", problem) for problem in problems],
        jobs=queries.imports_under_way(activity.id),
        runs=queries.imports(activity.id),
        **more,
    )


def progress(activity: Activity) -> Response:
    """How far the imports are, for the page that waits."""
    jobs = queries.imports_under_way(activity.id)
    done, total = sum(job.done_units for job in jobs), sum(job.total_units or 0 for job in jobs)
    text = _("%(done)s of %(total)s rows stored", done=done, total=total) if jobs else _("All imports are done")
    return jsonify(text=plain(text))


def imported(activity: Activity, number: int, above: Message) -> ResponseReturnValue:
    """One import: its counts, and the rows it could not store. `above` names the page it belongs to."""
    run = queries.import_run(activity.id, number)
    if request.method == "POST":
        return _settled(activity.slug, run.id)
    return render_template(
        "intake/staff/import.html",
        activity=activity,
        above=above,
        run=run,
        rows=list(queries.review_rows(run.id, queries.SHOWN_ROWS)),
        waiting=queries.waiting_rows(run.id),
    )


def _settled(slug: str, number: int) -> Response:
    """What the chosen rows became; numbers that are none are left alone."""
    rows = [int(row) for row in request.form.getlist("row") if row.isascii() and row.isdigit() and len(row) < 10]
    if request.form.get("act") == "take_back":
        actions.take_back(number, rows, current_user.actor)
        flash(_("These rows wait again."), "undone")
    else:
        actions.set_aside(number, rows, current_user.actor, clock.now())
        flash(_("These rows are set aside. They can be taken back below."), "saved")
    return redirect(url_for(".imported", slug=slug, number=number), 303)


def review_file(activity: Activity, number: int) -> Response:
    """The rows that still wait, with the reason in a last column; corrected, the file can be handed in as it is."""
    run = queries.import_run(activity.id, number)
    rows = ([*row.cells, plain_reasons(row)] for row in queries.review_rows(run.id) if row.state == queries.WAITING)
    return csv_file(f"{activity.slug}-review-{number}.csv", [*run.headers, REASON], rows)


def plain_reasons(row: queries.Reviewed) -> str:
    return " / ".join(f"{one.column}: {plain(one.message)}" for one in row.reasons)


def csv_file(name: str, headers: Sequence[str], rows: Any = ()) -> Response:
    """A table to be saved."""
    response = Response(b"".join(write_csv(headers, rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
