"""Sentences from elsewhere: which numbers and quotes are accepted, and which reason stands beside the others."""

import pytest

from analysis.evidence import Facts, Fault, Sentence, Source, Table, ask, judged, verify
from analysis.evidence.amounts import read_amounts
from analysis.evidence.figures import Count, Share
from analysis.evidence.numerals import number
from tests.analysis.town import COMMENTS, FACTS, TABLES

SHARE = {"claim": "share", "topic": "1"}  # 3 of 6 that were written
CHANGE = {"claim": "change", "cell": "不満", "before": "前回の満足度", "after": "満足度"}  # 12 and 9 of 40


def reasons(sentence, sources=("a", "b", "c"), claims=(SHARE,), facts=FACTS):
    (found,) = judged([{"sentence": sentence, "sources": list(sources), "claims": list(claims)}], facts)
    assert found.supported == (verify([found.sentence], facts) == [])
    return [(failure.fault, failure.reason) for failure in found.failures]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1,204", 1204), ("3.5", 3.5), ("百二十三", 123), ("二〇", 20), ("千", 1000), ("一万二千三百", 12300), ("1万2千", 12000),
        ("3億", 3 * 10**8), ("五百", 500), ("5百", 500), ("弐拾", 20), ("twenty-five", 25), ("two hundred and five", 205),
        ("nineteen", 19), ("two thousand three hundred", 2300), ("1,23", None), ("十二十", None), ("二三百", None),
        ("万億", None), ("one two", None), ("fifteen five", None), ("1二", None), ("02", None), ("0", 0), ("0.5", 0.5),
    ],
)  # fmt: skip
def test_numerals_are_read_as_people_write_them(written, meant):
    assert number(written) == meant


@pytest.mark.parametrize(
    "sentence",
    [
        "3件の意見が席を求めています。",
        "３件が席を求めています。",
        "三件が席を求めています。",
        "{3件/さんけん}の {意見/いけん}です。",
        "2人が書きました。",
        "書かれた6件のうち3件です。",
        "半数です。",
        "約半数です。",
        "5割です。",
        "約5割です。",
        "50%です。",
        "50.0%です。",
        "2人に1人の割合です。",
        "2分の1です。",
        "半数以上です。",
        "3件以上です。",
        "約3件です。",
        "十分な席がほしいという声です。",
        "Three comments ask for seats.",
        "Two people wrote 3 of the 6 comments.",
        "Half of the comments say so.",
        "One in two, that is 50 per cent.",
        "At least 3 comments say so, the residents’ own words.",
        "「図書館の席が足りません」と「満席」という声です。",
        "They say “自習席がいつも満席です。” and '図書館の話'.",
    ],
)
def test_what_follows_from_sources_and_claims_is_supported(sentence):
    assert reasons(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "4件の意見が席を求めています。", "３０件です。", "三十件です。", "3人が書きました。", "6割です。", "51%です。",
        "50.1%です。", "過半数です。", "ほとんどです。", "全員です。", "3人に1人です。", "3分の1です。", "4件以上です。",
        "2件以上です。", "3件未満です。", "3件を超えます。", "5割強です。", "3件弱です。", "約4件です。", "2〜3件です。",
        "3年前からです。", "20時までです。", "2倍です。", "③件です。", "Ⅲ件です。", "٣件です。", "1,23件です。",
        "十2件です。", "多くの意見です。", "意見が多いです。", "多数です。", "一部です。", "数件です。", "数十件です。",
        "最も多い意見です。", "誰も困っていません。", "複数です。", "三国駅の話です。", "十分間待ちます。",
        "ふたりです。", "10ポイント増えました。", "Four comments ask for seats.", "Most ask for seats.",
        "Many ask for seats.", "All of them do.", "Twice.", "The third comment.", "More than half.", "Several comments.",
        "Dozens do.", "A third of them.", "3 wishes", "Tenfold.",
        "A couple of them.", "廿件です。", "ゼロです。", "さんじゅっけんです。", "皆が困っています。", "満場一致です。",
        "過半です。", "3\u200b0件です。", "50 ‰", "-3件です。", "−3件です。", "03件です。", "唯一の意見です。", "市民の総意です。",
        "要望が相次いでいます。",
    ],
)  # fmt: skip
def test_what_follows_from_nothing_is_not(sentence):
    found = reasons(sentence)
    assert {fault for fault, _ in found} == {Fault.UNSUPPORTED_NUMBER}
    assert all(reason.endswith(".") for _, reason in found)


