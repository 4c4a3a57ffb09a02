"""What the JavaScript verifier reads and computes with: canonical JSON, points, scalars, signatures, limits."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import BROWSER
from tests.browser.verifier.harness import PARTS, REPLACED, board_of, canonical, check, replacements, vector

pytestmark = BROWSER

Q = 2**252 + 27742317777372353535851937790883648493
NOT_CANONICAL = [
    r'{"a":1,"a":2}',
    r'{"b":1,"a":2}',
    r'{"a": 1}',
    r'{"a":1} ',
    r"[1.0]",
    r"[1e3]",
    r"[-1]",
    r"[-0]",
    r"[01]",
    r"[+1]",
    r"[0x1]",
    r"[NaN]",
    r"[1,]",
    r"[,1]",
    r'{"a":1,}',
    r"[tRue]",
    r"[nul]",
    r"",
    r" ",
    r"[",
    r"{",
    r'{"a"',
    r'{"a":',
    r'"',
    '"\\',
    r'["\u001F"]',
    r'["\u0041"]',
    r'["\/"]',
    r'["\u000a"]',
    r'["\u0008"]',
    r'["\ud800"]',
    r'["\udc00\ud800"]',
    r'["\x41"]',
    r"['a']",
    r"[1 ]",
    r"[1][2]",
    r"[1]//",
    r"{1:2}",
]
REASON = """(text) => { try { machikoe.parsed(text); return null; } catch (error) {
  return machikoe.isRefused(error) ? error.reason : String(error); } }"""
POINT = """(hex) => { try { return machikoe.hex(machikoe.encodedPoint(machikoe.pointOf(hex))); } catch (error) {
  return machikoe.isRefused(error) ? error.reason : String(error); } }"""
SMALL_ORDER = (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
)


@pytest.mark.parametrize(
    "text",
    ["\ufeff{}", '{"a":1}\n', '["\t"]', '{"\U0001f600":1,"\uffee":2}', *NOT_CANONICAL],
)
def test_text_that_is_not_canonical_is_refused(core: Page, text: str) -> None:
    assert core.evaluate(REASON, text) == "not_canonical"


@pytest.mark.parametrize("text", ["[9007199254740992]", "[18446744073709551616]", f"[{'9' * 400}]"])
def test_numbers_above_the_limit_are_refused(core: Page, text: str) -> None:
    assert core.evaluate(REASON, text) == "number_too_large"


def test_nesting_ends_at_sixteen(core: Page) -> None:
    assert core.evaluate(REASON, "[" * 16 + "]" * 16) is None
    assert core.evaluate(REASON, "[" * 17 + "]" * 17) == "too_deep"
    assert core.evaluate(REASON, "[" * 200_000) == "too_deep"


@pytest.mark.parametrize(
    "text",
    [
        '{"a":[0,9007199254740991,true,false,null,"\\u001f\\b\\t\\n\\f\\r\\"\\\\/\x7f\u2028"]}',
        '{"\uffee":1,"\U0001f600":2}',
        '{"__proto__":1}',
    ],
)
def test_canonical_text_is_read(core: Page, text: str) -> None:
    assert core.evaluate(REASON, text) is None


@pytest.mark.parametrize("bytes_", [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]])
def test_bytes_that_are_not_utf_8_are_refused(core: Page, bytes_: list[int]) -> None:
    board = vector("valid/open.json").encode()
    place = board.index('"市民会館'.encode())
    broken = [*board[:place], *bytes_, *board[board.index(b'"', place + 1) + 1 :]]
    verdict = core.evaluate("(bytes) => machikoe.checkBoard(new Blob([Uint8Array.from(bytes)]))", broken)
    assert (verdict["verdict"], verdict["reason"]) == ("refused", "not_utf8")


@pytest.mark.parametrize("point", [*SMALL_ORDER, PARTS["points"]["mixed_order"]])
def test_points_of_another_order_are_refused(core: Page, point: str) -> None:
    assert core.evaluate(POINT, point) in ("point_order", "point_encoding")


def test_points_of_our_order_are_read(core: Page) -> None:
    for name in ("base", "twelve"):
        assert core.evaluate(POINT, PARTS["points"][name]) == PARTS["points"][name]


def test_a_point_has_one_spelling_only(core: Page) -> None:
    prime = 2**255 - 19
    beyond = [(prime + y).to_bytes(32, "little").hex() for y in range(19)]
    signed = [(y | 1 << 255).to_bytes(32, "little").hex() for y in (1, prime - 1)]  # x = 0 with a sign
    assert {core.evaluate(POINT, text) for text in [*beyond, *signed, "02" + "00" * 31]} == {"point_encoding"}


def test_scalars_end_below_the_order(core: Page) -> None:
    read = """(hex) => { try { return String(machikoe.scalarOf(hex)); } catch (error) { return error.reason; } }"""
    texts = [number.to_bytes(32, "little").hex() for number in (0, Q - 1, Q, Q + 1, 2**256 - 1)]
    assert [core.evaluate(read, text) for text in texts] == ["0", str(Q - 1), *["scalar_range"] * 3]


def test_signatures_are_checked_without_the_cofactor_and_have_one_spelling(core: Page) -> None:
    """A signature whose first half has a small-order component passes a check with cofactor, and must not pass ours."""
    found = core.evaluate(
        """(small) => {
          const { hex, frame, encoded, scalarBytes, Q, G } = machikoe, { Point } = noble.ed25519;
          const a = 123456789n, r = 987654321n, A = G.multiply(a).toBytes();
          const sign = (first) => {
            const message = frame("machikoe.vote.1/entry", "x");
            const whole = new Uint8Array([...first, ...A, ...message]);
            const k = BigInt("0x" + hex(noble.sha512(whole).reverse())) % Q;
            return [(r + k * a) % Q, k];
          };
          const check = (first, s) => {
            const text = hex(first) + hex(Uint8Array.from({ length: 32 }, (_, i) => Number((s >> BigInt(8 * i)) & 255n)));
            return ["Chain", "Fixed"].map((way) => new machikoe.Key(hex(A), {}, machikoe[way]).signed(text, "entry", "x"));
          };
          const honest = G.multiply(r).toBytes(), mixed = G.multiply(r).add(Point.fromHex(small)).toBytes();
          const [s] = sign(honest), [t] = sign(mixed);
          const other = check(honest, (s + 1n) % Q);
          return { honest: check(honest, s), above: check(honest, s + Q), mixed: check(mixed, t), other };
        }""",
        PARTS["points"]["small_order"],
    )
    assert found == {"honest": [True] * 2, "above": [False] * 2, "mixed": [False] * 2, "other": [False] * 2}


@pytest.mark.parametrize(
    ("message", "size", "expected"),
    [
        ("", 32, "6b9a7312411d92f921c6f68ca0b6380730a1a4d982c507211a90964c394179ba"),
        ("abc", 32, "0da749f12fbe5483eb066a5f595055679b976e93abe9be6f0f6318bce7aca8dc"),
        (
            "abc",
            128,
            "7f1dddd13c08b543f2e2037b14cefb255b44c83cc397c1786d975653e36a6b11bdd7732d8b38adb4a0edc26a0cef4bb4"
            "5217135456e58fbca1703cd6032cb1347ee720b87972d63fbf232587043ed2901bce7f22610c0419751c065922b48843"
            "1851041310ad659e4b23520e1772ab29dcdeb2002222a363f0c2b1c972b3efe1",
        ),
    ],
)
def test_messages_expand_as_in_rfc_9380(core: Page, message: str, size: int, expected: str) -> None:
    """RFC 9380, K.3: expand_message_xmd with SHA-512."""
    domain = "QUUX-V01-CS02-with-expander-SHA512-256"
    found = core.evaluate(
        """([message, domain, size]) => machikoe.hex(noble.expand_message_xmd(machikoe.encoded(message), machikoe.encoded(domain),
        size, noble.sha512))""",
        [message, domain, size],
    )
    assert found == expected


def test_products_are_those_of_the_library(core: Page) -> None:
    """Our order of additions and doublings against the library's, on scalars with long runs of ones and zeros."""
    scalars = [
        1,
        2,
        3,
        7,
        8,
        15,
        16,
        255,
        256,
        Q - 1,
        Q - 2,
        Q // 2,
        2**252,
        2**252 - 1,
        int("a5" * 31, 16),
        int("f0" * 31, 16),
    ]
    wrong = core.evaluate(
        """(scalars) => { const point = machikoe.G.multiply(98765n);
        return scalars.filter((text) => { const scalar = BigInt(text), right = point.multiply(scalar);
          return [machikoe.Chain, machikoe.Fixed].some((Way) => !new Way(point).times(scalar).equals(right)); }); }""",
        [str(scalar) for scalar in scalars],
    )
    assert wrong == []


