"""Every form page of the product by hand: who opens it, its button, right values, and a wrong value for each field.

A `Sheet` whose page needs steps before it names them in `before`: pages whose forms are filled in and sent on the way.
"""

from typing import Final

from civic.identity import actions
from tests.cast import PASSWORD
from tests.surveys.test_answering_forms import RIGHT as EVERY_ANSWER
from tests.surveys.test_answering_forms import WRONG as WRONG_ANSWERS
from tests.walks.consultations import (
    answering,
    collecting,
    commenting,
    desk,
    drafting,
    publishing,
    votes_casting,
    votes_conducting,
)
from tests.walks.sheet import LONG, Sheet, Step, file, texts, too_long
from tests.walks.town import Town


def reset_link(town: Town) -> str:
    """The page behind a mailed link for a new password."""
    with town.app.app_context():
        return f"/links/{actions.forgot_password(town.cast.resident.login)}"


def sign_up_link(town: Town) -> str:
    with town.app.app_context():
        return f"/links/{actions.register_resident('new@example.jp')}"


def second_factor(login: str) -> Step:
    return "/sign-in", "ログインする", {"login": login, "password": PASSWORD}


ACCOUNTS: Final = {
    "sign in": Sheet(
        "/sign-in", "/sign-in", "anonymous", "ログインする",
        {"login": "resident@example.jp", "password": "not the password"},
        [("login", ""), ("login", None), ("password", ""), ("password", None), ("password", "wrong"), ("password", LONG)],
    ),
    "sign in, second step": Sheet(
        "/sign-in", "/sign-in", "anonymous", "ログインする", {"code": "000000"},
        [("code", ""), ("code", "000000"), ("code", "abc"), ("code", LONG)], [second_factor("editor")],
    ),
    "sign up": Sheet(
        "/sign-up", "/sign-up", "anonymous", "メールを受け取る", {"email": "new@example.jp"},
        [("email", ""), ("email", None), ("email", "example.jp"), ("email", "a b@example.jp"), ("email", "@"), ("email", LONG)],
    ),
    "forgotten password": Sheet(
        "/password", "/password", "anonymous", "メールを受け取る", {"login": "resident@example.jp"},
        [("login", ""), ("login", None)],
    ),
    "change of password": Sheet(
        "/password", "/password", "resident", "パスワードを変える",
        {"password": PASSWORD, "new_password": "another four words here"},
        [("password", ""), ("password", "wrong"), ("new_password", "short"), ("new_password", None)],
    ),
    "new password": Sheet(
        "/links/<token>", reset_link, "anonymous", "このパスワードを使う", {"new_password": "another four words here"},
        [("new_password", ""), ("new_password", "short"), ("new_password", None), ("new_password", LONG)],
    ),
    "first password": Sheet(
        "/links/<token>", sign_up_link, "anonymous", "このパスワードを使う", {"new_password": "another four words here"},
        [("new_password", "new@example.jp")],
    ),
    "enrolment": Sheet(
        "/links/<token>", lambda town: town.address("/links/<token>"), "anonymous", "アカウントの設定を終える",
        {"new_password": "another four words here", "code": "000000"},
        [("new_password", "short"), ("code", ""), ("code", "000000"), ("code", "abcdef")],
    ),
    "receipt": Sheet(
        "/receipt", "/receipt", "anonymous", "調べる", {"number": "0000-0000-0000-0000"},
        [("number", ""), ("number", None), ("number", "12"), ("number", "0000-0000-0000-0000")],
    ),
    "register code": Sheet(
        "/code/<slug>", "/code/citizens", "neighbour", "次へ進む",
        {"code": "AAAA-AAAA-AAAA", "birth_date.year": "昭和55", "birth_date.month": "4", "birth_date.day": "1", "link": "y"},
        [("code", ""), ("code", None), ("birth_date.year", "いつか"), ("birth_date.month", "13"), ("birth_date.day", "31")],
    ),
    "new mail address": Sheet(
        "/me/address", "/me/address", "resident", "メールを受け取る",
        {"email": "other@example.jp", "password": PASSWORD},
        [("email", ""), ("email", "example.jp"), ("password", ""), ("password", "wrong")],
    ),
    "deletion of the account": Sheet(
        "/me/delete", "/me/delete", "resident", "アカウントを消す", {"password": PASSWORD},
        [("password", ""), ("password", None), ("password", "wrong")],
    ),
}  # fmt: skip
ADMINISTRATION: Final = {
    "department": Sheet(
        "/admin/departments", "/admin/departments", "admin", "追加する",
        {"code": "welfare", "name_ja": "福祉課", "name_easy": "{福祉課/ふくしか}", "name_en": "Welfare"},
        [("code", ""), ("code", "Welfare!"), ("code", "planning"), ("name_ja", ""), ("name_ja", None), *too_long("name")],
    ),
    "roles": Sheet(
        "/admin/staff/<staff_id>", lambda town: town.address("/admin/staff/<staff_id>"), "admin", "役割を変える",
        {"roles": ["approver:1"], "ends_on": "2030-03-31"},
        [("roles", None), ("roles", ["editor:99"]), ("roles", ["mayor:"]), ("ends_on", "明日"), ("ends_on", "2030-02-30")],
    ),
    "invitation": Sheet(
        "/admin/staff/invite", "/admin/staff/invite", "admin", "招待する",
        {"login": "sato", "name": "佐藤", "email": "sato@example.jp", "roles": ["editor:1"], "ends_on": "2030-03-31"},
        [
            ("login", ""), ("login", "a b"), ("login", "editor"), ("name", ""), ("name", LONG), ("email", "sato"),
            ("roles", None), ("ends_on", "2030-13-01"),
        ],
    ),
}  # fmt: skip
SETTINGS: Final = {
    **texts("title", "題"), **texts("summary"), **texts("background"), **texts("eligibility"), **texts("other_ways"),
    **texts("purpose"), **texts("use_of_result"), **texts("contact"), "minutes": "7",
    "starts_at": "2030-01-01T09:00", "ends_at": "2030-02-01T17:00", "subject": "nobody", "register_id": "0",
    "once": "any", "channels": ["web", "paper"], "retention_until": "2032-03-31", "confidentiality": "named",
    "answer_due": "2030-06-30", "results_show": "live",
}  # fmt: skip
ACTIVITIES: Final = {
    "settings": Sheet(
        "/staff/activities/<slug>/settings", "/staff/activities/draft/settings", "editor", "設定を保存する", SETTINGS,
        [
            ("title_ja", ""), ("summary_ja", None), ("minutes", "五分"), ("minutes", "0"),
            ("minutes", "1" * 20_000), ("starts_at", "あす"), ("ends_at", "2029-12-31T17:00"), ("ends_at", "2030-02-30T17:00"),
            ("subject", "everybody"), ("subject", None), ("once", "once"), ("once", "twice"), ("channels", ["web", "pigeon"]),
            ("retention_until", "2032-02-30"), ("confidentiality", "open"), ("answer_due", "夏"), ("results_show", None),
            *too_long("title", "summary", "background", "eligibility", "other_ways", "purpose", "use_of_result", "contact"),
        ],
    ),
    "register of the settings": Sheet(
        "/staff/activities/<slug>/settings", "/staff/activities/draft/settings", "editor", "設定を保存する",
        {**SETTINGS, "subject": "register", "register_id": "1", "once": "once"},
        [("register_id", "0"), ("register_id", "99"), ("register_id", "x"), ("register_id", "9" * 30)],
    ),
    "contact": Sheet(
        "/staff/activities/<slug>/contact", "/staff/activities/open/contact", "editor", "設定を保存する",
        {**texts("contact"), **texts("other_ways"), "answer_due": "2030-06-30"},
        [("contact_ja", ""), ("answer_due", "2030-02-30"), *too_long("contact", "other_ways")],
    ),
    "note": Sheet(
        "/staff/activities/<slug>/send-back", "/staff/activities/handed-in/send-back", "approver", "差し戻す",
        {"note": "直してください。"}, [("note", ""), ("note", None), ("note", LONG)],
    ),
    "extension": Sheet(
        "/staff/activities/<slug>/extend", "/staff/activities/shade/extend", "editor", "申し出る",
        {**texts("reason"), "new_end": "2030-01-01T09:00"},
        [("new_end", ""), ("new_end", "2020-01-01T09:00"), ("new_end", "あす"), ("reason_ja", ""), *too_long("reason")],
    ),
    "stop": Sheet(
        "/staff/activities/<slug>/stop", "/staff/activities/shade/stop", "editor", "申し出る",
        texts("reason"), [("reason_ja", ""), ("reason_ja", None), *too_long("reason")],
    ),
    "withdrawal": Sheet(
        "/staff/activities/<slug>/withdraw", "/staff/activities/shade/withdraw", "approver", "取り下げる",
        texts("reason"), [("reason_ja", ""), ("reason_ja", " "), *too_long("reason")],
    ),
    "taking one back": Sheet(
        "/staff/activities/<slug>/take-back", "/staff/activities/open/take-back", "editor", "取り下げる",
        {"number": "0000-0000-0000-0000", "reason": "本人の申し出"},
        [("number", ""), ("number", "0000-0000-0000-0000"), ("number", LONG), ("reason", ""), ("reason", LONG)],
    ),
    "answer": Sheet(
        "/staff/activities/<slug>/answer", "/staff/activities/closed/answer", "editor", "保存する",
        texts("answer"), [("answer_ja", ""), ("answer_ja", None), *too_long("answer")],
    ),
    "close": Sheet(
        "/staff/activities/<slug>/close", "/staff/activities/open/close", "editor", "締め切る", {"typed": "0000"},
        [("typed", ""), ("typed", None), ("typed", "0000"), ("typed", LONG)],
    ),
    "publication of the answer": Sheet(
        "/staff/activities/<slug>/publish", "/staff/activities/closed/publish", "approver", "市の回答を公開する",
        {"typed": "0000"}, [("typed", ""), ("typed", "0000")],
    ),
    "conflict": Sheet(
        "/staff/activities/<slug>/conflicts/<receipt>",
        lambda town: town.address("/staff/activities/<slug>/conflicts/<receipt>"), "editor", "申し出る",
        {"count_new": "no", "reason": "紙が先でした。"},
        [("count_new", None), ("count_new", "maybe"), ("reason", ""), ("reason", LONG)],
    ),
    "new project": Sheet(
        "/staff/projects/new", "/staff/projects/new", "editor", "取組を保存する",
        {**texts("title", "題"), **texts("summary"), "slug": "new-project", "department_id": "1"},
        [
            ("title_ja", ""), ("summary_ja", ""), ("slug", ""), ("slug", "New Project"), ("slug", "a" * 61),
            ("slug", "project-open"), ("department_id", "99"), ("department_id", "x"), *too_long("title", "summary"),
        ],
    ),
    "project": Sheet(
        "/staff/projects/<slug>", "/staff/projects/project-open", "editor", "取組を保存する",
        {**texts("title", "題"), **texts("summary")}, [("title_ja", ""), ("summary_ja", ""), *too_long("title", "summary")],
    ),
}  # fmt: skip
QUESTION: Final = "/staff/surveys/<slug>/questionnaire/questions/<code>"
SECTION: Final = "/staff/surveys/<slug>/questionnaire/sections/<code>"
OPENED: Final = frozenset({"type", "required", "min", "max", "join"})
EDITING: Final = {
    "new survey": Sheet(
        "/staff/surveys/new", "/staff/surveys/new", "editor", "アンケートを作る",
        {"project": "1", **texts("title", "題"), "slug": "benches", **texts("summary")},
        [
            ("project", "99"), ("project", "x"), ("title_ja", ""), ("summary_ja", ""), ("slug", ""), ("slug", "Benches"),
            ("slug", "open"), *too_long("title", "summary"),
        ],
    ),
    "copy": Sheet(
        "/staff/surveys/<slug>/copy", "/staff/surveys/open/copy", "editor", "複製を作る",
        {**texts("title", "題"), "slug": "again"},
        [("title_ja", ""), ("slug", ""), ("slug", "open"), ("slug", "次"), *too_long("title")],
    ),
    "question": Sheet(
        QUESTION, "/staff/surveys/draft/questionnaire?question=age", "editor", "問1を保存する",
        {**texts("text", "問"), **texts("help"), "type": "number", "required": "yes", "min": "0", "max": "12"},
        [
            ("type", "riddle"), ("required", "perhaps"), ("min", "ゼロ"), ("max", "十二"), ("max", "NaN"),
            *too_long("text", "help"),
        ],
    ),
    "question with options": Sheet(
        QUESTION, "/staff/surveys/draft/questionnaire?question=place", "editor", "問2を保存する",
        {**texts("text", "問")},
        [("options-0-ja", LONG), ("options-1-easy", LONG), ("options-2-en", LONG)],
    ),
    "question after the opening": Sheet(
        QUESTION, "/staff/surveys/open/questionnaire?question=place", "editor", "問2を保存する",
        {**texts("text", "問"), "note": "言葉を直しました。"},
        [("note", ""), ("note", None), ("note", LONG), ("options-0-ja", LONG), *too_long("text", "help")],
        loose=OPENED,
    ),
    "section": Sheet(
        SECTION, "/staff/surveys/draft/questionnaire?section=place", "editor", "区分を保存する",
        {"ja": "場所", "easy": "ばしょ", "en": "Place"}, [("ja", LONG), ("easy", LONG), ("en", LONG)],
    ),
    "section after the opening": Sheet(
        SECTION, "/staff/surveys/open/questionnaire?section=place", "editor", "区分を保存する",
        {"ja": "場所", "easy": "ばしょ", "en": "Place", "note": "言葉を直しました。"}, [("note", ""), ("ja", LONG)],
    ),
    "file": Sheet(
        "/staff/surveys/<slug>/collect", "/staff/surveys/once/collect", "editor", "ファイルを取り込む",
        {"file": file("answers.csv", b"enough\nyes\n"), "channel": "paper", "key": "番号"},
        [
            ("file", None), ("file", file("answers.exe", b"MZ")), ("channel", None), ("channel", "pigeon"), ("key", LONG),
            ("column_map", file("map.csv", b"{}")), ("column_map", file("map.json", b"{")),
        ],
    ),
}  # fmt: skip
ANSWERING: Final = {
    "answers": Sheet(
        "/surveys/<slug>/answer", "/surveys/everything/answer?section=1", "anonymous", "次へ進む", EVERY_ANSWER,
        [pair for _story, change, _control in WRONG_ANSWERS if len(change) == 1 for pair in change.items()],
    ),
    "answers on trial": Sheet(
        "/staff/surveys/<slug>/trial", "/staff/surveys/draft/trial", "editor", "次へ進む", {"age": "5"},
        [("age", "五歳"), ("age", "-1"), ("age", "9" * 20_000)],
    ),
    "check": Sheet(
        "/surveys/<slug>/answer", "/surveys/shade/answer?section=check", "anonymous", "この内容で回答を送る",
        {"email": "a@example.jp"},
        [("email", "example.jp"), ("email", LONG)],
        [("/surveys/shade/answer?section=1", "次へ進む", {"enough": "yes"})],
    ),
    "mailed receipt": Sheet(
        "/surveys/<slug>/done", "/surveys/shade/done", "anonymous", "控えをメールで受け取る", {"email": "a@example.jp"},
        [("email", ""), ("email", "example.jp"), ("email", LONG)],
        [
            ("/surveys/shade/answer?section=1", "次へ進む", {"enough": "yes"}),
            ("/surveys/shade/answer?section=check", "この内容で回答を送る", {}),
        ],
    ),
    "resumption": Sheet(
        "/surveys/<slug>/resume", "/surveys/open/resume", "anonymous", "回答を続ける", {"resume_code": "AAAA-AAAA"},
        [("resume_code", ""), ("resume_code", None), ("resume_code", "AAAA-AAAA"), ("resume_code", LONG)],
    ),
    "paper form": Sheet(
        "/staff/surveys/<slug>/collect/form", "/staff/surveys/once/collect/form", "editor", "この調査票を保存する",
        {"enough": "yes"}, [("enough", "perhaps")],
    ),
}  # fmt: skip
DESK: Final = "/staff/analysis/closed/message"
REPORT: Final = "/staff/reports/report"
UNDERSTANDING: Final = {
    "run": Sheet(
        "/staff/analysis/<slug>/<question>/runs", DESK, "analyst", "分析する", {"language": "ja", "topics": "5", "seed": "3"},
        [
            ("language", "fr"), ("topics", "一つ"), ("topics", "1"), ("topics", "9" * 30), ("seed", "x"), ("seed", "-1"),
            ("seed", "9" * 30),
        ],
    ),
    "topic": Sheet(
        "/staff/analysis/<slug>/<question>/runs/<number>/topics/<topic>", DESK, "analyst", "名前を保存する",
        {"label": "日かげ"}, [("label", ""), ("label", None), ("label", LONG)],
    ),
    "masks": Sheet(
        "/staff/analysis/<slug>/<question>/masks", "/staff/analysis/open/message/masks", "moderator", "この3件を確認済みにする",
        {"choice.survey:open:1": "hide", "reason.survey:open:1": "名前", "choice.survey:open:3": "later"},
        [("phrase.survey:open:2", "この文にない言葉")],
    ),
    "new report": Sheet(
        "/staff/reports/new", "/staff/reports/new", "analyst", "下書きを作る",
        {"activities": ["{closed}"], **texts("title", "題"), "slug": "second-report"},
        [
            ("activities", None), ("activities", ["99999"]), ("activities", ["x"]), ("title_ja", ""), ("slug", ""),
            ("slug", "報告"), ("slug", "report"), *too_long("title"),
        ],
    ),
    "words of a report": Sheet(
        "/staff/reports/<slug>/texts", REPORT, "analyst", "文を保存する",
        {**texts("title", "題"), **texts("lead"), **texts("limits")}, [("title_ja", ""), *too_long("title", "lead", "limits")],
    ),
    "sentence": Sheet(
        "/staff/reports/<slug>/sentences", REPORT, "analyst", "文を足す",
        {**texts("sentence"), "sources": "survey:closed:13"},
        [("sentence_ja", ""), ("sources", ""), ("sources", "survey:closed:99999"), ("sources", LONG), *too_long("sentence")],
    ),
    "publication of a report": Sheet(
        "/staff/reports/<slug>/publish", f"{REPORT}/publish", "approver", "公表する", {"embargo_until": "2030-01-01T09:00"},
        [("embargo_until", "あす"), ("embargo_until", "2030-02-30T09:00")],
    ),
}  # fmt: skip
CONSULTATIONS: Final = (drafting, commenting, collecting, desk, answering, publishing, votes_casting, votes_conducting)
SHEETS: Final = {
    **ACCOUNTS,
    **ADMINISTRATION,
    **ACTIVITIES,
    **EDITING,
    **ANSWERING,
    **UNDERSTANDING,
    **{name: sheet for part in CONSULTATIONS for name, sheet in part.SHEETS.items()},
}
BUTTONS: Final = "only buttons: nothing is typed"
EXCUSED: Final = {
    "/sign-out": BUTTONS,
    "/admin/staff/<staff_id>/new-link": BUTTONS,
    "/admin/staff/<staff_id>/reinstate": BUTTONS,
    "/admin/staff/<staff_id>/suspend": BUTTONS,
    "/staff/activities/<slug>/approve": BUTTONS,
    "/staff/activities/<slug>/submit": BUTTONS,
    "/staff/activities/<slug>/delete": BUTTONS,
    "/staff/activities/<slug>/period/<change_id>": BUTTONS,
    "/staff/activities/<slug>/conflicts/<receipt>/decide": BUTTONS,
    "/staff/analysis/<slug>/<question>/runs/<number>/cancel": BUTTONS,
    "/staff/reports/<slug>/newest": BUTTONS,
    "/staff/reports/<slug>/send-back": BUTTONS,
    "/staff/reports/<slug>/sentences/<number>": BUTTONS,
    "/staff/reports/<slug>/submit": BUTTONS,
    "/staff/surveys/<slug>/check": BUTTONS,
    "/staff/surveys/<slug>/collect/imports/<number>": "boxes of the page's own rows: others are left alone",
    "/staff/surveys/<slug>/questionnaire": BUTTONS,
    "/staff/surveys/<slug>/questionnaire/undo": BUTTONS,
    **{rule: reason for part in CONSULTATIONS for rule, reason in part.EXCUSED.items()},
}
