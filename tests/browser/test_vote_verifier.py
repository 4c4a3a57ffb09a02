"""The JavaScript verifier in a real Chromium, opened from `file:` and offline: the vectors, what must be refused, and the
page around it."""

import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import BROWSER, violations
from tests.browser.verifier import CHECK, INDEX, MUTATED, PARTS, canonical, check, mutations, opened, paper, run, vector

pytestmark = BROWSER

Q = 2**252 + 27742317777372353535851937790883648493
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


@pytest.fixture(scope="module")
def core(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One page for all that needs no eyes."""
    with opened(chromium, tmp_path_factory.mktemp("verifier")) as page:
        yield page


def board_of(name: str) -> Any:
    return json.loads(vector(name))


def stage_of(verdict: dict[str, Any]) -> str:
    """The stage in the words of the vectors' index."""
    return {"no_quorum": "closed", "too_few": "closed", "waiting": "closed"}.get(verdict["stage"], verdict["stage"])


# The vectors


@pytest.mark.parametrize("name", INDEX["valid"])
def test_a_valid_board_has_the_same_totals_here(core: Page, name: str) -> None:
    expected = INDEX["valid"][name]
    verdict = check(core, vector(name))
    assert (verdict["verdict"], verdict["vote"], stage_of(verdict)) == ("valid", expected["vote"], expected["stage"])
    assert (verdict["totals"] or []) == expected["totals"]


@pytest.mark.parametrize("name", INDEX["refused"])
def test_a_board_with_an_attack_is_refused_by_name(core: Page, name: str) -> None:
    verdict = check(core, vector(name))
    assert verdict["verdict"] == "refused"
    assert verdict["reason"] not in (None, "unexpected")
    assert verdict["totals"] is None


@pytest.mark.parametrize(
    "attack, reason",
    [
        ("a_trustee_who_does_not_know_the_key", "trustee_proof"),
        ("a_joint_key_that_somebody_knows_alone", "joint_key"),
        ("a_trustee_with_anothers_verifying_share", "trustee_share"),
    ],
)
def test_a_ceremony_with_an_attack_is_refused_for_what_it_is(core: Page, attack: str, reason: str) -> None:
    manifest = board_of(f"refused/{attack}.json")["manifest"]
    said = core.evaluate(
        """(manifest) => { const vote = machikoe.voteOf(manifest); machikoe.readKeys(vote);
        try { machikoe.checkCeremony(vote); return null; } catch (error) { return error.reason; } }""",
        manifest,
    )
    assert said == reason


@pytest.mark.parametrize("name", ["valid/counted.json", "valid/open.json", "valid/several.json"])
def test_no_board_with_one_byte_changed_passes(core: Page, name: str) -> None:
    text = vector(name)
    verdicts = core.evaluate(MUTATED, [text, mutations(text, 200, seed=5)])
    assert [verdict for verdict in verdicts if verdict[0] != "refused" or verdict[1] in (None, "unexpected")] == []


def test_the_small_steps_are_those_of_the_vectors(core: Page) -> None:
    steps = core.evaluate(
        """(parts) => ({
          frame: machikoe.hex(machikoe.frame(...parts.frame.of.map(machikoe.unhex))),
          canonical: machikoe.canonical(parts.canonical.of),
          scalar: machikoe.hex(machikoe.scalarBytes(machikoe.scalarHash(parts.scalar_hash.name,
            ...parts.scalar_hash.items.map(machikoe.unhex)))),
          lagrange: parts.lagrange.map(({ trustee, of }) => machikoe.hex(machikoe.scalarBytes(machikoe.lagrange(trustee, of)))),
          weights: Object.fromEntries(Object.keys(parts.weights).map((k) => [k, machikoe.weightsOf(Number(k))])),
          hash: machikoe.hex(machikoe.hash256(machikoe.encoded(parts.ballot.canonical))),
          confirmation: machikoe.confirmationOf(machikoe.hash256(machikoe.encoded(parts.ballot.canonical))),
          twelve: machikoe.hex(machikoe.encodedPoint(machikoe.BASE.times(12n))),
          chain: machikoe.hex(machikoe.encodedPoint(new machikoe.Chain(machikoe.G).times(12n))),
        })""",
        PARTS,
    )
    assert steps == {
        "frame": PARTS["frame"]["is"],
        "canonical": PARTS["canonical"]["is"],
        "scalar": PARTS["scalar_hash"]["is"],
        "lagrange": [one["is"] for one in PARTS["lagrange"]],
        "weights": PARTS["weights"],
        "hash": PARTS["ballot"]["hash"],
        "confirmation": PARTS["ballot"]["confirmation"],
        "twelve": PARTS["points"]["twelve"],
        "chain": PARTS["points"]["twelve"],
    }


@pytest.mark.parametrize(
    "message, size, expected",
    [
        ("", 32, "6b9a7312411d92f921c6f68ca0b6380730a1a4d982c507211a90964c394179ba"),
        ("abc", 32, "0da749f12fbe5483eb066a5f595055679b976e93abe9be6f0f6318bce7aca8dc"),
        (
            "abc",
            128,
            "7f1dddd13c08b543f2e2037b14cefb255b44c83cc397c1786d975653e36a6b11bdd7732d8b38adb4a0edc26a0cef4bb45217135456e58fbca1703cd6032cb134"
            "7ee720b87972d63fbf232587043ed2901bce7f22610c0419751c065922b488431851041310ad659e4b23520e1772ab29dcdeb2002222a363f0c2b1c972b3efe1",
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
          return !new machikoe.Chain(point).times(scalar).equals(right) || !new machikoe.Fixed(point).times(scalar).equals(right); }); }""",
        [str(scalar) for scalar in scalars],
    )
    assert wrong == []


# Canonical JSON


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}', '{"b":1,"a":2}', '{"a": 1}', '{"a":1} ', '{"a":1}\n', "\ufeff{}", "[1.0]", "[1e3]", "[-1]", "[-0]", "[01]", "[+1]",
        "[0x1]", "[NaN]", "[1,]", "[,1]", '{"a":1,}', "[tRue]", "[nul]", "", " ", "[", "{", '{"a"', '{"a":', '"', '"\\', '["\\u001F"]',
        '["\\u0041"]', '["\\/"]', '["\\u000a"]', '["\\u0008"]', '["\\ud800"]', '["\\udc00\\ud800"]', '["\\x41"]', '["\t"]', "['a']", "[1 ]",
        "[1][2]", "[1]//", '{1:2}', '{"\U0001f600":1,"\uffee":2}',
    ],
)  # fmt: skip
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
    ['{"a":[0,9007199254740991,true,false,null,"\\u001f\\b\\t\\n\\f\\r\\"\\\\/\x7f\u2028"]}', '{"\uffee":1,"\U0001f600":2}', '{"__proto__":1}'],
)  # fmt: skip
def test_canonical_text_is_read(core: Page, text: str) -> None:
    assert core.evaluate(REASON, text) is None


@pytest.mark.parametrize("bytes_", [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]])
def test_bytes_that_are_not_utf_8_are_refused(core: Page, bytes_: list[int]) -> None:
    board = vector("valid/open.json").encode()
    place = board.index('"市民会館'.encode())
    broken = [*board[:place], *bytes_, *board[board.index(b'"', place + 1) + 1 :]]
    verdict = core.evaluate("(bytes) => machikoe.checkBoard(new Blob([Uint8Array.from(bytes)]))", broken)
    assert (verdict["verdict"], verdict["reason"]) == ("refused", "not_utf8")


# Points, scalars, signatures


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
          return { honest: check(honest, s), above: check(honest, s + Q), mixed: check(mixed, t), other: check(honest, (s + 1n) % Q) };
        }""",
        PARTS["points"]["small_order"],
    )
    assert found == {"honest": [True] * 2, "above": [False] * 2, "mixed": [False] * 2, "other": [False] * 2}


