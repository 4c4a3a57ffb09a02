"""The ceremony: who does what when, and what nobody can be tricked into."""

import itertools
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nacl.public import PrivateKey, PublicKey

from consultations.votes.offline import files
from consultations.votes.offline.sentences import Declined
from consultations.votes.offline.streams import stream
from consultations.votes.protocol.encoding import canonical, read
from consultations.votes.protocol.group import BASE, ORDER, times, times_base
from consultations.votes.protocol.sharing import lagrange
from consultations.votes.trustee import ceremony, drawing, keyfile, meeting, messages
from consultations.votes.trustee.messages import Step
from tests.factories.trustees import NAMES, PASSPHRASE, Trustees

Change = Callable[[dict[str, Any]], object]


def path(trustees: Trustees, step: Step, number: int) -> Path:
    return trustees.stick / f"{step}-{number}.json"


def declined(trustees: Trustees, number: int, name: str = "") -> Declined:
    """The refusal this trustee's next call ends with."""
    with keyfile.opened(trustees.file(number), PASSPHRASE) as file, pytest.raises(Declined) as found:
        ceremony.advance(meeting.Meeting(trustees.stick), file, name or NAMES[number - 1])
    return found.value


def resigned(trustees: Trustees, step: Step, number: int, change: Change) -> None:
    """Change a file as its own sender could: signed again."""
    at = path(trustees, step, number)
    value = read(at.read_bytes())
    change(value)
    body = {name: one for name, one in value.items() if name not in {"signature", "trustee"}}
    key = trustees.key(number)
    at.write_bytes(canonical(messages.signed(drawing.signing_key(key.seed), step, number, body)))


def turns(trustees: Trustees, *numbers: int) -> None:
    for number in numbers:
        assert trustees.turn(number) == 0


def test_any_two_of_three_hold_the_joint_key_and_none_alone(met: Trustees) -> None:
    secrets = {number: met.key(number).secret for number in (1, 2, 3)}
    for pair in itertools.combinations(secrets, 2):
        joint = sum(secrets[one] * lagrange(one, pair) for one in pair) % ORDER
        assert times_base(joint).hex() == met.outcome["key"]
    assert all(times_base(secret).hex() != met.outcome["key"] for secret in secrets.values())
    shares = [one["share"] for one in met.outcome["trustees"]]
    assert shares == [times_base(secret).hex() for secret in secrets.values()]


@pytest.mark.parametrize(("count", "threshold"), [(1, 1), (2, 2), (5, 3)])
def test_other_numbers_of_trustees(tmp_path: Path, count: int, threshold: int) -> None:
    trustees = Trustees(tmp_path, count).meet(threshold)
    secrets = {number: trustees.key(number).secret for number in range(count - threshold + 1, count + 1)}
    joint = sum(secret * lagrange(one, secrets) for one, secret in secrets.items()) % ORDER
    assert times_base(joint).hex() == trustees.outcome["key"]


def test_each_call_says_what_was_done_and_who_is_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trustees = Trustees(tmp_path).keygen().begin()
    assert "あなたは 1番 佐藤 です" in (said := capsys.readouterr().out)
    assert "あと 2 人" in said
    turns(trustees, 2, 3)
    said = capsys.readouterr().out
    assert "(1/4)" in said
    assert "(2/4)" in said
    assert "1番 佐藤さん に回してください" in said
    turns(trustees, 3)
    assert "今できることは済んでいます" in capsys.readouterr().out


def test_the_outcome_is_the_same_whoever_writes_it(met: Trustees) -> None:
    written = (met.stick / "ceremony.json").read_bytes()
    for number in (1, 2, 3):
        (met.stick / "ceremony.json").unlink()
        turns(met, number)
        assert (met.stick / "ceremony.json").read_bytes() == written