@pytest.mark.parametrize("name", ["valid/counted.json", "valid/several.json"])
def test_a_board_with_a_value_of_another_kind_is_refused_by_name(core: Page, name: str) -> None:
    board = board_of(name)
    verdicts = core.evaluate(REPLACED, [board, replacements(board, 150, seed=7)])
    assert [verdict for verdict in verdicts if verdict[0] != "refused" or verdict[1] in (None, "unexpected")] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "null",
        "\x00" * 100,
        '{"checkpoints":[',
        '{"checkpoints":[],"entries":[',
        '{"checkpoints":[{"a":"\\',
        "市" * 500,
    ],
)
def test_a_file_that_is_no_board_is_refused_by_name(core: Page, text: str) -> None:
    verdict = check(core, text)
    assert (verdict["verdict"], verdict["check"]) == ("refused", "file")
    assert verdict["reason"] in ("file_ends", "not_board")


def test_a_board_cut_off_anywhere_is_refused(core: Page) -> None:
    text = vector("valid/open.json").encode()
    cut = core.evaluate(
        """async (text) => { const verdicts = new Set(); for (let size = 0; size < text.length; size += 97)
        verdicts.add((await machikoe.checkBoard(new Blob([text.slice(0, size)]))).reason); return [...verdicts]; }""",
        text.decode(),
    )
    assert set(cut) <= {"file_ends", "not_board"}


