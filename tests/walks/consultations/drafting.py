"""What the walks need of the drafting part of consultations: what to plant, its forms by hand, who is let in where."""

from io import BytesIO
from typing import Final

from civic import clock
from civic.activities.states import State
from civic.db import writing
from consultations.comments.drafting import actions as drafting
from consultations.comments.drafting import attaching
from consultations.comments.drafting.notheld import actions as notices
from consultations.comments.drafting.notheld.actions import NotHeld
from consultations.comments.drafting.passages import LONGEST_DRAFT
from consultations.comments.models import Consultation, ProcedureRule
from tests.factories import consultations as make
from tests.factories.surveys import actor, text
from tests.walks.sheet import LONG, Sheet, file, texts, too_long
from tests.walks.town import Town

DRAFT: Final = "/staff/consultations/draft-plan"
PDF: Final = b"%PDF-1.7\nmap\n%%EOF\n"
RULE: Final = {
    **texts("name", "要綱"), "number": "第12号", "checked_on": "2026-11-01", "minimum_days": "20",
    "channels": ["web", "post"], "asks_name": "required", "asks_address": "no",
    **{f"clause_{name}": f"第{number}条" for number, name in enumerate(
        ("minimum_days", "categories", "channels", "asks_name", "asks_address", "postmark_counts", "exemptions"), 1
    )},
    **texts("categories-0-text", "住む人"), **texts("categories-0-detail", "住所"), **texts("exemptions-0-text", "緊急"),
}  # fmt: skip
RULE_WRONG: Final = [
    ("name_ja", ""), ("name_ja", None), ("number", LONG), ("checked_on", "昨日"), ("checked_on", "2026-02-30"),
    ("minimum_days", ""), ("minimum_days", "0"), ("minimum_days", "366"), ("minimum_days", "三十"),
    ("channels", None), ("channels", ["web", "pigeon"]), ("asks_name", "perhaps"), ("asks_name", None),
    ("asks_address", "perhaps"), ("clause_minimum_days", LONG), ("categories-0-text_ja", ""), ("exemptions-0-text_ja", ""),
    *too_long("name", "categories-0-text", "categories-0-detail", "exemptions-0-text"),
]  # fmt: skip
NOT_HELD: Final = {
    **texts("title", "題"), **texts("aim"), **texts("basis"), "case": "youko:minor", **texts("reason"), **texts("contact"),
}  # fmt: skip
NOT_HELD_WRONG: Final = [
    ("title_ja", ""), ("aim_ja", ""), ("basis_ja", None), ("reason_ja", ""), ("contact_ja", ""), ("case", "youko:nothing"),
    *too_long("title", "aim", "basis", "reason", "contact"),
]  # fmt: skip
SHEETS: Final[dict[str, Sheet]] = {
    "new consultation": Sheet(
        "/staff/consultations/new", "/staff/consultations/new", "editor", "意見募集を作る",
        {"project": "1", **texts("title", "題"), "slug": "new-plan", **texts("summary"), "rule": "youko"},
        [
            ("project", "99"), ("project", "x"), ("title_ja", ""), ("summary_ja", ""), ("slug", ""), ("slug", "New Plan"),
            ("slug", "plan"), ("slug", "not-held"), ("rule", "nobodys"), *too_long("title", "summary"),
        ],
    ),
    "draft": Sheet(
        "/staff/consultations/<slug>/draft", f"{DRAFT}/draft", "editor", "新しい版として保存する",
        {"markdown": "# 第1章\n\n本文。", "note": "直した。"},
        [("markdown", ""), ("markdown", None), ("markdown", "---"), ("markdown", "あ" * (LONGEST_DRAFT + 1)), ("note", LONG)],
    ),
    "notice": Sheet(
        "/staff/consultations/<slug>/notice", f"{DRAFT}/notice", "editor", "内容を保存する",
        {
            "rule": "youko", **texts("basis"), **texts("digest"), **texts("short_reason"), "asks_name": "no",
            "asks_address": "required", "comments_public": "y",
        },
        [
            ("rule", "nobodys"), ("asks_name", "perhaps"), ("asks_name", None), ("asks_address", "perhaps"),
            *too_long("basis", "digest", "short_reason"),
        ],
    ),
    "attachment": Sheet(
        "/staff/consultations/<slug>/attachments", f"{DRAFT}/attachments", "editor", "このファイルを加える",
        {"file": file("map.pdf", PDF), **texts("title", "図")},
        [("file", None), ("file", file("map.pdf", b"<html>")), ("title_ja", ""), *too_long("title")],
    ),
    "new rule": Sheet(
        "/staff/consultations/rules/new", "/staff/consultations/rules/new", "admin", "規程を保存する",
        {**RULE, "slug": "new-rule"},
        [*RULE_WRONG, ("slug", ""), ("slug", "要綱"), ("slug", "youko"), ("slug", "new")],
    ),
    "rule": Sheet(
        "/staff/consultations/rules/<code>/edit", "/staff/consultations/rules/youko/edit", "admin", "規程を保存する",
        RULE, RULE_WRONG,
    ),
    "new notice of a plan without a procedure": Sheet(
        "/staff/consultations/not-held/new", "/staff/consultations/not-held/new", "editor", "内容を保存する",
        {"project": "1", "slug": "second-words", **NOT_HELD},
        [*NOT_HELD_WRONG, ("project", "99"), ("slug", ""), ("slug", "字句"), ("slug", "words"), ("slug", "new")],
    ),
    "notice of a plan without a procedure": Sheet(
        "/staff/consultations/not-held/<slug>", "/staff/consultations/not-held/words-draft", "editor", "内容を保存する",
        NOT_HELD, NOT_HELD_WRONG,
    ),
}  # fmt: skip
BUTTONS: Final = "only buttons: nothing is typed"
EXCUSED: Final[dict[str, str]] = {
    "/staff/consultations/<slug>/draft/<number>/restore": BUTTONS,
    "/staff/consultations/<slug>/notice/missing": BUTTONS,
    "/staff/consultations/<slug>/attachments/<number>": BUTTONS,
    "/staff/consultations/not-held/<slug>/publish": BUTTONS,
}
STAFF: Final = "editor parks_editor approver moderator analyst admin"
EVERYBODY: Final = (
    "anonymous suspended expired_contractor resident neighbour editor parks_editor approver moderator analyst "
    "council_member admin"
)
BY_HAND: Final[dict[str, str]] = {
    "GET /staff/consultations/<slug>/draft": "editor approver moderator analyst",
    "POST /staff/consultations/<slug>/draft": "editor",
    "POST /staff/consultations/<slug>/draft/<number>/restore": "editor",
    "POST /staff/consultations/<slug>/notice": "editor",
    "POST /staff/consultations/<slug>/attachments": "editor",
    "POST /staff/consultations/<slug>/attachments/<number>": "editor",
    "GET /staff/consultations/rules": STAFF,
    "POST /staff/consultations/rules/<code>/edit": "admin",
    "POST /staff/consultations/not-held/<slug>": "editor",
    "POST /staff/consultations/not-held/<slug>/publish": "approver",
    "GET /consultations/<slug>/files/<number>": EVERYBODY,
    "GET /consultations/not-held/<slug>": EVERYBODY,
}
NOT_ALWAYS_THERE: Final[set[str]] = set()