# Never an exception, and limits first


def test_whatever_a_value_is_replaced_by_the_board_is_refused_by_name(core: Page) -> None:
    """Every value of a board (one entry of each type) in turn replaced by values of other kinds."""
    board = board_of("valid/counted.json")
    verdicts = core.evaluate(
        """async ([board, others]) => {
          const wrong = [], places = [];
          const walk = (node, path) => { if (node && typeof node === "object") for (const key of Object.keys(node)) {
            const seen = path[0] === "entries" && path.length === 1 && ["2","3","4","5","6","7","8","9","10","11","12","13","14"].includes(key);
            if (!seen) { places.push([...path, key]); walk(node[key], [...path, key]); } } };
          walk(board, []);
          const used = places.filter((path) => path.length < 5 || path.length % 2 === 0).filter((_, at) => at % 3 === 0);
          for (const [turn, path] of used.entries()) {
            const changed = structuredClone(board);
            let node = changed;
            for (const key of path.slice(0, -1)) node = node[key];
            node[path.at(-1)] = others[turn % others.length];
            const { verdict, reason } = await machikoe.checkBoard(new Blob([machikoe.canonical(changed)]));
            if (JSON.stringify(board) !== JSON.stringify(changed) && (verdict !== "refused" || !reason || reason === "unexpected")) wrong.push([path, verdict, reason]);
          }
          return [used.length, wrong];
        }""",
        [board, [None, True, 0, 9007199254740991, "", "0", "ff" * 32, "__proto__", [], {}, [[]], {"a": 1}, ["0", "0"]]],
    )
    assert verdicts[0] > 100
    assert verdicts[1] == []


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "\x00" * 100, '{"checkpoints":[', '{"checkpoints":[],"entries":[', '{"checkpoints":[{"a":"\\', "市" * 500]
)  # fmt: skip
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


