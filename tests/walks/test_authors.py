"""No name, address or group of somebody who commented stands on any page or in any file that is not staff's own."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Final

import pytest

from civic.activities import reviews
from civic.db import db, writing
from consultations.comments.models import Comment, Consultation, Edition
from consultations.comments.sources import ref_of
from tests.walks.consultations.publishing import AUTHOR
from tests.walks.test_disclosure_walk import open_to_others
from tests.walks.town import Town

PLANTED: Final = (AUTHOR.name, "汐見町", AUTHOR.detail)
OF_CONSULTATIONS: Final = {
    "/consultations/result-out/responses", "/consultations/result-out/responses/1",
    "/consultations/result-out/responses.csv", "/consultations/result-out/responses.json",
    "/consultations/result-out/originals",
}  # fmt: skip


@pytest.fixture(scope="module")
def public(town: Town) -> Town:
    """The town with the published consultation behind every address that takes an activity."""
    shown = replace(town, objects=deepcopy(town.objects))
    shown.put("/consultations/<slug> /opendata/ /api/", slug="result-out")
    return shown


def addresses(town: Town) -> set[str]:
    return {town.address(route.rule) for route in open_to_others(town)} | OF_CONSULTATIONS


def leaks(town: Town) -> Iterator[str]:
    for address in sorted(addresses(town)):
        for who in ("anonymous", "resident", "council_member"):
            with town.client(who).get(address, headers={"Accept-Language": "ja"}) as answer:
                words = answer.data.decode(errors="replace")
            yield from (f"{who} {address}: {planted}" for planted in PLANTED if planted in words)


def test_no_author_is_named_to_anybody_but_staff(public: Town) -> None:
    assert addresses(public) >= OF_CONSULTATIONS
    assert list(leaks(public)) == []


def test_the_comments_are_there_without_what_tells_their_author(public: Town) -> None:
    """Else the walk would pass because nothing was published at all."""
    page = public.client().get("/consultations/result-out/originals").text
    assert "■■■■です。屋根がほしい。" in page
    assert "遅れました。■■■の者です。" in page


def test_the_walk_finds_a_planted_leak(public: Town) -> None:
    with public.app.app_context():
        consultation = db.session.query(Consultation).filter_by(slug="result-out").one()
        first = db.session.query(Comment).filter_by(consultation_id=consultation.id, number=1).one()
        ref, moderator = ref_of("result-out", first.id), public.cast.moderator.id
        with writing() as session:
            review = session.query(reviews.TextReview).filter_by(ref=ref).one()
            review.spans, review.reviewed_by_id = [], moderator
            edition = session.query(Edition).filter_by(consultation_id=consultation.id).one()
            edition.document = {**edition.document, "contact": {"ja": AUTHOR.address}}
    try:
        found = list(leaks(public))
    finally:
        public.restore()
    for address in ("responses", "responses.csv", "responses.json", "originals"):
        assert f"anonymous /consultations/result-out/{address}: {AUTHOR.name}" in found
    assert "anonymous /consultations/result-out/responses: 汐見町" in found
