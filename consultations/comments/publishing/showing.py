"""How outcomes, decisions and channels are worded for readers, and small rules of how a result is shown. Pure."""

from collections.abc import Mapping
from typing import Final

from civic.activities.states import Channel
from civic.messages import N_, Message
from consultations.comments.stages import Decision, Outcome, Stance

ALL: Final = Message(N_("All"))
OUTCOMES: Final[Mapping[str, str]] = {
    Outcome.ADOPTED: N_("Adopted"),
    Outcome.PARTLY: N_("Adopted in part"),
    Outcome.ALREADY: N_("In the plan already"),
    Outcome.LATER: N_("For later reference"),
    Outcome.NOT_ADOPTED: N_("Not taken up"),
    Outcome.OUTSIDE: N_("Outside the plan"),
}
"""反映区分 as one short word, for tables, tags and chips."""

LOOKS: Final[Mapping[str, str]] = {
    Outcome.ADOPTED: "answered",
    Outcome.PARTLY: "soon",
    Outcome.ALREADY: "",
    Outcome.LATER: "",
    Outcome.NOT_ADOPTED: "closed",
    Outcome.OUTSIDE: "closed",
}
SYMBOLS: Final[Mapping[str, str]] = {
    Outcome.ADOPTED: "check",
    Outcome.PARTLY: "check",
    Outcome.ALREADY: "doc",
    Outcome.LATER: "clock",
    Outcome.NOT_ADOPTED: "closed",
    Outcome.OUTSIDE: "closed",
}
DECISIONS: Final[Mapping[str, str]] = {
    Decision.UNCHANGED: N_("Decided as proposed"),
    Decision.CHANGED: N_("Decided with changes"),
    Decision.DROPPED: N_("The city does not make this plan"),
    Decision.ANEW: N_("The city asks again with a new draft"),
}
EXPLAINED: Final[Mapping[str, str]] = {
    Decision.UNCHANGED: N_("The city decided the plan as it stood in the draft."),
    Decision.CHANGED: N_("The city changed the draft and decided the plan."),
    Decision.DROPPED: N_("The city decided not to make this plan. The answers to all opinions stand below."),
    Decision.ANEW: N_("The city writes the draft again and asks everybody again. The answers stand below."),
}
CORRECTED: Final[Mapping[str, str]] = {
    "title": N_("Title of the result"),
    "answer": N_("The city's answer as a whole"),
    "reason": N_("Reason of the decision"),
    "short_reason": N_("Why the period is shorter than the rule's"),
    "basis": N_("Legal basis of the plan"),
    "eligibility": N_("Who could comment"),
    "contact": N_("Whom to ask"),
    "rule": N_("Rule of the procedure"),
    "change": N_("Reason of a change of the period (%(number)s)"),
    "category": N_("Group of people who could comment (%(number)s)"),
    "attachment": N_("Title of an attachment (%(number)s)"),
}
"""What an erratum may correct of a result as a whole."""

CORRECTED_OF_ANSWER: Final[Mapping[str, str]] = {
    "title": N_("Title of the answer"),
    "gist": N_("Gist of the opinions"),
    "answer": N_("The city's answer"),
    "outcome": N_("Outcome"),
}


def what_is(name: str, of_answer: bool) -> Message:
    """The words an erratum corrects, in words: `change_2` is the reason of the second change of the period."""
    if of_answer:
        return Message(CORRECTED_OF_ANSWER[name])
    stem, _, number = name.partition("_")
    if number.isdigit():
        return Message(CORRECTED[stem], {"number": number})
    return Message(CORRECTED[name])


WORDS_IN_FILES: Final[Mapping[str, str]] = {
    "title": "標題", "answer": "全体への市の考え方", "reason": "決定の理由", "short_reason": "期間が短い理由",
    "basis": "根拠法令", "eligibility": "意見を出せる人", "contact": "問い合わせ先", "rule": "手続の根拠",
    "change": "期間の変更の理由", "category": "意見を出せる人の区分", "attachment": "資料の名前",
}  # fmt: skip
OF_ANSWER_IN_FILES: Final[Mapping[str, str]] = {
    "title": "見出し", "gist": "要旨", "answer": "市の考え方", "outcome": "反映区分",
}  # fmt: skip
"""The same as data, in Japanese: columns of files."""