def test_a_text_of_two_thousand_signs_is_not_too_long(core: Page) -> None:
    board = board_of("valid/open.json")
    board["manifest"]["title"]["ja"] = "\U0001f600" * 2000
    assert check(core, canonical(board))["check"] == "chain"  # the vote is another one now, and nothing else is wrong


# One worker or many


def chained(board: Any, bodies: list[Any]) -> Any:
    """`board` with these entries instead, hashed anew (which anybody can), and no checkpoint."""
    vote = hashlib.sha256(canonical(board["manifest"]).encode()).digest()
    head = framed(b"machikoe.vote.1/board", vote)
    entries = []
    for body in bodies:
        head = framed(b"machikoe.vote.1/chain", head, canonical(body).encode())
        entries.append({"body": body, "hash": head.hex()})
    return {**board, "checkpoints": [], "entries": entries}


def framed(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


def test_the_verdict_is_the_same_with_one_worker_and_with_many(core: Page) -> None:
    for name in ("valid/counted.json", "refused/two_of_a_single_choice.json"):
        verdicts = [check(core, vector(name), workers=workers) for workers in (0, 1, 3)]
        assert verdicts[0] == verdicts[1] == verdicts[2]


def test_the_first_wrong_entry_is_named_however_many_look(core: Page) -> None:
    board = board_of("valid/open.json")
    forged = "ab" * 64
    audits = [
        {"confirmation": f"{'A' * 21}{a}{b}A", "signature": forged, "type": "audit"}
        for a in "ABCDEFGH"
        for b in "ABCDEFGHIJ"
    ]
    text = canonical(chained(board, [*(entry["body"] for entry in board["entries"]), *audits]))
    for workers in (0, 1, 4):
        verdict = check(core, text, workers=workers)
        assert (verdict["check"], verdict["reason"], verdict["where"]) == (
            "signatures",
            "entry_signature",
            {"entry": 5},
        )


def test_workers_do_their_part_from_a_file(core: Page) -> None:
    """The page's worker is made of the page's own text; without it this thread does the work, with the same verdict."""
    made = core.evaluate(
        """async ([board]) => { const Real = Worker; let made = 0;
        globalThis.Worker = class extends Real { constructor(...all) { super(...all); made += 1; } };
        const first = await machikoe.checkBoard(new Blob([board]), { workers: 2 });
        globalThis.Worker = class { constructor() { throw new Error("none here"); } };
        const second = await machikoe.checkBoard(new Blob([board]), { workers: 2 });
        globalThis.Worker = Real;
        return [made, first.verdict, second.verdict]; }""",
        [vector("valid/open.json")],
    )
    assert made == [2, "valid", "valid"]


# Papers


def verdict_on(core: Page, board: str, text: str) -> dict[str, Any]:
    found: dict[str, Any] = check(core, board, {"paper.json": text})["papers"][0]
    return found


def cut(board: Any, entries: int) -> str:
    """A board as it was after so many entries."""
    kept = copy.deepcopy(board)
    kept["entries"] = kept["entries"][:entries]
    kept["checkpoints"] = [checkpoint for checkpoint in kept["checkpoints"] if checkpoint["n"] <= entries]
    return canonical(kept)


def test_a_receipt_is_included_not_yet_in_a_checkpoint_or_missing(core: Page) -> None:
    board, receipt = board_of("valid/counted.json"), vector("valid/counted.receipt.json")
    entry = json.loads(receipt)["entry"]
    assert verdict_on(core, canonical(board), receipt)["verdict"] == "included"
    assert verdict_on(core, cut(board, entry), receipt)["verdict"] == "not_yet"
    assert verdict_on(core, cut(board, entry - 1), receipt)["verdict"] == "missing"
    assert check(core, cut(board, entry - 1), {"receipt.json": receipt})["verdict"] == "refused"


@pytest.mark.parametrize(
    "name, reason", [("receipt-altered", "receipt_signature"), ("audited-untrue", "audit_encryption")]
)
def test_a_paper_that_lies_is_refused_and_the_board_stands(core: Page, name: str, reason: str) -> None:
    verdict = check(core, vector("valid/counted.json"), {"paper.json": vector(f"valid/counted.{name}.json")})
    assert verdict["verdict"] == "valid"
    assert (verdict["papers"][0]["verdict"], verdict["papers"][0]["reason"]) == ("refused", reason)


def test_an_audited_ballot_is_right_only_with_its_entry(core: Page) -> None:
    board, audited = board_of("valid/counted.json"), vector("valid/counted.audited.json")
    assert verdict_on(core, canonical(board), audited)["verdict"] == "right"
    before = next(n for n, entry in enumerate(board["entries"]) if entry["body"]["type"] == "audit")
    assert verdict_on(core, cut(board, before), audited)["verdict"] == "not_audited"


def test_a_kept_checkpoint_agrees_or_shows_what_is_gone(core: Page) -> None:
    board = board_of("valid/counted.json")
    kept = canonical(board["checkpoints"][-1])
    assert verdict_on(core, canonical(board), kept)["verdict"] == "agrees"
    assert verdict_on(core, cut(board, board["checkpoints"][-1]["n"] - 1), kept)["verdict"] == "shorter"


def test_a_kept_checkpoint_of_another_history_shows_both_heads(core: Page) -> None:
    """Its signature is judged apart (`vote.board` says yes here), for the vectors hold no second signed history."""
    found = core.evaluate(
        """async ([board, checkpoint]) => { const { signed } = machikoe.Key.prototype;
        const run = machikoe.checkBoard(new Blob([board]), { papers: [new File([checkpoint], "kept.json")],
          report: ({ check, state }) => { if (check === "result" && state !== "running") machikoe.Key.prototype.signed = () => true; } });
        try { return (await run).papers[0]; } finally { machikoe.Key.prototype.signed = signed; } }""",
        [
            vector("valid/counted.json"),
            canonical({**board_of("valid/counted.json")["checkpoints"][-1], "hash": "ab" * 32}),
        ],
    )
    assert (found["verdict"], found["kept"]["hash"]) == ("forked", "ab" * 32)
    assert found["found"]["hash"] == board_of("valid/counted.json")["checkpoints"][-1]["hash"]
    assert found["found"]["signature"] == board_of("valid/counted.json")["checkpoints"][-1]["signature"]


def test_a_checkpoint_that_nobody_signed_is_no_evidence(core: Page) -> None:
    board = board_of("valid/counted.json")
    forged = canonical({**board["checkpoints"][-1], "hash": "ab" * 32})
    assert verdict_on(core, canonical(board), forged)["reason"] == "checkpoint_signature"


@pytest.mark.parametrize(
    "text", ["{}", "[]", "null", "", '{"entry":1}', '{"ballot":{}}', '{"cosignatures":[]}', "\ufeff"]
)
def test_a_paper_of_no_kind_is_refused_by_name(core: Page, text: str) -> None:
    found = verdict_on(core, vector("valid/counted.json"), text)
    assert found["verdict"] == "refused"
    assert found["reason"] not in (None, "unexpected")


# The page


@pytest.fixture(params=[320, 1280])
def page(chromium: Browser, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Page]:
    size = {"width": request.param, "height": 800}
    with opened(chromium, tmp_path_factory.mktemp("verifier"), viewport=size) as page:
        yield page


def test_a_good_board_is_shown_with_its_checks_totals_and_papers(page: Page) -> None:
    run(page, vector("valid/counted.json"), paper("控え.json", vector("valid/counted.receipt.json")))
    expect(page.get_by_role("heading", name="この掲示板は正しいものです")).to_be_focused()
    assert page.locator("[data-check]").count() == 12
    assert page.locator("[data-check]:not([data-state=passed])").count() == 0
    assert page.locator(".totals tbody tr").all_inner_texts() == ["案1\t9", "案2\t0", "白票\t2"]
    expect(page.get_by_text(INDEX["valid"]["valid/counted.json"]["vote"])).to_be_visible()
    expect(page.locator("[data-paper=included]")).to_contain_text("控え.json")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


@pytest.mark.parametrize(
    "language, words",
    [("ja", "締め切りに書かれた票の数が"), ("ja-easy", "が 違います。"), ("en", "another number of ballots")],
)
def test_a_bad_board_says_what_is_wrong_in_the_readers_language(page: Page, language: str, words: str) -> None:
    page.locator(f"[data-language={language}]").click()
    run(page, vector("refused/a_close_that_leaves_a_ballot_out.json"))
    refused = page.locator("[data-check=close]")
    expect(refused).to_have_attribute("data-state", "refused")
    assert words in refused.evaluate(
        "node => { for (const rt of node.querySelectorAll('rt')) rt.remove(); return node.innerText; }"
    )
    expect(page.locator("[data-check=result]")).to_have_attribute("data-state", "skipped")
    assert page.locator(".totals").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_changing_the_language_keeps_what_was_found(page: Page) -> None:
    run(page, vector("valid/open.json"))
    page.locator("[data-language=en]").click()
    expect(page.get_by_role("heading", name="This board is valid")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("#skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_without_a_file_the_page_says_what_to_do(page: Page) -> None:
    page.locator("#start").click()
    expect(page.locator("#error")).to_be_focused()
    expect(page.locator("#board")).to_have_attribute("aria-invalid", "true")
    assert page.title().startswith("エラー: ")
    assert violations(page) == []


def test_it_can_be_done_by_keyboard_and_heard(page: Page) -> None:
    page.evaluate("""() => { globalThis.heard = []; new MutationObserver(() => heard.push(document.getElementById("status").textContent))
        .observe(document.getElementById("status"), { childList: true, characterData: true, subtree: true }); }""")
    page.set_input_files("#board", [paper("board.json", vector("valid/counted.json"))])
    page.locator("#papers").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#start")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_be_focused(timeout=60_000)
    heard = page.evaluate("heard")
    assert heard[0] == "確認を始めました。"
    assert heard[-1] == "この掲示板は正しいものです"
    assert len(heard) >= 12


def test_files_dropped_together_find_their_places(page: Page) -> None:
    page.evaluate(
        """([receipt, board]) => { const dropped = new DataTransfer();
        dropped.items.add(new File([receipt], "receipt.json")); dropped.items.add(new File([board], "board.json"));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true })); }""",
        [vector("valid/counted.receipt.json"), vector("valid/counted.json")],
    )
    expect(page.locator("#board-chosen")).to_contain_text("board.json")
    expect(page.locator("#papers-chosen")).to_contain_text("receipt.json")
    page.locator("#start").click()
    expect(page.locator("[data-paper=included]")).to_be_visible(timeout=60_000)


def test_a_missing_ballot_speaks_against_the_board(page: Page) -> None:
    board, receipt = board_of("valid/counted.json"), vector("valid/counted.receipt.json")
    run(page, cut(board, json.loads(receipt)["entry"] - 1), paper("receipt.json", receipt))
    expect(page.locator("[data-verdict=refused]")).to_contain_text("お持ちのファイルと合いません")
    expect(page.locator("[data-paper=missing]")).to_contain_text("取っておき")


def test_every_reason_has_words(core: Page) -> None:
    assert core.evaluate("machikoe.sentenceOf('chain')") == "refused.chain"
    assert CHECK
