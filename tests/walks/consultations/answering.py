"""What the walks need of answering: two groups of a consultation that is over, one of them waiting for approval."""

from typing import Final

from civic import clock
from consultations.comments.answering import actions
from consultations.comments.answering.actions import Answer
from consultations.comments.stages import Outcome
from tests.factories import consultations as make
from tests.factories.surveys import actor
from tests.walks.sheet import LONG, Sheet, texts, too_long
from tests.walks.town import Town

GROUP: Final = "/staff/consultations/<slug>/groups/<number>"
PLACE: Final = "/staff/consultations/answers/groups"
SHEETS: Final[dict[str, Sheet]] = {
    "answer to a group": Sheet(
        GROUP, f"{PLACE}/1", "editor", "下書きを保存する",
        {**texts("gist", "要旨"), **texts("answer", "答え"), "outcome": "adopted"},
        [("outcome", "won"), ("outcome", LONG), *too_long("gist", "answer")],
    ),
    "inquiry": Sheet(
        f"{GROUP}/inquiry", f"{PLACE}/1/inquiry", "editor", "担当課に照会する",
        {"department_id": "1", "question": "できますか。", "due_on": "2030-03-31"},
        [
            ("department_id", "99"), ("department_id", "x"), ("question", ""), ("question", LONG), ("due_on", ""),
            ("due_on", "2020-01-01"), ("due_on", "2030-02-30"),
        ],
    ),
    "sending an answer back": Sheet(
        f"{GROUP}/approval", f"{PLACE}/2/approval", "approver", "差し戻す",
        {"note": "理由を書いてください。"}, [("note", ""), ("note", None), ("note", LONG)],
    ),
}  # fmt: skip
EXCUSED: Final[dict[str, str]] = {}
BY_HAND: Final[dict[str, str]] = {
    "GET /staff/consultations/<slug>/answers": "editor approver moderator analyst",
    "GET /staff/consultations/<slug>/groups/<number>": "editor approver moderator analyst",
    "POST /staff/consultations/<slug>/groups/<number>": "editor",
    "POST /staff/consultations/<slug>/groups/<number>/inquiry": "editor",
    "POST /staff/consultations/<slug>/groups/<number>/approval": "approver",
}
NOT_ALWAYS_THERE: Final[set[str]] = set()


def plant(town: Town) -> None:
    """Two groups, the second handed in."""
    editor = actor(town.cast.editor)
    over = make.ended_with(
        town.cast, ["最終バスを遅くしてください。", "屋根がほしいです。", "地図がほしいです。"], slug="answers"
    )
    items = [one.items[0].id for one in make.comments_of(over)]
    first = make.group_of(over, "最終バス", items[:1])
    second = make.group_of(over, "屋根", items[1:2])
    whole = Answer(answer={"ja": "8か所に屋根をつけます。"}, outcome=Outcome.ADOPTED)
    actions.hand_in(second.id, actions.save_answer(second.id, whole, 1, editor, clock.now()), editor)
    town.put("/staff/consultations/<slug>/answers", slug=over.slug)
    town.put("/staff/consultations/<slug>/groups/<int:number>", slug=over.slug, number=first.number)
    town.put("/staff/consultations/<slug>/groups/<int:number>/approval", slug=over.slug, number=second.number)
