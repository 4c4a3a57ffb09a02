"""A run as a whole: nothing lost, nothing invented, every word of it traceable."""

import json
import random
import unicodedata
from collections import Counter
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis.arrangement
import analysis.topics
from analysis.evidence import Source, verify
from analysis.lexicon import lexicon
from analysis.output import document, to_json
from analysis.text import Comment
from analysis.topics import analyse
from tests.analysis.comments import ENGLISH, JAPANESE

SCHEMA = json.loads(Path(analysis.topics.__file__).with_name("topics.schema.json").read_text("utf-8"))


def numbered(texts):
    return [Comment(str(number), text) for number, text in enumerate(texts, start=1)]


def evidence_of(run, comments):
    """What `verify` needs, rebuilt from the published run and the comments alone."""
    topics = {each.id: each.topic for each in run.assignments}
    masks = {comment_id: tuple(mask.span for mask in found) for comment_id, found in run.masks.items()}
    return {each.id: Source(each.text, masks.get(each.id, ()), topics[each.id]) for each in comments}


@pytest.fixture(scope="module")
def comments():
    return numbered([*JAPANESE, "図書館の佐藤さんに電話（0776-00-1234）で聞きました。自習席を増やしてください。"])


@pytest.fixture(scope="module")
def run(comments):
    return analyse(comments, "ja", seed=1)


def test_every_comment_is_placed_once_and_in_the_order_it_came(run, comments):
    assert [each.id for each in run.assignments] == [each.id for each in comments]
    for each in run.assignments:
        assert (each.topic is None) == (each.place == "unassigned")


def test_the_sizes_of_the_topics_are_the_numbers_of_comments_assigned_to_them(run):
    assert Counter(each.topic for each in run.assignments if each.topic) == {
        topic.id: topic.size for topic in run.topics
    }


def test_texts_that_say_nothing_belong_to_no_topic(run, comments):
    silent = {each.id for each in comments if each.text in {"なし", "特になし", "。。。"}}
    assert {each.id for each in run.assignments if each.place == "unassigned"} == silent


def test_each_planted_subject_is_the_first_word_of_a_topic(run):
    words = {word for topic in run.topics for word in topic.keywords[:3]}
    assert {"図書館", "保育園", "除雪", "ごみ"} <= words


def test_topics_come_by_falling_size_with_the_residual_last(run):
    topics = [topic for topic in run.topics if not topic.residual]
    assert [topic.id for topic in run.topics] == [str(number) for number in range(1, len(run.topics) + 1)]
    assert topics == list(run.topics[: len(topics)])
    assert [topic.size for topic in topics] == sorted((topic.size for topic in topics), reverse=True)


def test_no_two_topics_share_a_label_and_no_keyword_is_a_stop_word_or_a_number(run):
    labels = [topic.label for topic in run.topics]
    assert len(set(labels)) == len(labels)
    for topic in run.topics:
        for word in topic.keywords:
            assert not lexicon("ja").stops(word)
            assert len(word) > 1
            assert not any(unicodedata.category(character)[0] == "N" for character in word)


def test_every_sentence_of_every_summary_holds(run, comments):
    evidence = evidence_of(run, comments)
    assert any(sentence.kind == "quote" for topic in run.topics for sentence in topic.summary)
    for topic in run.topics:
        assert verify(topic.summary, evidence) == []


def test_a_quote_stands_in_its_comment_and_outside_every_mask(run, comments):
    texts = {each.id: each.text for each in comments}
    masked = {comment_id: [mask.span for mask in found] for comment_id, found in run.masks.items()}
    assert masked
    for topic in run.topics:
        for sentence in topic.summary:
            for comment_id, start, end in sentence.spans:
                assert texts[comment_id][start:end] == sentence.sentence
                assert not any(start < last and first < end for first, last in masked.get(comment_id, []))


def test_the_residual_has_no_summary_and_no_representative():
    run = analyse(numbered(JAPANESE), "ja", topics=3, seed=2)
    for topic in run.topics:
        if topic.residual:
            assert topic.label == lexicon("ja").residual_label
            assert topic.summary == topic.representatives == ()


