"""Lies, each found by one rule of `verify`; and `verify` without that rule, which lets the lie pass."""

import inspect
import sys
from dataclasses import replace
from types import ModuleType

import pytest

from analysis.evidence import Facts, Fault, NoFigure, Source, checking, claims, computed, quote, stating, verify
from tests.analysis.town import COMMENTS, FACTS, QUOTE, SENTENCES, STATED, TABLES

FALSE = {
    "a quote one character off": replace(QUOTE, sentence="自習席を増やしてほしい。"),
    "a quote of another comment": replace(QUOTE, sources=("b",), spans=(("b", 0, 13),)),
    "a quote of nobody": replace(QUOTE, sources=("nobody",), spans=(("nobody", 12, 25),)),
    "a quote whose source is not its span's": replace(QUOTE, sources=("b",)),
    "a quote counted from the end": replace(QUOTE, spans=(("a", -13, 25),)),
    "a quote of a name under a mask": quote("c", COMMENTS["c"].text, (0, 5)),
    "a quote with a query beside": replace(QUOTE, query={"claim": "count", "topic": "9"}),
    "a quote with further spans": replace(QUOTE, spans=(*QUOTE.spans, ("d", 0, 99))),
    "a stored number": replace(SENTENCES[1], sentence="この話題の意見は4件です。", wordings=None),
    "a wording in another language": replace(SENTENCES[1], wordings={**SENTENCES[1].wordings, "en": "All of them."}),
    "a claim without one of its sources": replace(SENTENCES[1], sources=("a", "b")),
    "a claim of a source that is gone": replace(SENTENCES[1], sources=("a", "b", "gone")),
    "a claim that nobody knows": replace(SENTENCES[1], query={"claim": "mood", "topic": "1"}),
    "a query with a field too many": replace(SENTENCES[1], query={**SENTENCES[1].query, "except": "b"}),
    "a query with a parameter to no effect": replace(SENTENCES[1], query={**SENTENCES[1].query, "parts": ["9"]}),
    "a claim that rests on nothing": computed({"claim": "count", "topic": "9"}, FACTS, "ja"),
    "a figure that is suppressed": replace(
        SENTENCES[7], query={"claim": "count", "table": "年代", "cell": "10代"}, sources=("年代",)
    ),
    "a claim with a span beside": replace(SENTENCES[1], spans=(("nobody", 0, 9),)),
    "a kind of its own": replace(QUOTE, kind="true"),
    "a statement without a source": replace(STATED, sentence="席を望む声です。", sources=()),
    "a statement of a source that is gone": replace(STATED, sentence="席を望む声です。", sources=("a", "gone")),
    "a statement that counts a source twice": replace(STATED, sentence="4件", sources=("a", "b", "c", "c")),
    "a statement with a wrong number": replace(STATED, sentence="4件の意見がありました。"),
    "a statement with a wrong quote": replace(STATED, sentence="「自習席がいつも空いている」と言います。"),
    "a statement that quotes an amount": replace(STATED, sentence="意見は「10」です。", sources=("f",)),
    "a statement that quotes a mask": replace(STATED, sentence="「佐藤さんの図書館」が好まれます。"),
    "a statement that tells what a mask hides": replace(STATED, sentence="佐藤さんの話が楽しいそうです。"),
    "a statement whose claim is false": replace(STATED, sentence="9件", claims=({"claim": "mood", "topic": "1"},)),
    "a statement with a claim of other comments": replace(
        STATED, sentence="2件", sources=("a",), claims=({"claim": "count", "topic": "2", "parts": ["3"]},)
    ),
    "a statement with a loose claim": replace(
        STATED, sentence="3件", claims=({"claim": "count", "topic": "1", "parts": ["9"]},)
    ),
    "a statement with a quote left open": replace(STATED, sentence="「自習席が空いている。"),
    "a statement with a number in braces": replace(STATED, sentence="{意見/9件}がありました。"),
    "a statement with a wording of its own": replace(STATED, wordings={"en": "9 comments"}),
}


@pytest.mark.parametrize("lie", FALSE)
def test_a_lie_is_found(lie):
    assert [failure.index for failure in verify([QUOTE, FALSE[lie]], FACTS)] == [1]


