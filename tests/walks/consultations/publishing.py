"""What the walks need of publication: a result being written, one that is published, a correction that waits."""

from typing import Final

from civic import clock
from consultations.comments.publishing.actions import propose_erratum
from consultations.comments.recording import Author
from consultations.comments.stages import Decision, Outcome
from tests.factories import consultations as make
from tests.factories.surveys import actor, text
from tests.walks.sheet import LONG, Sheet, texts, too_long
from tests.walks.town import EVERYBODY, Town

ALL: Final = " ".join(EVERYBODY)
RESULT: Final = "/staff/consultations/<slug>/result"
WRITTEN: Final = "/staff/consultations/written/result"
OUT: Final = "/staff/consultations/result-out/result"
READERS: Final = "editor approver moderator analyst"
SHEETS: Final[dict[str, Sheet]] = {
    "result": Sheet(
        RESULT, WRITTEN, "editor", "結果を保存する",
        {"decision": "changed", "final": make.CHANGED_PLAN, **texts("reason", "理由"), **texts("answer", "答え")},
        [
            ("decision", None), ("decision", "postponed"), ("final", ""), ("final", make.PLAN), ("final", " "),
            ("reason_ja", ""), ("answer_ja", None), *too_long("reason", "answer"),
        ],
    ),
    "correction": Sheet(
        f"{RESULT}/correct/<number>", f"{OUT}/correct/1", "editor", "申し出る",
        {
            **texts("title", "題"), **texts("gist", "要旨"), **texts("answer", "直した答え"), "outcome": "partly",
            **texts("note", "訂正"),
        },
        [
            ("title_ja", ""), ("title_ja", "題" * 201), ("answer_ja", ""), ("outcome", "won"), ("outcome", LONG),
            ("note_ja", ""), ("note_ja", None), *too_long("title", "gist", "answer", "note"),
        ],
    ),
    "correction of the whole": Sheet(
        f"{RESULT}/correct", f"{OUT}/correct", "editor", "申し出る",
        {**texts("answer", "直した答え"), **texts("reason", "直した理由"), **texts("note", "訂正")},
        [
            ("answer_ja", ""), ("reason_ja", ""), ("title_ja", ""), ("note_ja", ""), ("note_ja", None),
            *too_long("title", "answer", "reason", "basis", "rule", "note"),
        ],
    ),
    "decision about a correction": Sheet(
        f"{RESULT}/corrections/<erratum_id>",
        lambda town: town.address("/staff/consultations/<slug>/result/corrections/<int:erratum_id>"), "approver",
        "決裁する", {"approved": "yes"}, [("approved", None), ("approved", "perhaps"), ("approved", LONG)],
    ),
}  # fmt: skip
EXCUSED: Final[dict[str, str]] = {}
BY_HAND: Final[dict[str, str]] = {
    "GET /staff/consultations/<slug>/result": READERS,
    "POST /staff/consultations/<slug>/result": "editor",
    "GET /staff/consultations/<slug>/result/preview": READERS,
    "POST /staff/consultations/<slug>/result/correct": "editor",
    "POST /staff/consultations/<slug>/result/correct/<number>": "editor",
    "POST /staff/consultations/<slug>/result/corrections/<erratum_id>": "approver",
    "GET /consultations/<slug>/responses": ALL,
    "GET /consultations/<slug>/responses/<edition>": ALL,
    "GET /consultations/<slug>/responses/<edition>.csv": ALL,
    "GET /consultations/<slug>/responses/<edition>.json": ALL,
    "GET /consultations/<slug>/responses.csv": ALL,
    "GET /consultations/<slug>/responses.json": ALL,
    "GET /consultations/<slug>/decided.md": ALL,
    "GET /consultations/<slug>/originals": ALL,
}
NOT_ALWAYS_THERE: Final[set[str]] = set()
AUTHOR: Final = Author("浜口直道", "みなと野市汐見町3-14", "浜口水産")
"""Whose name and address no page and no file of residents may show."""


def plant(town: Town) -> None:
    """A result that is written and not published; a published one, its author's name kept, with a proposed correction."""
    cast = town.cast
    written = make.ended_with(cast, ["最終バスを遅くしてください。"], slug="written")
    make.answered_group(written, cast, "最終バス", make.items_of(written))
    make.confirm_all(written, cast)
    out = make.make_consultation(cast, slug="result-out")
    make.comment(out, ["浜口直道です。屋根がほしい。", "予約しにくい。"], author=AUTHOR, category="works")
    make.end(out, cast)
    late = make.comment_late(out, "遅れました。汐見町の者です。", author=AUTHOR)
    make.answered_group(out, cast, "屋根", make.items_of(out, 1), Outcome.ADOPTED)
    make.answered_group(out, cast, "予約", make.items_of(out, 2), gist=text("予約をしやすくしてほしい。"))
    make.confirm_all(out, cast, {1: [(0, 4)], late.number: [(6, 9)]})
    make.write_result(out, cast, Decision.CHANGED, make.CHANGED_PLAN)
    make.publish(out, cast)
    correction = make.correction("直した答え", "区分の誤りを直します。", outcome="partly")
    erratum = propose_erratum(out.id, 2, correction, actor(cast.editor), clock.now())
    town.put(RESULT, slug=written.slug)
    town.put(f"{RESULT}/correct {RESULT}/corrections/", slug=out.slug, number=1, erratum_id=erratum)
    for page in ("responses", "originals", "decided"):
        town.put(f"/consultations/<slug>/{page}", slug=out.slug, edition=1)
