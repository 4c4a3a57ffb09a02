"""Personal data is found; what only looks like it is left alone. All persons, numbers and addresses are invented."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.masking import find_masks, is_my_number
from analysis.text import normalise
from analysis.tokens import tokeniser

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


@given(st.lists(st.sampled_from([line for line, _, _ in PERSONAL] + HARMLESS), max_size=4).map("、".join), st.text())
def test_masks_are_ordered_spans_inside_the_text(start, end):
    text = start + end
    found = masks(text)
    places = [place for mask in found for place in mask.span]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)
