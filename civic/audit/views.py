"""The administrator's pages: what was done, and what may be recorded at all."""

from flask import Blueprint, render_template, request

from civic.audit import queries
from civic.web.requests import page_number

pages = Blueprint("audit", __name__)


@pages.get("/admin/audit")
def records() -> str:
    act, subject = request.args.get("act", ""), request.args.get("subject", "").strip()
    page = queries.audit_page(act, subject, page_number())
    return render_template("audit/records.html", page=page, act=act, subject=subject)


@pages.get("/admin/audit/acts")
def acts() -> str:
    return render_template("audit/acts.html", acts=queries.declared_acts())
