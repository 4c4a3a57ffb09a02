"""What the walks need of the residents' pages of consultations: what to plant, their forms by hand, who is let in."""

from typing import Final

from civic.activities import reviews
from consultations.comments.sources import ref_of
from tests.factories import consultations as make
from tests.factories.surveys import actor
from tests.walks.sheet import LONG, Sheet
from tests.walks.town import EVERYBODY, Town

ALL: Final = " ".join(EVERYBODY)
PASSAGE: Final = "/consultations/plan/comment?passage=p4"
SEND: Final = "意見を送る"
WORDS: Final = {
    "body": "最終バスを遅くしてください。", "category": "works", "category.works": "みなと野商店", "name": "山田花子",
    "address": "みなと野市1-2-3", "email": "hanako@example.jp",
}  # fmt: skip
SHEETS: Final[dict[str, Sheet]] = {
    "comment on the whole": Sheet(
        "/consultations/<slug>/comment", "/consultations/plan/comment", "anonymous", SEND, WORDS,
        [
            ("body", ""), ("body", None), ("body", " \n"), ("body", LONG + "い"), ("body", LONG * 10),
            ("category", None), ("category", "mayor"), ("category.works", ""), ("category.works", LONG), ("name", LONG),
            ("address", LONG), ("email", "example.jp"), ("email", LONG),
        ],
    ),
    "comment on a passage": Sheet(
        "/consultations/<slug>/comment", PASSAGE, "anonymous", SEND, {**WORDS, "stance": "change"},
        [("stance", "perhaps"), ("body", "")],
    ),
    "comment in place": Sheet(
        "/consultations/<slug>/comment", "/consultations/plan?passage=p4", "anonymous", SEND, WORDS, [("body", "")],
    ),
    "mailed receipt of a comment": Sheet(
        "/consultations/<slug>/done", "/consultations/plan/done", "anonymous", "控えをメールで受け取る",
        {"email": "a@example.jp"},
        [("email", ""), ("email", "example.jp"), ("email", LONG)],
        [("/consultations/plan/comment", SEND, WORDS)],
    ),
    "taking a comment back": Sheet(
        "/consultations/<slug>/withdraw", "/consultations/plan/withdraw", "anonymous", "この意見を取り下げる",
        {"number": "0000-0000-0000-0000", "contact": "山田花子"},
        [("number", ""), ("number", None), ("number", LONG), ("contact", ""), ("contact", LONG), ("contact", "だれか")],
    ),
}  # fmt: skip
EXCUSED: Final[dict[str, str]] = {}
BY_HAND: Final[dict[str, str]] = {
    "GET /consultations/<slug>": ALL,
    "GET /consultations/<slug>/comment": ALL,
    "POST /consultations/<slug>/comment": ALL,
    "POST /consultations/<slug>/withdraw": ALL,
    "GET /consultations/<slug>/comments": ALL,
}
NOT_ALWAYS_THERE: Final[set[str]] = set()


def plant(town: Town) -> None:
    """An open consultation whose reviewed comments are read during the period."""
    shown = make.make_consultation(
        town.cast, slug="plan-shown", notice_changes={"comments_public": True}, title=make.text("公開中の案")
    )
    make.comment(shown, ["バスの本数を増やしてください。"], passage="p4")
    make.comment(shown, ["電話でも予約したいです。"])
    verdicts = [reviews.Verdict(ref_of(shown.slug, one.id), one.body, ((0, 2),)) for one in make.comments_of(shown)]
    reviews.review_texts(shown.id, verdicts, actor(town.cast.moderator))
    town.put("/consultations/<slug>/comments", slug=shown.slug)