def test_all_three_are_shown_one_comparison_number(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    shown = set()
    for number in (1, 2, 3):
        capsys.readouterr()
        turns(met, number)
        shown |= {line for line in capsys.readouterr().out.splitlines() if "照合番号" in line}
    assert len(shown) == 1


def test_a_call_repeated_after_an_interruption_writes_the_same(seated: Trustees) -> None:
    for step in (Step.HASH, Step.COMMITMENT):
        before = path(seated, step, 3).read_bytes()
        path(seated, step, 3).unlink()
        turns(seated, 3)
        assert path(seated, step, 3).read_bytes() == before


def test_commitments_stay_hidden_until_every_hash_is_there(tmp_path: Path) -> None:
    trustees = Trustees(tmp_path).keygen().begin()
    turns(trustees, 2, 2, 1)
    assert not list(trustees.stick.glob("2-*"))
    turns(trustees, 3)
    assert [one.name for one in trustees.stick.glob("2-*")] == ["2-commitment-3.json"]


def test_a_ceremony_has_to_be_begun_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trustees = Trustees(tmp_path).keygen()
    assert trustees.turn(1) == 1
    assert "始まっていません" in capsys.readouterr().err
    trustees.begin()
    assert trustees.turn(2, "--begin") == 1
    assert "もう鍵づくりが始まっています" in capsys.readouterr().err


@pytest.mark.parametrize(("trustees", "threshold"), [(0, 0), (3, 4), (3, 0), (10, 2)])
def test_numbers_that_make_no_sense(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], trustees: int, threshold: int
) -> None:
    made = Trustees(tmp_path, 1).keygen()
    assert made.turn(1, "--begin", "--trustees", trustees, "--threshold", threshold) == 1
    assert "1人から9人" in capsys.readouterr().err
    assert not made.stick.exists()


@pytest.mark.parametrize(("threshold", "said"), [(3, "1人でも鍵をなくすと"), (1, "1人だけで開票できる")])
def test_a_risky_threshold_is_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], threshold: int, said: str
) -> None:
    Trustees(tmp_path).keygen().begin(threshold)
    assert said in capsys.readouterr().err


def test_a_fourth_finds_no_seat(seated: Trustees) -> None:
    keyfile.create(seated.file(4), PASSPHRASE)
    assert declined(seated, 4).said is ceremony.FULL


def test_a_name_taken_is_not_taken_again(tmp_path: Path) -> None:
    trustees = Trustees(tmp_path).keygen().begin()
    assert declined(trustees, 2, NAMES[0]).said is ceremony.SAME_NAME
    assert not trustees.key(2).number


def test_one_key_file_cannot_sit_twice(tmp_path: Path) -> None:
    trustees = Trustees(tmp_path).keygen()
    shutil.copy(trustees.file(1), trustees.file(2))
    trustees.begin()
    assert declined(trustees, 2).said is ceremony.SAME_KEY
    assert not path(trustees, Step.HASH, 2).exists()


@pytest.mark.parametrize("part", ["box", "name"])
def test_nobody_takes_anothers_key_or_name_after_all(seated: Trustees, part: str) -> None:
    theirs = read(path(seated, Step.HASH, 3).read_bytes())[part]
    resigned(seated, Step.HASH, 2, lambda body: body.update({part: theirs}))
    refusal = declined(seated, 1)
    assert refusal.said is {"box": ceremony.SAME_KEY, "name": ceremony.SAME_NAME}[part]


def test_a_key_serves_one_ceremony_only(met: Trustees) -> None:
    shutil.rmtree(met.stick)
    assert met.turn(1, "--begin") == 1
    assert declined(met, 1).said is ceremony.OTHER_CEREMONY


@pytest.mark.parametrize("change", [{"threshold": 1}, {"title": "別の投票"}, {"trustees": 2}])
def test_a_plan_that_was_changed_is_noticed(seated: Trustees, change: dict[str, object]) -> None:
    plan = seated.stick / "0-plan.json"
    plan.write_bytes(canonical(read(plan.read_bytes()) | change))
    for number in (1, 2, 3):
        assert declined(seated, number).said is meeting.OWN_FILE


def test_a_plan_changed_for_one_who_comes_later_names_the_earlier(tmp_path: Path) -> None:
    trustees = Trustees(tmp_path).keygen().begin()
    plan = trustees.stick / "0-plan.json"
    plan.write_bytes(canonical(read(plan.read_bytes()) | {"threshold": 1}))
    refusal = declined(trustees, 2)
    assert (refusal.said, refusal.values["number"]) == (ceremony.BAD_FILE, 1)


def test_a_plan_that_is_none(seated: Trustees) -> None:
    (seated.stick / "0-plan.json").write_bytes(b'{"id":"x"}')
    assert declined(seated, 1).said is meeting.BAD_PLAN
    (seated.stick / "0-plan.json").write_bytes(b"half of")
    assert declined(seated, 1).said is files.NOT_CANONICAL


def test_one_sees_that_ones_own_file_was_replaced(seated: Trustees) -> None:
    shutil.copy(path(seated, Step.HASH, 1), path(seated, Step.HASH, 2))
    assert declined(seated, 2).said is meeting.OWN_FILE


def test_a_seat_file_copied_to_another_seat_names_that_seat(seated: Trustees) -> None:
    """The signature covers the number."""
    shutil.copy(path(seated, Step.HASH, 1), path(seated, Step.HASH, 2))
    refusal = declined(seated, 1)
    assert (refusal.said, refusal.values["number"]) == (ceremony.BAD_FILE, 2)


