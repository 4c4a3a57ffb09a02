"""Personal data is found; what only looks like it is left alone. All persons, numbers and addresses are invented."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.masking import check_digit, find_masks, hidden, is_my_number, masks_of
from analysis.text import normalise
from analysis.tokens import tokeniser
from benchmarks.masking import GOALS, MOST_FALSE, false_flags, ours, recall
from benchmarks.personal import LISTS, clean, planted

PERSONAL = [
    ("連絡は taro.wakaba@example.jp までお願いします。", "mail", "taro.wakaba@example.jp"),
    ("メール：hanako_m＠example.co.jp です", "mail", "hanako_m＠example.co.jp"),
    ("taro(at)example.jp に返事をください", "mail", "taro(at)example.jp"),
    ("携帯は090-0000-5678です。", "phone", "090-0000-5678"),
    ("電話０９９９－００－１２３４に折り返しください", "phone", "０９９９－００－１２３４"),
    ("TEL:0999(00)1234", "phone", "0999(00)1234"),
    ("09000005678に電話をください。", "phone", "09000005678"),
    ("連絡先 080 0000 5432（夜間）", "phone", "080 0000 5432"),
    ("私の電話番号は0999の00の1234です", "phone", "0999の00の1234"),
    ("電話：22-1234", "phone", "22-1234"),
    ("+81-90-0000-5678", "phone", "+81-90-0000-5678"),
    ("Please call me at 555-0123-456", "phone", "555-0123-456"),
    ("〒999-0001 に住んでいます", "postal_code", "999-0001"),
    ("郵便番号は9990001です", "postal_code", "9990001"),
    ("若葉市緑町3丁目17番1号に住んでいます。", "address", "若葉市緑町3丁目17番1号"),
    ("春野県若葉市緑町北4-2-15に住む者です", "address", "春野県若葉市緑町北4-2-15"),
    ("中央区桜木一丁目2番3号", "address", "中央区桜木一丁目2番3号"),
    ("若葉市府中１－１３－７", "address", "若葉市府中１－１３－７"),
    ("私の家（西町123番地4）の前", "address", "西町123番地4"),
    ("若葉市中央5番12号に住む", "address", "若葉市中央5番12号"),
    ("緑町2丁目5-6 コーポ桜203号の住人です", "address", "緑町2丁目5-6 コーポ桜203号"),
    ("若葉市緑町12-3に越してきました", "address", "若葉市緑町12-3"),
    ("I live at 12 Maple Street", "address", "12 Maple Street"),
    ("マイナンバーは 123456789018 です", "my_number", "123456789018"),
    ("個人番号1234-5678-9018を書いてしまった", "my_number", "1234-5678-9018"),
    ("昭和35年4月12日生まれの者です", "birth_date", "昭和35年4月12日"),
    ("生年月日：1975/3/8", "birth_date", "1975/3/8"),
    ("誕生日は8月3日です", "birth_date", "8月3日"),
    ("平成元年一月二日生", "birth_date", "平成元年一月二日"),
    ("I was born 3 May 1980", "birth_date", "3 May 1980"),
    ("田中さんがとても親切でした", "name", "田中"),
    ("窓口の佐々木さんに助けられました", "name", "佐々木"),
    ("山田花子と申します。", "name", "山田花子"),
    ("名前は鈴木一郎です。", "name", "鈴木一郎"),
    ("中村 健太 様に対応いただきました", "name", "中村 健太"),
    ("ゆいちゃんの保育園の件です", "name", "ゆい"),
    ("長谷川先生のおかげです", "name", "長谷川"),
    ("石川さんの説明が分かりやすい", "name", "石川"),
    ("担当の山﨑さん", "name", "山﨑"),
    ("たなかさんという職員", "name", "たなか"),
    ("隣の王さんも困っている", "name", "王"),
    ("斎藤氏の発言に賛成します", "name", "斎藤"),
    ("山本課長に相談した", "name", "山本"),
    ("さとしくんが転びました", "name", "さとし"),
    ("氏名：高橋　美咲", "name", "高橋　美咲"),
    ("ヤマダさんに聞いた", "name", "ヤマダ"),
    ("緑町三丁目の三浦といいます", "name", "三浦"),
    ("My name is Anna Brown", "name", "Anna Brown"),
    ("電話は〇九〇の一二三四の五六七八です", "phone", "〇九〇の一二三四の五六七八"),
    ("Tel.（０９２）０５７－６５９０", "phone", "（０９２）０５７－６５９０"),
    ("090・1234・5678", "phone", "090・1234・5678"),
    ("h.sato @ example.jp", "mail", "h.sato @ example.jp"),
    ("hana（アット）example.jp", "mail", "hana（アット）example.jp"),
    ("マイナンバーは1234 5678 9012", "my_number", "1234 5678 9012"),
    ("個人番号 １２３４－５６７８－９０１８", "my_number", "１２３４－５６７８－９０１８"),
    ("S35.4.12に生まれました", "birth_date", "S35.4.12"),
    ("生年月日 19750308", "birth_date", "19750308"),
    ("うちはみどり市ひばりが丘9‐24‐6です", "address", "みどり市ひばりが丘9‐24‐6"),
    ("若葉市南新田1の12の3に住む", "address", "若葉市南新田1の12の3"),
    ("桜木町二丁目三番四号コーポ桜203号の者", "address", "桜木町二丁目三番四号コーポ桜203号"),
    ("翔くんが転びました", "name", "翔"),
    ("みどりちゃんの園です", "name", "みどり"),
    ("髙橋さんに聞いた", "name", "髙橋"),
    ("原課長に相談", "name", "原"),
    ("隣のおがさわらさんも", "name", "おがさわら"),
    ("サトウ・タロウ様", "name", "サトウ・タロウ"),
    ("森と申します", "name", "森"),
    ("東です。よろしくお願いします", "name", "東"),
    ("町内会長の山田太郎です。", "name", "山田太郎"),
    ("【氏名】さとう けんた", "name", "さとう けんた"),
    ("席がない。\n緑町　阿部 莉子", "name", "阿部 莉子"),
    ("席がない。\n（富田 楓）", "name", "富田 楓"),
    ("I'm Taro SATO from Midori.", "name", "Taro SATO"),
    ("No seats.\nRegards,\nAnna Brown", "name", "Anna Brown"),
    ("Taro Satoさんに聞いた", "name", "Taro Sato"),
]

HARMLESS = """10時から17時まで開けてほしい
1-2時間待ちました
バスは1日3-4回しか来ない
2024年4月に引っ越しました
令和6年度の予算について
第3条2項に賛成です
100-200円なら払う
市内2-3か所に置いてほしい
赤ちゃんと一緒に行ける場所
店員さんが親切
お客様が多い
お母さんと来ました
おばあちゃんには階段がきつい
運転手さんが優しい
国道8号線が混む
1丁目の公園は良い
緑町3丁目の公園は広い
3番線の案内
料金は12,500円でした
2023/5/3に利用
昭和の雰囲気が好き
令和元年に開館
みなさんに知ってほしい
生ビールが飲みたい
10月生まれの割引
60歳以上は無料にしてほしい
県道21号の渋滞
8月3日の花火大会
1,000人規模の会場
5-10分おきに
市役所の3階
ワンちゃんと入れる店
神様に感謝
生徒さんの発表
奥さんも喜ぶ
ISO 9001-2015を取得
営業は9:00-17:30
2-3-4歳児クラス
お姉さん
皆様のご意見
電話がつながらない
電話10分待った
第2第4土曜日
番号123456789012は伝票です
屋根の雪下ろしを頼みたい
お医者さんが遠い
大工さんを紹介してほしい
八百屋さんがなくなった
先生が足りません
お城の殿様の話
この町一番の楽しみです
席がたくさんある
源氏物語の展示
氏神様のお祭り
保健師さんと話した
八百屋さんとパン屋さん
もっと増やすべきと申し上げます
係の方です。よろしくお願いします
林の中の道
東の駐車場が遠い
山田町の公園
1-5-9の順に回る
駅の東です
お名前は知りません
氏名の公表に反対
2番のりばが遠い""".splitlines()


def masks(text):
    normalised = normalise(text)
    return find_masks(normalised, tokeniser("ja")(normalised.text))


@pytest.mark.parametrize(("text", "kind", "hidden"), PERSONAL)
def test_personal_data_is_found_where_it_stands(text, kind, hidden):
    assert (kind, hidden) in [(mask.kind, text[slice(*mask.span)]) for mask in masks(text)]


def test_there_are_enough_lines_of_both_sorts():
    assert len(PERSONAL) >= 40
    assert len(HARMLESS) >= 40


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_is_left_alone(text):
    assert masks(text) == []


def test_a_my_number_needs_its_check_digit():
    assert is_my_number("123456789018")
    assert [last for last in "0123456789" if is_my_number("12345678901" + last)] == ["8"]


def test_several_kinds_in_one_text_are_all_found_and_do_not_overlap():
    text = "〒999-0001若葉市緑町1-2-3 田中太郎様 090-0000-5678 taro@example.jp"
    found = masks(text)
    assert [mask.kind for mask in found] == ["postal_code", "address", "name", "phone", "mail"]
    assert all(first.span[1] <= second.span[0] for first, second in pairwise(found))


def test_the_rule_that_found_it_is_named():
    text = "〒999-0001 田中さん 123456789018 090-0000-5678"
    assert [mask.rule for mask in masks_of(text)] == [
        "postal_code.marked",
        "name.honorific",
        "my_number.check_digit",
        "phone.domestic",
    ]


def test_a_comment_is_read_in_the_language_of_its_script():
    assert [mask.kind for mask in masks_of("My name is Anna Brown", "ja")] == ["name"]
    assert [mask.kind for mask in masks_of("田中さん", "en")] == ["name"]


def test_the_check_digit_is_that_of_the_ordinance():
    assert check_digit("12345678901") == "8"
    ones = [f"{10**place:011d}" for place in range(10, -1, -1)]
    assert [check_digit(digits) for digits in ones] == list("56789456789")  # 11 less the weights 6 5 4 3 2 7 6 5 4 3 2
    by_rest = ["10000000008", "10000000003", "10000000009", "10000000002"]  # 0, 1, 2 and 10 of 11
    assert [check_digit(digits) for digits in by_rest] == ["0", "0", "9", "1"]


def test_a_name_over_several_words_is_one_mask():
    assert [mask.span for mask in masks_of("鈴木　和子です。返事をください")] == [(0, 5)]


def test_control_characters_inside_do_not_stop_the_search():
    assert [mask.kind for mask in masks_of("\x00電話は090-0000-5678です\x00")] == ["phone"]


def test_a_ligature_that_holds_the_end_of_one_and_the_start_of_another_is_hidden_once():
    text = "若葉市緑町1-2-3㍿田中さん"
    spans = [mask.span for mask in masks_of(text)]
    assert all(first[1] <= second[0] for first, second in pairwise(spans))


LINES = st.lists(st.sampled_from([line for line, _, _ in PERSONAL] + HARMLESS), max_size=4).map("、".join)


@settings(max_examples=40)
@given(LINES, st.text(max_size=20))
def test_masks_are_ordered_spans_inside_the_text(start, end):
    text = start + end
    found = masks(text)
    places = [place for mask in found for place in mask.span]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)


@settings(max_examples=40)
@given(LINES, st.text(max_size=20), st.sampled_from(["ja", "en"]))
def test_hiding_changes_no_other_character(start, end, language):
    text = start + end
    found = masks_of(text)
    shown = hidden(text, found, language)
    starts, ends = [mask.span[0] for mask in found], [mask.span[1] for mask in found]
    rest = [text[first:second] for first, second in zip([0, *ends], [*starts, len(text)], strict=True)]
    place = 0
    for number, part in enumerate(rest):
        assert shown.startswith(part, place)
        place += len(part)
        if number < len(found):
            assert shown[place] == "〔"
            place = shown.index("〕", place) + 1
    assert place == len(shown)


@pytest.mark.parametrize("line", [line for line, _, _ in PERSONAL])
def test_what_is_hidden_is_not_hidden_again(line):
    shown = hidden(line, masks_of(line))
    assert hidden(shown, masks_of(shown)) == shown


@pytest.mark.parametrize(("names", "frames"), LISTS)
def test_planted_personal_data_is_found_as_often_as_promised(names, frames):
    shares = recall(planted(1, 390, names, frames), ours)
    assert all(shares[group] >= goal for group, goal in GOALS.items()), shares


def test_clean_comments_are_seldom_flagged():
    assert false_flags(clean(1, 500), ours) <= MOST_FALSE


@pytest.mark.parametrize("unit", ["1-", "市", "1丁目", "田中さん", "(0", "です", "あ"])
def test_a_very_long_text_is_searched_in_time_that_grows_with_its_length(unit):
    start = time.process_time()
    masks((unit * 20_000)[:20_000])
    assert time.process_time() - start < 5


def test_the_measure_sees_a_finder_that_finds_nothing_or_everything():
    cases = planted(1, 26)
    assert set(recall(cases, lambda text: []).values()) == {0.0}
    assert set(recall(cases, lambda text: [(0, len(text))]).values()) == {1.0}
    assert false_flags(["席"], lambda text: [(0, 1)]) == 1_000