def long_title(manifest: Any) -> None:
    manifest["title"]["ja"] = "市" * 350_000


def many_options(manifest: Any) -> None:
    option = manifest["questions"][0]["options"][0]
    manifest["questions"][0]["options"] = [{**option, "code": f"o{number:02}"} for number in range(1, 10_001)]


def long_by_one(manifest: Any) -> None:
    manifest["title"]["ja"] = "\U0001f600" * 2001


def many_voters(manifest: Any) -> None:
    manifest["register"]["count"] = 1_000_001


def many_trustees(manifest: Any) -> None:
    manifest["trustees"] = manifest["trustees"] * 4


def high_threshold(manifest: Any) -> None:
    manifest["threshold"] = len(manifest["trustees"]) + 1


@pytest.mark.parametrize("change", [long_title, many_options, long_by_one, many_voters, many_trustees, high_threshold])
def test_limits_are_kept_before_any_point_is_read(core: Page, change: Callable[[Any], None]) -> None:
    board = board_of("valid/open.json")
    board["manifest"]["key"] = "00" * 32  # would be refused as a point
    change(board["manifest"])
    verdict = check(core, canonical(board))
    assert (verdict["check"], verdict["reason"]) == ("manifest", "limit")


def not_a_day(manifest: Any) -> None:
    manifest["opens"] = "2026-02-29T00:00Z"


def ends_first(manifest: Any) -> None:
    manifest["closes"] = manifest["opens"]


def two_of_a_single(manifest: Any) -> None:
    manifest["questions"][0]["max"] = 2


def no_japanese(manifest: Any) -> None:
    del manifest["title"]["ja"]


def other_language(manifest: Any) -> None:
    manifest["title"]["fr"] = "x"


def half_a_quorum(manifest: Any) -> None:
    manifest["quorum"] = {"denominator": 1, "numerator": 2}


@pytest.mark.parametrize("change", [not_a_day, ends_first, two_of_a_single, no_japanese, other_language, half_a_quorum])
def test_rules_that_cannot_be_are_refused(core: Page, change: Callable[[Any], None]) -> None:
    board = board_of("valid/open.json")
    change(board["manifest"])
    assert check(core, canonical(board))["check"] == "manifest"


@pytest.mark.parametrize("order", [(1, 0), (0, 0)])
def test_slots_stand_in_order_and_once(core: Page, order: tuple[int, int]) -> None:
    board = board_of("valid/open.json")
    board["slots"][:2] = [board["slots"][place] for place in order]
    verdict = check(core, canonical(board))
    assert (verdict["check"], verdict["reason"]) == ("register", "not_sorted")


def test_a_lone_surrogate_is_never_written(core: Page) -> None:
    """No file can hold one, as it is no UTF-8; a value made here could."""
    write = """(unit) => { try { return machikoe.canonical("a" + String.fromCharCode(unit)); }
      catch (error) { return error.reason; } }"""
    assert [core.evaluate(write, unit) for unit in (0xD800, 0xDFFF, 0xE000)] == [
        "not_canonical",
        "not_canonical",
        '"a\ue000"',
    ]


def test_a_text_of_two_thousand_signs_is_not_too_long(core: Page) -> None:
    board = board_of("valid/open.json")
    board["manifest"]["title"]["ja"] = "\U0001f600" * 2000
    assert check(core, canonical(board))["check"] == "chain"  # the vote is another one now, and nothing else is wrong
