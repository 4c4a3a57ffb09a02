"""A small town's comments and tables for checks of evidence, one sentence of every kind, and what can be changed in them."""

import copy

from hypothesis import strategies as st

from analysis.evidence import Facts, Sentence, Source, Table, computed, quote

COMMENTS = {
    "a": Source("図書館の席が足りません。自習席を増やしてください。", (), "1", "A", "2024"),
    "b": Source("自習席がいつも満席です。", (), "1", "B", "2025"),
    "c": Source("佐藤さんの図書館の話が楽しい。", ((0, 2),), "1", "A", "2025"),
    "d": Source("除雪が遅い。", (), "2", "D", "2024"),
    "e": Source("歩道の除雪も頼みたい。", (), "3", "E", "2025"),
    "f": Source("10年前から、なし。", (), None, "F", "2025"),
    "g": Source("  ", (), None, "G", "2025"),
}
TABLES = {
    "満足度": Table({"満足": 30, "不満": 9, "わからない": 1, "その他": 0}, 40),
    "前回の満足度": Table({"満足": 20, "不満": 12, "わからない": 8}, 40),
    "年代": Table({"10代": None, "20代": 12}, 15),
}
FACTS = Facts(COMMENTS, TABLES)

QUERIES = (
    {"claim": "count", "topic": "1"},
    {"claim": "share", "topic": "2", "parts": ["3"]},
    {"claim": "comparison", "topic": "1", "than": {"topic": "2", "parts": ["3"]}},
    {"claim": "comparison", "topic": "2", "than": {"topic": "3"}},
    {"claim": "top", "topic": "1", "words": ["図書館", "自習席"], "n": 2},
    {"claim": "change", "topic": "1", "before": "2024", "after": "2025"},
    {"claim": "count", "table": "満足度", "cell": "満足"},
    {"claim": "share", "table": "満足度", "cell": "わからない"},
    {"claim": "comparison", "table": "満足度", "cell": "不満", "than": "満足"},
    {"claim": "top", "table": "満足度", "n": 2},
    {"claim": "change", "cell": "不満", "before": "前回の満足度", "after": "満足度"},
)
QUOTE = quote("a", COMMENTS["a"].text, (12, 25))
SENTENCES = (QUOTE, *(computed(query, FACTS, "ja") for query in QUERIES))

STATED = Sentence(
    "3件の意見のうち「自習席がいつも満席」など2人の声がありました。", "stated", ("a", "b", "c"), claims=()
)


def leaves(value, path=()):
    """Every place in a query that holds a string or a number."""
    if isinstance(value, dict):
        return [leaf for name, item in value.items() for leaf in leaves(item, (*path, name))]
    if isinstance(value, list):
        return [leaf for place, item in enumerate(value) for leaf in leaves(item, (*path, place))]
    return [path]


def at(value, path):
    for step in path:
        value = value[step]
    return value


def with_other(query, path, other):
    """The query with something else at one place."""
    changed = copy.deepcopy(dict(query))
    at(changed, path[:-1])[path[-1]] = other
    return changed


@st.composite
def towns(draw):
    """Facts of 4 to 12 comments in up to four topics and two waves, with masks, and two tables of one question."""
    words = st.lists(st.sampled_from(["駅", "前", "が", "暗い", "雪", "。", "x", "７", "é"]), max_size=8).map("".join)
    comments = {}
    for number in range(draw(st.integers(4, 12))):
        topic = str(number + 1) if number < 4 else draw(st.sampled_from(["1", "2", "3", "4", None]))
        text = draw(words)
        masks = ((0, 1),) if text and draw(st.booleans()) else ()
        wave = str(number) if number < 2 else draw(st.sampled_from(["0", "1"]))
        comments[f"c{number}"] = Source(text if number >= 2 else f"駅前が{text}", masks, topic, None, wave)
    cells = st.dictionaries(st.sampled_from(["良", "悪", "他"]), st.integers(0, 9), min_size=3)
    return Facts(comments, {name: Table(draw(cells), draw(st.integers(9, 12))) for name in ("表", "裏")})


@st.composite
def queries(draw):
    """A query of any form about the towns above."""
    topic, than, *parts = draw(st.permutations(["1", "2", "3", "4"]))
    before, after = draw(st.permutations(["0", "1"]))
    table, other = draw(st.permutations(["表", "裏"]))
    cell, second = draw(st.sampled_from([("良", "悪"), ("他", "良")]))
    about = {"topic": topic} | ({"parts": parts} if draw(st.booleans()) else {})
    return draw(
        st.sampled_from(
            [
                {"claim": "count", **about},
                {"claim": "share", **about},
                {"claim": "comparison", **about, "than": {"topic": than}},
                {"claim": "top", **about, "words": ["駅", "暗い", "雪", "駅前"], "n": draw(st.integers(1, 3))},
                {"claim": "change", **about, "before": before, "after": after},
                {"claim": "count", "table": table, "cell": cell},
                {"claim": "share", "table": table, "cell": cell},
                {"claim": "comparison", "table": table, "cell": cell, "than": second},
                {"claim": "top", "table": table, "n": draw(st.integers(1, 3))},
                {"claim": "change", "cell": cell, "before": table, "after": other},
            ]
        )
    )