def test_the_output_is_valid_by_its_schema_and_has_at_most_six_decimals(run):
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(to_json(run)))
    numbers = []
    json.loads(to_json(run), parse_float=numbers.append)
    assert all("e" in number or len(number.split(".")[1]) <= 6 for number in numbers)


def test_the_schema_refuses_an_unassigned_comment_with_a_topic(run):
    broken = document(run)
    broken["assignments"][0] |= {"place": "unassigned", "topic": "1"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, SCHEMA)


def test_the_order_of_the_comments_changes_nothing_but_the_order_of_the_assignments(run, comments):
    shuffled = random.Random(7).sample(comments, len(comments))
    again, once = document(analyse(shuffled, "ja", seed=1)), document(run)
    for found in (again, once):
        found["assignments"].sort(key=lambda each: each["id"])
    assert again == once


def test_copies_are_counted_and_folded():
    comments = numbered([*JAPANESE, *["保育園の定員を増やしてください"] * 9])
    run = analyse(comments, "ja")
    copies = next(each for each in run.duplicates if len(each.members) == 10)
    places = {each.id: (each.topic, each.place) for each in run.assignments}
    assert len({places[member] for member in copies.members}) == 1
    assert run.documents == len(comments)
    assert run.distinct == analyse(numbered(JAPANESE), "ja").distinct


@pytest.mark.parametrize(
    "texts", [[], ["図書館の席を増やしてほしい。"], ["同じ意見です図書館"] * 5, ["", " ", "\n"], ["なし", "…", "123"]]
)
def test_nothing_to_group_gives_no_topic(texts):
    run = analyse(numbered(texts), "ja")
    assert run.topics == ()
    assert [(each.topic, each.place) for each in run.assignments] == [(None, "unassigned")] * len(texts)
    jsonschema.validate(json.loads(to_json(run)), SCHEMA)


def test_two_different_texts_are_enough_to_run():
    run = analyse(numbered(["図書館の席を増やしてほしい。", "雪を捨てる場所がない。"]), "ja")
    assert len(run.assignments) == 2
    jsonschema.validate(json.loads(to_json(run)), SCHEMA)


def test_english_comments_are_grouped_too():
    comments = numbered(ENGLISH)
    run = analyse(comments, "en", topics=3)
    words = {word for topic in run.topics for keyword in topic.keywords for word in keyword.split()}
    assert {"library", "pool"} <= words
    assert {"The", "the", "is", "none"}.isdisjoint(words)
    for topic in run.topics:
        assert verify(topic.summary, evidence_of(run, comments)) == []


def test_large_topics_are_split_once_more_and_parts_name_their_topic(monkeypatch, comments):
    monkeypatch.setattr("analysis.arrangement.TWO_LEVELS_FROM", 10)
    monkeypatch.setattr("analysis.arrangement._SPLIT_FROM", 8)
    run = analyse(comments, "ja", seed=1)
    parts = [topic for topic in run.topics if topic.parent]
    assert parts
    whole = {topic.id: topic for topic in run.topics}
    for topic in parts:
        assert whole[topic.parent].parent is None
        assert whole[topic.parent].size >= sum(each.size for each in parts if each.parent == topic.parent)
    evidence = evidence_of(run, comments)
    for topic in run.topics:
        assert verify(topic.summary, evidence) == []
    jsonschema.validate(json.loads(to_json(run)), SCHEMA)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(JAPANESE), st.text(max_size=30)), max_size=12))
def test_any_texts_are_all_accounted_for(texts):
    run = analyse(numbered(texts), "ja", topics=2)
    assert [each.id for each in run.assignments] == [str(number) for number in range(1, len(texts) + 1)]
    jsonschema.validate(json.loads(to_json(run)), SCHEMA)
    for topic in run.topics:
        assert verify(topic.summary, evidence_of(run, numbered(texts))) == []


