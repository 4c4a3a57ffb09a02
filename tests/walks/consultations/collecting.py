"""What the walks need of bringing comments in: a table with a row that waits, the forms by hand, who is let in where."""

from dataclasses import replace
from typing import Final

import sqlalchemy as sa

from civic.activities.states import Channel
from civic.db import db
from civic.intake.models import ImportRun
from tests.factories import consultations as make
from tests.walks.sheet import LONG, Sheet, file
from tests.walks.town import Town

SLUG: Final = "collected-comments"
COLLECT: Final = "/staff/consultations/<slug>/collect"
SHEETS: Final[dict[str, Sheet]] = {
    "file with comments": Sheet(
        COLLECT, f"/staff/consultations/{SLUG}/collect", "editor", "ファイルを取り込む",
        {"file": file("comments.csv", "意見\nバスを増やして\n".encode()), "channel": "mail", "text": "意見"},
        [
            ("file", None), ("file", file("comments.exe", b"MZ")), ("channel", None), ("channel", "pigeon"), ("key", LONG),
            ("text", ""), ("text", None), ("text", LONG), ("passage", LONG), ("arrived", LONG),
            ("name", LONG), ("address", LONG), ("language", "日本語"), ("language", LONG), ("language_column", LONG),
        ],
    ),
    "comment on paper": Sheet(
        f"{COLLECT}/form", f"/staff/consultations/{SLUG}/collect/form", "editor", "この意見を保存する",
        {
            "channel": "post", "arrived": "2026-01-05", "postmarked": "2026-01-04", "passage": "2-1",
            "body": "最終バスを\n遅くしてください。", "category": "works", "category.works": "みなと野商店",
            "name": "山田花子", "address": "みなと野市1-2-3",
        },
        [
            ("channel", None), ("channel", "web"), ("arrived", ""), ("arrived", "きのう"), ("arrived", "2999-01-01"),
            ("arrived", "1999-12-31"), ("postmarked", "2026-01-06"), ("postmarked", "先週"), ("passage", "第99条"),
            ("passage", LONG), ("body", ""), ("body", None), ("body", "あ" * 100_001), ("category", "mayor"),
            ("category.works", LONG), ("name", LONG), ("address", LONG),
        ],
    ),
}  # fmt: skip
EXCUSED: Final[dict[str, str]] = {
    f"{COLLECT}/imports/<number>": "boxes of the page's own rows: others are left alone",
}
BY_HAND: Final[dict[str, str]] = {
    f"GET {COLLECT}": "editor",
    f"POST {COLLECT}": "editor",
    f"GET {COLLECT}/form": "editor",
    f"POST {COLLECT}/form": "editor",
    f"GET {COLLECT}/imports/<number>/review.csv": "editor",
}
NOT_ALWAYS_THERE: Final[set[str]] = set()


def plant(town: Town) -> None:
    """A consultation that counts the postmark, with two mails in a table, one of which has no text."""
    rule = replace(make.RULE, postmark_counts=True)
    made = make.make_consultation(town.cast, slug=SLUG, channels=tuple(Channel), notice_changes={"rule": rule})
    source = town.file.with_name("mails.csv")
    source.write_text("number,comment\n1,バスを増やしてください。\n2,\n", encoding="utf-8")
    command = ["consultations", "import-comments", SLUG, str(source), "--text", "comment", "--channel", "mail"]
    assert town.app.test_cli_runner().invoke(args=command).exit_code == 0
    db.session.rollback()
    number = db.session.scalars(sa.select(ImportRun.id).where(ImportRun.activity_id == made.id)).one()
    town.put(COLLECT, slug=SLUG, number=number)