def plant(town: Town) -> None:
    """An open consultation with a few comments, behind the addresses of every part; a draft, a rule, two notices."""
    cast = town.cast
    with writing() as session:
        session.add(ProcedureRule(code="youko", content=make.RULE.to_json(), edited_at=clock.now()))
    opened = make.make_consultation(cast, State.DRAFT, slug="plan")
    attach(town, opened)
    make.open_now(opened, cast)
    make.comment(opened, ["最終バスを遅くしてください。停留所に屋根もほしいです。", "予約が電話だけだと使えません。"])
    draft = make.make_consultation(cast, State.DRAFT, slug="draft-plan")
    attach(town, draft)
    revision = make.revision_of(draft.id)
    drafting.save_draft(draft.id, f"{make.PLAN}\nもう1文。", "", revision, actor(cast.editor), clock.now())
    town.put("/consultations/ /staff/consultations/", slug=opened.slug)
    town.put("/consultations/<slug>/files/ /staff/consultations/<slug>/files/", number=1)
    town.put("/staff/consultations/<slug>/attachments/", number=1)
    town.put("/staff/consultations/<slug>/draft/", number=1)
    town.put("/staff/consultations/<slug>/draft/<int:number>/restore", slug=draft.slug, number=1)
    town.put("/staff/consultations/rules/", code="youko")
    town.put("/staff/consultations/not-held/ /consultations/not-held/", slug=no_procedure(town, opened, "words"))
    no_procedure(town, opened, "words-draft", published=False)


def attach(town: Town, consultation: Consultation) -> None:
    """A PDF beside the draft."""
    received = attaching.receive_pdf(BytesIO(PDF))
    revision = make.revision_of(consultation.id)
    attaching.add_attachment(
        consultation.id, received, "map.pdf", text("路線図"), revision, actor(town.cast.editor), clock.now()
    )


def no_procedure(town: Town, consultation: Consultation, slug: str, *, published: bool = True) -> str:
    """A notice of a plan without a procedure."""
    content = NotHeld(
        title={
            "ja": f"字句の整理 {slug}",
            "ja-easy": f"{{言葉/ことば}}を {{直/なお}}す {slug}",
            "en": f"Mended words {slug}",
        },
        aim=text("字句を整えます。"),
        basis=text("地方自治法 第228条"),
        rule=make.RULE,
        exemption="minor",
        reason=text("内容が変わらないためです。"),
        contact=text("企画課"),
    )
    made = notices.create_notice(slug, consultation.project_id, content, actor(town.cast.editor))
    if published:
        notices.publish_notice(made, 1, actor(town.cast.approver), clock.now())
    return slug
