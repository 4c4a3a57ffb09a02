"""Handing a stored file out: as a download, never shown in the site's own name."""

from flask import Response, send_file

from civic.files.models import StoredFile
from civic.files.storing import path_of
from civic.refusals import NotFound


def as_download(file: StoredFile, name: str) -> Response:
    """The file under `name`; NotFound where its bytes are missing. The header `nosniff` stands on every answer."""
    path = path_of(file.sha256)
    if not path.exists():
        raise NotFound
    return send_file(
        path, mimetype=file.media_type, as_attachment=True, download_name=name, etag=file.sha256, conditional=True
    )