@pytest.mark.parametrize(
    ("sentence", "fault", "reason"),
    [
        (
            "「席が足りない」と言います。",
            Fault.UNSUPPORTED_QUOTE,
            "No source holds these words exactly: “席が足りない”.",
        ),
        (
            "「除雪が遅い。」と言います。",
            Fault.UNSUPPORTED_QUOTE,
            "No source holds these words exactly: “除雪が遅い。”.",
        ),
        ("“自習席は…満席” とのこと。", Fault.UNSUPPORTED_QUOTE, "No source holds"),
        ("「佐藤さんの図書館」とのこと。", Fault.MASKED, "It quotes masked text: “佐藤さんの図書館”."),
        ("佐藤さんの話です。", Fault.MASKED, "It tells what is masked in its source c."),
        ("｢席が足りない｣と言います。", Fault.UNSUPPORTED_QUOTE, "No source holds"),
        ("〈席が足りない〉と言います。", Fault.UNSUPPORTED_QUOTE, "No source holds"),
        ("《席が足りない》と言います。", Fault.UNSUPPORTED_QUOTE, "No source holds"),
        ("席が足りない｣", Fault.MALFORMED, "｣ closes a quotation that nothing opens."),
        ("「席が足りません", Fault.MALFORMED, "「 opens a quotation that nothing closes."),
        ("席が足りません」", Fault.MALFORMED, "」 closes a quotation that nothing opens."),
        ("「」", Fault.MALFORMED, "A quotation is empty."),
        ("{9件/三件}の意見", Fault.MALFORMED, "Braces are for furigana only"),
        ("  ", Fault.MALFORMED, "A stated sentence has words"),
    ],
)
def test_a_quote_must_stand_in_a_named_source_outside_its_masks(sentence, fault, reason):
    found = reasons(sentence)
    assert [one for one, _ in found] == [fault]
    assert found[0][1].startswith(reason)


def test_a_number_in_a_quotation_is_the_authors_own():
    facts = Facts({"x": Source("20時まで開けて", (), "1")})
    assert reasons("「20時まで」という声です。", ["x"], [], facts) == []
    assert reasons("20時までという声です。", ["x"], [], facts) != []


@pytest.mark.parametrize("quoted", ["30", "30件", "30件の", "3割", "半数", "多くの", "most", "三十"])
def test_a_quotation_cannot_smuggle_an_amount_in(quoted):
    facts = Facts({"x": Source("30件の書類と半数の窓、3割の時間、多くの紙、most, 三十年", (), "1")})
    assert [fault for fault, _ in reasons(f"意見は「{quoted}」です。", ["x"], [], facts)] == [Fault.UNSUPPORTED_QUOTE]
    assert reasons("「30件の書類」と言います。", ["x"], [], facts) == []


def test_points_must_go_the_right_way():
    tables = ["前回の満足度", "満足度"]
    assert reasons("不満は30.0%から22.5%へ7.5ポイント減りました。", tables, [CHANGE]) == []
    assert reasons("It fell by 7.5 percentage points.", tables, [CHANGE]) == []
    rise = {**CHANGE, "cell": "満足"}  # 20 and 30 of 40
    assert reasons("満足は25.0ポイント増えました。", tables, [rise]) == []
    assert reasons("満足は約23ポイント増えました。", tables, [rise]) == []
    for wrong in ("満足は50.0ポイント増えました。", "満足は25.0ポイント減りました。", "満足は約22ポイント増えました。"):
        assert [fault for fault, _ in reasons(wrong, tables, [rise])] == [Fault.UNSUPPORTED_NUMBER]
    for wrong in (
        "7.5ポイント増えました。",
        "7.6ポイント減りました。",
        "差は7.5ポイントです。",
        "増えたか減ったか、7.5ポイントです。",
    ):
        assert [fault for fault, _ in reasons(wrong, tables, [CHANGE])] == [Fault.UNSUPPORTED_NUMBER]


def test_people_are_counted_in_tables_and_comments_are_not_people():
    claim = {"claim": "count", "table": "満足度", "cell": "満足"}
    assert reasons("満足と答えた人は30人です。", ["満足度"], [claim]) == []
    assert reasons("満足と答えたのは30件です。", ["満足度"], [claim]) != []