BROKEN = {
    "skips the words of a quote": (
        checking,
        "source.text[start:end] != sentence.sentence",
        "False",
        "a quote one character off",
    ),
    "lets a quote of nobody pass": (
        checking,
        'return Fault.MISSING_SOURCE, f"Its source {comment_id} is missing."',
        "return None",
        "a quote of nobody",
    ),
    "does not hold the source against the span": (
        checking,
        "sentence.sources != (comment_id,)",
        "False",
        "a quote whose source is not its span's",
    ),
    "lets a span count from the end": (
        checking,
        "not 0 <= start < end <= len(source.text)",
        "False",
        "a quote counted from the end",
    ),
    "shows what is masked": (
        checking,
        "any(start < mask_end and mask_start < end for mask_start, mask_end in source.masks)",
        "False",
        "a quote of a name under a mask",
    ),
    "takes a query beside a quote": (
        checking,
        "sentence.query is not None or sentence.wordings",
        "sentence.wordings",
        "a quote with a query beside",
    ),
    "looks at the first span only": (
        checking,
        "len(sentence.spans) != 1",
        "not sentence.spans",
        "a quote with further spans",
    ),
    "trusts the stored number": (checking, "sentence.sentence not in wordings.values() or", "", "a stored number"),
    "trusts the other wordings": (
        checking,
        "or sentence.wordings not in (None, wordings)",
        "",
        "a wording in another language",
    ),
    "ignores which sources a claim has": (
        checking,
        "sentence.sources != again.sources and sorted(sentence.sources) != sorted(again.sources)",
        "False",
        "a claim without one of its sources",
    ),
    "takes any spelling of a query": (
        checking,
        "if query != again.query:",
        "if False:",
        "a query with a parameter to no effect",
    ),
    "lets a claim rest on nothing": (checking, "if not again.sources:", "if False:", "a claim that rests on nothing"),
    "lets a claim without a figure pass": (
        checking,
        "return Fault.NO_FIGURE, str(reason)",
        "return None",
        "a figure that is suppressed",
    ),
    "lets a claim nobody knows pass": (
        checking,
        'return Fault.UNKNOWN_CLAIM, "Its query is no known claim with all it needs and nothing more."',
        "return None",
        "a claim that nobody knows",
    ),
    "takes spans beside a claim": (
        checking,
        "query is None or sentence.spans or sentence.claims",
        "query is None",
        "a claim with a span beside",
    ),
    "waves other kinds through": (
        checking,
        'return Fault.MALFORMED, f"There is no kind of sentence {sentence.kind}."',
        "return None",
        "a kind of its own",
    ),
    "needs no source": (stating, "if not sentence.sources:", "if False:", "a statement without a source"),
    "does not look for the sources": (
        stating,
        "if one not in facts)",
        "if False)",
        "a statement of a source that is gone",
    ),
    "counts a source twice": (
        stating,
        "len(set(sentence.sources)) < len(sentence.sources)",
        "False",
        "a statement that counts a source twice",
    ),
    "reads no number": (stating, "if not amount.follows(figures):", "if False:", "a statement with a wrong number"),
    "reads no quote": (
        stating,
        "yield from (fault for words in quoted if (fault := _quote_fault(words, comments)))",
        "yield from ()",
        "a statement with a wrong quote",
    ),
    "takes an amount for a quote": (
        stating,
        "if only_an_amount(words):",
        "if False:",
        "a statement that quotes an amount",
    ),
    "finds quotes under masks": (
        stating,
        'words in covered(source, "\\0") for',
        "words in source.text for",
        "a statement that quotes a mask",
    ),
    "lets a masked name be told": (
        stating,
        "if any(len(words) > 1 and words in folded for words in hidden):",
        "if False:",
        "a statement that tells what a mask hides",
    ),
    "lets a claim stand on other comments": (
        stating,
        "not set(again.sources) <= set(sentence.sources)",
        "False",
        "a statement with a claim of other comments",
    ),
    "takes any spelling of a claim": (
        stating,
        "if again.query != claim:",
        "if False:",
        "a statement with a loose claim",
    ),
    "takes wordings nobody reads": (
        stating,
        "or sentence.wordings is not None",
        "",
        "a statement with a wording of its own",
    ),
    "lets an unreadable sentence pass": (
        stating,
        "yield Fault.MALFORMED, str(error)",
        "pass",
        "a statement with a quote left open",
    ),
}


