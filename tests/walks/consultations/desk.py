"""What the walks need of the sorting desk: a consultation that is over, two groups, a named comment, a step to undo."""

from typing import Any, Final

from civic import clock
from consultations.comments.desk import actions, queries
from consultations.comments.recording import Author
from tests.factories import consultations as make
from tests.factories.surveys import actor
from tests.walks.sheet import LONG, Sheet
from tests.walks.town import Town

DESK: Final = "/staff/consultations/<slug>/groups"
COMMENT: Final = "/staff/consultations/<slug>/comments/<number>"
PLACE: Final = "/staff/consultations/sorted"
CHOSEN: Final[dict[str, Any]] = {
    "to": "2",
    "title": "まだ押していない名前",
}  # what is ticked, is known once it is planted
PARTS: Final[dict[str, Any]] = {}
SHEETS: Final[dict[str, Sheet]] = {
    "opinions to move": Sheet(
        DESK, f"{PLACE}/groups", "editor", "選んだ意見を移す", CHOSEN,
        [("item", None), ("item", ["1.2.3"]), ("to", ""), ("to", None), ("to", "99"), ("to", LONG), ("title", LONG)],
    ),
    "opinions for a new group": Sheet(
        DESK, f"{PLACE}/groups", "moderator", "新しいまとまりを作る", CHOSEN,
        [("title", ""), ("title", None), ("title", " "), ("title", LONG)],
    ),
    "name of a group": Sheet(
        f"{DESK}/<number>/title", f"{PLACE}/groups?group=1", "analyst", "名前を保存する", {"title": "最終バスの時刻"},
        [("title", ""), ("title", None), ("title", LONG)],
    ),
    "groups to join": Sheet(
        f"{DESK}/<number>/merge", f"{PLACE}/groups?group=1", "editor", "まとまりを合わせる", {"into": "2"},
        [("into", ""), ("into", None), ("into", "1"), ("into", "99"), ("into", LONG)],
    ),
    "part of a comment": Sheet(
        f"{COMMENT}/cut", f"{PLACE}/comments/1", "editor", "分け方を見る", {"first": "停留所", "last": "ほしいです。"},
        [
            ("first", ""), ("first", None), ("first", "電車"), ("first", LONG), ("last", "電車"), ("last", "最終バス"),
            ("last", LONG),
        ],
    ),
    "parts to keep": Sheet(
        f"{COMMENT}/parts", f"{PLACE}/comments/1?spans=0-14,14-27", "editor", "この分け方で保存する", PARTS, [("part", None)],
    ),
    "look at an author": Sheet(
        f"{COMMENT}/author", f"{PLACE}/comments/1/author", "moderator", "お名前とご住所を見る",
        {"reason": "文の意味を確かめるため"}, [("reason", ""), ("reason", None), ("reason", " "), ("reason", LONG)],
    ),
}  # fmt: skip
BUTTONS: Final = "only buttons: nothing is typed"
EXCUSED: Final[dict[str, str]] = {
    f"{DESK}/<number>/delete": BUTTONS,
    f"{DESK}/order": BUTTONS,
    f"{DESK}/undo": BUTTONS,
    f"{DESK}/topics": "boxes only, and only with an analysis: tests/consultations/desk/test_pages.py sends them",
    f"{COMMENT}/join": BUTTONS,
}
READERS: Final = "editor approver moderator analyst"
SORTERS: Final = "editor moderator analyst"
BY_HAND: Final[dict[str, str]] = {
    "GET /staff/consultations/<slug>/comments": READERS,
    f"GET {COMMENT}": READERS,
    f"GET {DESK}": READERS,
    f"POST {DESK}": SORTERS,
    f"POST {DESK}/<number>/title": SORTERS,
    f"POST {DESK}/<number>/merge": SORTERS,
    f"POST {DESK}/<number>/delete": SORTERS,
    f"POST {DESK}/order": SORTERS,
    f"POST {DESK}/undo": SORTERS,
    f"GET {DESK}/topics": SORTERS,
    f"POST {DESK}/topics": SORTERS,
    f"POST {COMMENT}/cut": SORTERS,
    f"POST {COMMENT}/parts": SORTERS,
    f"POST {COMMENT}/join": SORTERS,
    f"GET {COMMENT}/author": "editor moderator",
    f"POST {COMMENT}/author": "editor moderator",
}
NOT_ALWAYS_THERE: Final[set[str]] = set()


def plant(town: Town) -> None:
    """Two groups and what lies in none, with everything the forms have ticked."""
    held = make.make_consultation(town.cast, slug="sorted")
    make.comment(
        held, ["最終バスを遅くしてください。停留所に屋根もほしいです。"], author=Author("山田花子", "みなと野市1-2-3")
    )
    make.comment(held, ["予約が電話だけだと使えません。", "賛成です。", "運賃が高いです。"])
    make.end(held, town.cast)
    editor = actor(town.cast.editor)
    desk = [one.pile for one in queries.opinions_in(held.id, None, 1)]
    actions.create_group(held.id, "最終バス", desk[1:2], editor, clock.now())
    actions.create_group(held.id, "予約", [], editor, clock.now())
    CHOSEN["item"] = [str(pile) for pile in desk[2:]]
    PARTS["part"] = ["14-27"]
    town.put(f"{DESK} /staff/consultations/<slug>/comments", slug=held.slug)
    for rest in ("title", "merge", "delete"):
        town.put(f"{DESK}/<int:number>/{rest}", slug=held.slug, number=1)
    town.put("/staff/consultations/<slug>/comments/<int:number>", slug=held.slug, number=1)