def test_suppressed_figures_support_nothing():
    claim = {"claim": "count", "table": "年代", "cell": "10代"}
    found = reasons("若い人も答えました。", ["年代"], [claim])
    assert found == [(Fault.NO_FIGURE, "The number of 10代 in table 年代 is suppressed.")]


@pytest.mark.parametrize("limit", [0, 49, 50, 51, 100])
def test_words_for_shares_stand_for_what_they_mean(limit):
    share = [Share(limit, 100)]
    holding = {
        word for word in ("過半数", "半数以上", "半数", "約半数", "全員") if next(read_amounts(word)).follows(share)
    }
    meant = {
        "過半数": limit > 50,
        "半数以上": limit >= 50,
        "半数": limit == 50,
        "約半数": 45 <= limit <= 55,
        "全員": limit == 100,
    }
    assert holding == {word for word, holds in meant.items() if holds}


def test_about_is_five_in_a_hundred_for_counts_and_five_points_for_tenths():
    about = [next(read_amounts(text)) for text in ("約100件", "約3割", "3割弱", "3割強")]
    counts = [number for number in range(80, 121) if about[0].follows([Count(number, "comments")])]
    shares = [[part for part in range(101) if one.follows([Share(part, 100)])] for one in about[1:]]
    assert (counts[0], counts[-1]) == (95, 105)
    assert [(found[0], found[-1]) for found in shares] == [(25, 35), (25, 29), (31, 35)]


def test_whatever_a_model_answers_is_judged_and_nothing_hidden_is_sent_to_it():
    sent = []

    def writer(texts):
        sent.append(dict(texts))
        return [
            {"sentence": "2件が席を求めています。", "sources": ["a", "b"]},
            {"sentence": "5件が席を求めています。", "sources": ["a", "b"]},
            {"sentence": "出典のない文です。"},
            "ただの文",
            {"sentence": "別の話題です。", "sources": ["zzz"]},
        ]

    found = ask(writer, "1", FACTS)
    assert sent == [{"a": COMMENTS["a"].text, "b": COMMENTS["b"].text, "c": "■■さんの図書館の話が楽しい。"}]
    assert [one.supported for one in found] == [True, False, False, False, False]
    assert [one.failures[0].fault for one in found[1:]] == [
        Fault.UNSUPPORTED_NUMBER, Fault.MALFORMED, Fault.MALFORMED, Fault.MISSING_SOURCE,
    ]  # fmt: skip
    assert [failure.index for one in found for failure in one.failures] == [1, 2, 3, 4]


def test_a_model_may_be_asked_with_tables_beside_the_comments():
    claims = [{"claim": "count", "table": "満足度", "cell": "満足"}]
    said = {"sentence": "満足は30人です。", "sources": ["満足度"], "claims": claims}
    for found in (judged([said], COMMENTS, TABLES), ask(lambda texts: [said], "1", COMMENTS, TABLES)):
        assert [one.supported for one in found] == [True]
    assert [one.supported for one in judged([said], COMMENTS)] == [False]
    for malformed in ({}, "count", ["count"], 3):
        [one] = judged([{**said, "claims": malformed}], COMMENTS, TABLES)
        assert one.failures[0].fault is Fault.MALFORMED


def test_every_reason_against_a_sentence_is_named():
    found = reasons("4件のうち「無い言葉」や多くの意見があります。")
    assert [fault for fault, _ in found] == [
        Fault.UNSUPPORTED_QUOTE, Fault.UNSUPPORTED_NUMBER, Fault.UNSUPPORTED_NUMBER,
    ]  # fmt: skip


def test_a_statement_may_rest_on_tables_and_comments_at_once():
    facts = Facts(COMMENTS, {**TABLES, "席": Table({"足りない": 31}, 40)})
    claim = {"claim": "share", "table": "席", "cell": "足りない"}
    text = "席が足りないと答えた人は31人(77.5%)で、「自習席がいつも満席」という声もあります。"
    assert reasons(text, ["席", "b"], [claim], facts) == []
    assert verify([Sentence(text, "stated", ("b",), claims=(claim,))], facts)[0].fault == Fault.OTHER_SOURCES