def broken(module: ModuleType, rule: str, without: str):
    """`verify` with one rule of a module taken out of its source."""
    source = inspect.getsource(module)
    assert source.count(rule) == 1, rule
    copy = ModuleType(module.__name__)
    exec(compile(source.replace(rule, without), module.__name__, "exec"), copy.__dict__)
    if module is checking:
        return copy.verify
    return lambda summary, facts: [one for one in summary if copy.why_statement_fails(one, facts)]


@pytest.mark.parametrize("name", BROKEN)
def test_a_verifier_without_one_rule_is_caught_by_a_lie(name):
    """The lie passes the broken verifier, so that the test of that lie fails; true sentences say nothing of the rule."""
    module, rule, without, lie = BROKEN[name]
    without_rule = broken(module, rule, without)
    assert without_rule([FALSE[lie]], FACTS) == []
    assert verify([FALSE[lie]], FACTS) != []


def test_every_rule_that_names_a_fault_has_a_variant_without_it():
    """A fault that no broken variant lets pass would be a rule nobody tests."""
    faults = {verify([FALSE[lie]], FACTS)[0].fault for _, _, _, lie in BROKEN.values()}
    assert faults == set(Fault) - {Fault.OTHER_TOPIC}  # which only a whole run can have


def test_a_suppressed_count_and_a_table_that_is_no_table_are_refused():
    with pytest.raises(NoFigure, match="suppressed"):
        computed({"claim": "top", "table": "年代", "n": 1}, FACTS, "ja")
    with pytest.raises(ValueError, match="16 of 15 people"):
        replace(TABLES["年代"], counts={"20代": 16})
    with pytest.raises(ValueError, match="id of a comment and of a table"):
        Facts(COMMENTS, {"a": TABLES["年代"]})


CLAIMS_BROKEN = {
    "counts empty comments as written": (
        "facts.written[None]",
        "len(facts.comments)",
        {"claim": "share", "topic": "1"},
    ),
    "forgets the parts of a topic": (
        '{query["topic"], *query.get("parts", ())}',
        '{query["topic"]}',
        {"claim": "share", "topic": "2", "parts": ["3"]},
    ),
    "makes an order among equals": (
        "count >= counts[min(n, len(counts)) - 1]",
        "count > counts[min(n, len(counts) - 1)]",
        {"claim": "top", "topic": "1", "words": ["図書館", "自習席", "満席"], "n": 1},
    ),
    "counts a change from the wrong wave": (
        "facts.written[wave]) for wave",
        "facts.written[None]) for wave",
        {"claim": "change", "topic": "1", "before": "2024", "after": "2025"},
    ),
    "says more for fewer": (
        "difference > 0",
        "difference < 0",
        {"claim": "comparison", "topic": "1", "than": {"topic": "2"}},
    ),
}
TRUE = {
    "share": {
        "1": "この話題の意見は3件で、書かれた意見6件の50.0%にあたります。",
        "2": "この話題の意見は2件で、書かれた意見6件の33.3%にあたります。",
    },
    "top": {"1": "よく書かれた言葉は「図書館」(2件)、「自習席」(2件)です。"},
    "change": {
        "1": "書かれた意見に占めるこの話題の割合は、「2024」が50.0%(2件のうち1件)、「2025」が50.0%(4件のうち2件)で、"
        "0.1ポイントの位まで同じです。"
    },
    "comparison": {"1": "この話題の意見は3件で、話題2の1件より2件多くなっています。"},
}


@pytest.mark.parametrize("name", CLAIMS_BROKEN)
def test_a_claim_worked_out_wrongly_is_not_the_sentence_counted_by_hand(name, monkeypatch):
    rule, without, query = CLAIMS_BROKEN[name]
    by_hand = TRUE[query["claim"]][query["topic"]]
    assert computed(query, FACTS, "ja").sentence == by_hand
    source = inspect.getsource(claims)
    assert source.count(rule) == 1, rule
    copy = ModuleType("analysis.evidence.claims")
    monkeypatch.setitem(sys.modules, copy.__name__, copy)  # where its dataclasses look for their own module
    exec(compile(source.replace(rule, without), copy.__name__, "exec"), copy.__dict__)
    assert copy.computed(query, FACTS, "ja").sentence != by_hand


def test_a_comment_without_an_author_says_nothing_of_people():
    comments = {**COMMENTS, "b": Source("自習席がいつも満席です。", (), "1")}
    assert verify([STATED], Facts(comments))[0].fault == Fault.UNSUPPORTED_NUMBER
