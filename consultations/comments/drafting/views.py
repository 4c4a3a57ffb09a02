"""The attachments of a consultation for everybody."""

from flask import Blueprint, Response

from civic.files.sending import as_download
from consultations.comments.commenting.queries import consultation_for_residents
from consultations.comments.drafting import queries

pages = Blueprint("consultations_files", __name__)


@pages.get("/consultations/<slug>/files/<int:number>")
def download(slug: str, number: int) -> Response:
    """One PDF of an approved consultation, as a download."""
    found = queries.attachment_of(consultation_for_residents(slug), number)
    return as_download(found.file, found.file_name)
