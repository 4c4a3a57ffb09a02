"""Cosigning a board's last checkpoint, if the board continues what was seen; and attaching cosignatures to a board."""

from consultations.votes.offline.sentences import Declined, Said, Voice, filled
from consultations.votes.protocol.board import Published
from consultations.votes.protocol.checkpoints import Checkpoint, Cosignature, cosign, read_checkpoint
from consultations.votes.protocol.encoding import Json, fields, read
from consultations.votes.protocol.manifest import Manifest, read_manifest
from consultations.votes.protocol.refusals import Refused
from consultations.votes.witness import words
from consultations.votes.witness.state import StateFile

COSIGNATURE = "hash n signature time version vote witness"


def cosigned(file: StateFile, published: Published, voice: Voice) -> dict[str, Json]:
    """The cosignature's file. The record holds the head, durably, before it is returned. Declined for all but extensions."""
    manifest, state = published.board.manifest, file.state
    if manifest.witnesses.get(state.name) != state.key.public:
        raise Declined(words.NOT_NAMED, title=voice.pick(dict(manifest.title)), name=state.name)
    if not published.checkpoints:
        raise Declined(words.NO_CHECKPOINT)
    vote, last = manifest.vote.hex(), published.checkpoints[-1]
    seen = state.seen.get(vote)
    if seen is None:
        voice.say(words.FIRST)
    else:
        _refuse_other_than_extension(seen, last, published)
    file.save(state.having_seen(vote, last))
    return _value(cosign(state.key, state.name, manifest, last), last, vote)


def _refuse_other_than_extension(seen: Checkpoint, last: Checkpoint, published: Published) -> None:
    heads = filled(words.HEADS, before=_head(seen), now=_head(last))
    if published.board.heads.get(seen.n, seen.hash) != seen.hash:
        raise Declined(words.FORK, seen=seen.n, heads=heads)
    if last.n < seen.n:
        raise Declined(words.OLDER, seen=seen.n, n=last.n, heads=heads)
    if last.time < seen.time:
        raise Declined(words.EARLIER, heads=heads)


def _head(one: Checkpoint) -> Said:
    return filled(words.HEAD, n=one.n, time=one.time, hash=one.hash.hex(), signature=one.signature)


def _value(cosignature: Cosignature, checkpoint: Checkpoint, vote: str) -> dict[str, Json]:
    return {
        "hash": checkpoint.hash.hex(),
        "n": checkpoint.n,
        "signature": cosignature.signature,
        "time": checkpoint.time,
        "version": 1,
        "vote": vote,
        "witness": cosignature.witness,
    }


def is_cosignature(content: bytes) -> bool:
    try:
        fields(read(content), COSIGNATURE, "cosignature")
    except Refused:
        return False
    return True


def attached(board: Json, cosignature: Json) -> Json:
    """The board file's value with the cosignature in its checkpoint, both checked. Refused(…), or Declined without one."""
    found = fields(cosignature, COSIGNATURE, "cosignature")
    parts = fields(board, "checkpoints entries manifest slots version", "board")
    manifest = read_manifest(parts["manifest"])
    checkpoints = [read_checkpoint(one, manifest) for one in parts["checkpoints"]]
    matching = [one for one in checkpoints if _is_of(found, one, manifest)]
    if not matching:
        raise Declined(words.NO_SUCH_HEAD)
    signed = matching[0].with_cosignature(Cosignature(found["witness"], found["signature"]))
    after = [read_checkpoint(signed.body if one is matching[0] else one.body, manifest).body for one in checkpoints]
    return {**parts, "checkpoints": after}


def _is_of(found: dict[str, Json], checkpoint: Checkpoint, manifest: Manifest) -> bool:
    if not isinstance(found["witness"], str):
        raise Refused("shape", "cosignature")
    head = (checkpoint.n, checkpoint.hash.hex(), checkpoint.time, manifest.vote.hex())
    return (found["n"], found["hash"], found["time"], found["vote"]) == head