def test_progress_counts_every_clustering_and_resample_and_never_goes_back(comments):
    told = []
    analyse(comments, "ja", seed=1, progress=lambda done, total, step: told.append((done, total, step)))
    assert [done for done, _, _ in told] == list(range(1, len(told) + 1))
    assert Counter(step for _, _, step in told) == {"read": 1, "cluster": 100, "resample": 8, "done": 1}
    assert {total for _, total, step in told if step != "read"} == {len(told)}


def test_progress_of_two_levels_and_of_nothing_to_group_ends_at_its_total(monkeypatch, comments):
    told = []
    analyse(numbered(["", "なし"]), "ja", progress=lambda done, total, step: told.append((done, total)))
    assert told[-1][0] == told[-1][1]
    monkeypatch.setattr("analysis.arrangement.TWO_LEVELS_FROM", 10)
    monkeypatch.setattr("analysis.arrangement._SPLIT_FROM", 8)
    analyse(comments, "ja", seed=1, progress=lambda done, total, step: told.append((done, total)))
    assert told[-1][0] == told[-1][1]
    assert all(done <= total for done, total in told)


def test_every_keyword_and_every_part_of_a_label_stands_in_some_text(run, comments):
    texts = [each.text for each in comments]
    printed = [word for topic in run.topics for word in topic.keywords]
    printed += [part for topic in run.topics if not topic.residual for part in topic.label.split(lexicon("ja").joiner)]
    assert printed
    for word in printed:
        assert any(word in text for text in texts), word


def test_a_dictionary_form_nobody_wrote_and_letters_nobody_wrote_small_are_not_printed():
    waiting = [
        f"B級グルメの店で{place}待たされました。" for place in ("昼に", "夜に", "朝に", "雨の中", "寒い中", "子どもと")
    ]
    run = analyse(numbered([*JAPANESE, *waiting]), "ja", topics=6, seed=1)
    words = {word for topic in run.topics for word in topic.keywords}
    assert "B級グルメ" in words
    assert not words & {"待たす", "待たせる", "b級グルメ"}


def test_representatives_come_from_the_core_of_their_topic(run):
    placed = {each.id: each for each in run.assignments}
    for topic in run.topics:
        assert topic.residual or topic.representatives
        for ref in topic.representatives:
            assert (placed[ref].topic, placed[ref].place) == (topic.id, "core")


def test_a_minority_opinion_is_in_no_core_and_has_none_of_its_topics_leading_words(run, comments):
    texts = {each.id: each.text for each in comments}
    placed = {each.id: each for each in run.assignments}
    leading = {topic.id: topic.keywords[:3] for topic in run.topics}
    for ref in run.minority:
        assert placed[ref].place != "core"
        assert not any(word in texts[ref] for word in leading.get(placed[ref].topic, ()))


def test_comments_that_share_no_word_are_no_topic(monkeypatch):
    parking = [f"駐車場が満車で{place}に停められません" for place in "朝昼夜雨雪春夏秋冬駅"]
    buses = [f"バスの本数が少なく{place}に帰れません" for place in "朝昼夜雨雪春夏秋冬駅"]
    rare = ["世界観", "癒し", "車中泊", "うめ", "蛍", "ジャム", "リニューアル", "刺繍", "竹林", "鍛冶", "弓道", "陶芸"]
    comments = numbered([*parking, *buses, *rare])

    def nameless():
        return [
            topic for topic in analyse(comments, "ja", topics=3).topics if not topic.residual and not topic.keywords
        ]

    assert nameless() == []
    monkeypatch.setattr(analysis.arrangement, "_share_a_word", lambda corpus, rows: True)
    assert nameless() != []


@pytest.mark.parametrize("topics", [2, 5, 12])
def test_of_every_topic_three_tenths_at_least_are_core(topics):
    found = analyse(numbered([*JAPANESE, *ENGLISH]), "ja", topics=topics, seed=topics)
    for topic in found.topics:
        places = [each.place for each in found.assignments if each.topic == topic.id]
        assert topic.residual or places.count("core") >= 0.3 * len(places)