def impostor(trustees: Trustees, number: int, known: str) -> None:
    """Somebody takes the stick and puts files with a key of their own on this trustee's seat."""
    plan, seed = meeting.Meeting(trustees.stick).plan(), bytes([number]) * 32
    commitment = drawing.polynomial(seed, plan.id, number, plan.threshold).commitment(
        plan.id, number, stream("proof", seed)
    )
    key = drawing.signing_key(seed)
    body = messages.hash_body(plan, known, drawing.box_key(seed), key, commitment)
    path(trustees, Step.HASH, number).write_bytes(canonical(messages.signed(key, Step.HASH, number, body)))


def test_nobody_is_replaced_once_the_keys_were_seen(seated: Trustees) -> None:
    """The third has seen all hashes and keys; whoever takes the second seat now gets nothing from the third."""
    impostor(seated, 2, NAMES[1])
    assert declined(seated, 3).said is ceremony.ROSTER_CHANGED
    assert not path(seated, Step.SHARES, 3).exists()


def test_two_folders_with_other_people_get_one_trustees_shares_only_once(seated: Trustees) -> None:
    """With the second replaced in one copy and the third in another, the first would give both halves of a secret away."""
    copy = seated.folder / "copy"
    shutil.copytree(seated.stick, copy)
    turns(seated, 1)
    shutil.rmtree(seated.stick)
    shutil.copytree(copy, seated.stick)
    path(seated, Step.COMMITMENT, 3).unlink()
    impostor(seated, 3, NAMES[2])
    assert declined(seated, 1).said is ceremony.ROSTER_CHANGED


def test_a_replaced_trustee_is_noticed_by_the_one_who_saw_other_people(seated: Trustees) -> None:
    """A commitment names the people it was made among."""
    turns(seated, 1)
    impostor(seated, 2, NAMES[1])
    with keyfile.opened(seated.file(3), PASSPHRASE) as file:
        file.save(ceremony.replace(file.key, roster=""))  # as if the third had seen only the impostor
    path(seated, Step.COMMITMENT, 3).unlink()
    refusal = declined(seated, 3)
    assert (refusal.said, refusal.values["number"]) == (ceremony.BAD_FILE, 1)


def test_commitments_other_than_those_announced(seated: Trustees) -> None:
    """Having seen the others', a trustee can no longer choose."""
    key = seated.key(3)
    other = drawing.polynomial(bytes(32), key.ceremony, 3, 2).commitment(key.ceremony, 3, stream("x", b"y"))
    resigned(seated, Step.COMMITMENT, 3, lambda body: body.update(messages.commitment_body(key.roster, other)))
    refusal = declined(seated, 1)
    assert (refusal.said, refusal.values["number"]) == (ceremony.BAD_FILE, 3)


def test_commitments_without_knowing_the_key(seated: Trustees) -> None:
    resigned(seated, Step.COMMITMENT, 3, lambda body: body["proof"].reverse())
    refusal = declined(seated, 1)
    assert (refusal.said, refusal.values["number"]) == (ceremony.BAD_FILE, 3)


@pytest.mark.parametrize("step", list(Step))
def test_any_file_of_another_changed_by_a_stranger_names_its_sender(tmp_path: Path, step: Step) -> None:
    trustees = Trustees(tmp_path).meet()
    value = json.loads(path(trustees, step, 2).read_bytes())
    value["signature"] = value["signature"][:-2] + ("00" if value["signature"][-2:] != "00" else "01")
    path(trustees, step, 2).write_bytes(canonical(value))
    refusal = declined(trustees, 1)
    assert (refusal.said, refusal.values["number"]) == (ceremony.BAD_FILE, 2)


@pytest.fixture
def sealed(seated: Trustees) -> Trustees:
    """The second and third have sent their shares to the first."""
    turns(seated, 1, 2, 3)
    return seated


def seal_for(trustees: Trustees, sender: int, receiver: int, content: bytes) -> str:
    """What the sender's box seals for the receiver, whatever the content."""
    mine = drawing.box_key(trustees.key(sender).seed)
    theirs = drawing.box_key(trustees.key(receiver).seed)
    return bytes(messages.Box(mine, theirs.public_key).encrypt(content, bytes(24))).hex()


def put_share(trustees: Trustees, sender: int, receiver: int, content: bytes) -> None:
    box = seal_for(trustees, sender, receiver, content)

    def change(body: dict[str, Any]) -> None:
        next(one for one in body["sealed"] if one["trustee"] == receiver)["box"] = box

    resigned(trustees, Step.SHARES, sender, change)