def what_in_files(name: str, of_answer: bool) -> str:
    stem, _, number = name.partition("_")
    if of_answer:
        return OF_ANSWER_IN_FILES[name]
    return f"{WORDS_IN_FILES[stem]} {number}" if number.isdigit() else WORDS_IN_FILES[name]


STATES: Final[Mapping[str, str]] = {
    "withdrawn": N_("This comment was taken back."),
    "replaced": N_("The same person wrote again. The later comment counts instead of this one."),
    "hidden": N_("This comment is not shown, because it would harm the rights of other people."),
    "unconfirmed": N_("This comment is being checked for personal data."),
    "missing": N_("This comment is not kept any more."),
}

OUTCOME_TEXTS: Final[Mapping[Outcome, Mapping[str, str]]] = {
    Outcome.ADOPTED: {"ja": "反映", "ja-easy": "{計画/けいかく}を {直/なお}しました", "en": "Adopted"},
    Outcome.PARTLY: {"ja": "一部反映", "ja-easy": "{一部/いちぶ}を {直/なお}しました", "en": "Adopted in part"},
    Outcome.ALREADY: {
        "ja": "既に記載", "ja-easy": "もう {計画/けいかく}に {書/か}いてあります", "en": "In the plan already",
    },
    Outcome.LATER: {"ja": "今後の参考", "ja-easy": "これからの {参考/さんこう}にします", "en": "For later reference"},
    Outcome.NOT_ADOPTED: {"ja": "反映しない", "ja-easy": "{計画/けいかく}を {直/なお}しません", "en": "Not taken up"},
    Outcome.OUTSIDE: {"ja": "対象外", "ja-easy": "この {計画/けいかく}のことでは ありません", "en": "Outside the plan"},
}  # fmt: skip
"""The same as data: captions of open data and reports, columns of files."""

STANCE_TEXTS: Final[Mapping[Stance, Mapping[str, str]]] = {
    Stance.AGREE: {"ja": "このままでよい", "ja-easy": "このままで いい", "en": "Good as it is"},
    Stance.CHANGE: {"ja": "直してほしい", "ja-easy": "{直/なお}してほしい", "en": "Should be changed"},
    Stance.OPPOSE: {"ja": "反対", "ja-easy": "{反対/はんたい}", "en": "Against it"},
}
CHANNEL_TEXTS: Final[Mapping[Channel, Mapping[str, str]]] = {
    Channel.WEB: {"ja": "ウェブ", "ja-easy": "インターネット", "en": "Web"},
    Channel.KIOSK: {"ja": "窓口端末", "ja-easy": "{窓口/まどぐち}の {機械/きかい}", "en": "Terminal at the counter"},
    Channel.COUNTER: {"ja": "窓口", "ja-easy": "{窓口/まどぐち}", "en": "Counter"},
    Channel.PAPER: {"ja": "紙", "ja-easy": "{紙/かみ}", "en": "Paper form"},
    Channel.POST: {"ja": "郵送", "ja-easy": "{郵便/ゆうびん}", "en": "Post"},
    Channel.MAIL: {"ja": "電子メール", "ja-easy": "メール", "en": "E-mail"},
    Channel.FAX: {"ja": "ファクス", "ja-easy": "ファクス", "en": "Fax"},
    Channel.PHONE: {"ja": "電話", "ja-easy": "{電話/でんわ}", "en": "Telephone"},
    Channel.MEETING: {"ja": "説明会など", "ja-easy": "{集/あつ}まり", "en": "Meeting"},
    Channel.IMPORT: {"ja": "ファイル取り込み", "ja-easy": "ファイル", "en": "Imported file"},
}
