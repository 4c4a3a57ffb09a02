"""Staff pages that prepare a consultation."""

from flask import Blueprint, render_template

from consultations.comments.drafting import queries

pages = Blueprint("consultations_drafting", __name__, url_prefix="/staff/consultations", template_folder="../templates")


@pages.get("/<slug>/draft")
def draft(slug: str) -> str:
    return render_template(
        "comments/staff/draft.html", consultation=queries.consultation_for(slug, "consultation.inspect")
    )