def test_a_wrong_share_names_its_sender_and_stops(sealed: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    key, plan = sealed.key(2), meeting.Meeting(sealed.stick).plan()
    right = drawing.polynomial(key.seed, key.ceremony, 2, 2).at(1)
    put_share(sealed, 2, 1, messages._sent(plan, key.roster, 2, 1) + messages.scalar_bytes(right + 1))
    assert sealed.turn(1) == 1
    assert "2番 鈴木 から届いた鍵の部分" in capsys.readouterr().err
    assert not sealed.key(1).secret
    assert not path(sealed, Step.CONFIRMATION, 1).exists()


def right_share(sealed: Trustees) -> bytes:
    key = sealed.key(2)
    return messages.scalar_bytes(drawing.polynomial(key.seed, key.ceremony, 2, 2).at(1))


@pytest.mark.parametrize("other", ["ceremony", "roster", "sender", "receiver"])
def test_a_share_sealed_for_anything_else_is_not_taken(sealed: Trustees, other: str) -> None:
    plan, roster, sender, receiver = meeting.Meeting(sealed.stick).plan(), sealed.key(2).roster, 2, 1
    plan = ceremony.replace(plan, id="ab" * 32) if other == "ceremony" else plan
    roster = "cd" * 32 if other == "roster" else roster
    before = messages._sent(plan, roster, 3 if other == "sender" else sender, 3 if other == "receiver" else receiver)
    put_share(sealed, 2, 1, before + right_share(sealed))
    refusal = declined(sealed, 1)
    assert (refusal.said, refusal.values["number"]) == (ceremony.BAD_FILE, 2)


def test_a_share_sealed_by_somebody_else_is_not_taken(sealed: Trustees) -> None:
    plan, roster = meeting.Meeting(sealed.stick).plan(), sealed.key(2).roster
    theirs = drawing.box_key(sealed.key(1).seed).public_key
    content = messages._sent(plan, roster, 2, 1) + right_share(sealed)
    box = bytes(messages.Box(PrivateKey(bytes(range(32))), theirs).encrypt(content, bytes(24))).hex()
    resigned(sealed, Step.SHARES, 2, lambda body: body["sealed"][0].update(box=box))
    assert declined(sealed, 1).said is ceremony.BAD_FILE


def test_a_share_left_out_is_not_overlooked(sealed: Trustees) -> None:
    resigned(sealed, Step.SHARES, 2, lambda body: body["sealed"][0].update(trustee=2))
    assert declined(sealed, 1).said is ceremony.BAD_FILE


def test_shares_of_other_people_are_not_taken(sealed: Trustees) -> None:
    resigned(sealed, Step.SHARES, 2, lambda body: body.update(roster="ab" * 32))
    assert declined(sealed, 1).said is ceremony.BAD_FILE


def test_a_box_that_everybody_could_open_is_no_key(seated: Trustees) -> None:
    resigned(seated, Step.HASH, 2, lambda body: body.update(box=bytes(PublicKey(bytes(32))).hex()))
    refusal = declined(seated, 1)
    assert (refusal.said, refusal.values["number"]) == (ceremony.BAD_FILE, 2)


def test_a_key_that_cancels_the_others_is_refused(seated: Trustees, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who could see all commitments before announcing could make the sum the identity."""
    turns(seated, 1)
    outcome = type(ceremony.Outcome("", 2, [], []))
    monkeypatch.setattr(outcome, "key", property(lambda self: times(0, BASE)))
    assert declined(seated, 2).said is ceremony.UNUSABLE


def test_a_trustee_who_computed_another_key_is_named(met: Trustees) -> None:
    resigned(met, Step.CONFIRMATION, 3, lambda body: body.update(public="ab" * 32))
    refusal = declined(met, 1)
    assert (refusal.said, refusal.values["number"]) == (ceremony.OTHER_OUTCOME, 3)


def test_an_outcome_that_was_swapped_is_not_taken(met: Trustees) -> None:
    at = met.stick / "ceremony.json"
    at.write_bytes(canonical(met.outcome | {"threshold": 1}))
    assert declined(met, 1).said is meeting.OUTCOME_CHANGED


def test_names_from_files_cannot_write_over_the_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trustees = Trustees(tmp_path).keygen()
    assert trustees.run("ceremony", trustees.stick, "--key", trustees.file(1), "--begin", "--name", "\x1b[2J佐藤") == 0
    assert "\x1b" not in capsys.readouterr().out
