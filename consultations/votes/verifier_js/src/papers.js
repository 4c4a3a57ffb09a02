// What people keep and check against a board: receipts, audited ballots, checkpoints (protocol/SPEC.md, sections 6 and 9).

import { demand, isRefused, unsigned } from "./canonical.js";
import { bitsOf, checkBallot, checkBallotForm, encryptionOf, BALLOT_KEYS } from "./ballots.js";
import { checkCheckpointForm } from "./board.js";
import { encodedPoints } from "./group.js";
import { confirmationOf, hash256, hex, scalarOf, u64, unhex } from "./hashing.js";
import { CONFIRMATION, hashOf, integerOf, isObject, keysOf, matching, signatureOf, tableOf } from "./shapes.js";
import { checkCheckpointSignatures } from "./tally.js";

// What a file says about a board that was verified: { kind, verdict, ... }. Verdicts that speak against the board are
// `missing`, `forked` and `shorter`; `refused` speaks against the paper alone.
export function judgePaper(paper, board) {
  const [kind, judge] = kindOf(paper);
  if (kind === null) return { kind: "unknown", verdict: "refused", reason: "paper_unknown" };
  try {
    return { kind, ...judge(paper, board) };
  } catch (error) {
    if (!isRefused(error)) throw error;
    return { kind, verdict: "refused", reason: error.reason, where: error.where };
  }
}

function kindOf(paper) {
  if (!isObject(paper)) return [null];
  if (Object.hasOwn(paper, "entry")) return ["receipt", judgeReceipt];
  if (Object.hasOwn(paper, "ballot")) return ["audited", judgeAudited];
  if (Object.hasOwn(paper, "cosignatures")) return ["checkpoint", judgeCheckpoint];
  return [null];
}

function ofThisVote(paper, { vote }) {
  integerOf(paper.version, 1, 1);
  hashOf(paper.vote);
  demand(paper.vote === hex(vote.id), "paper_other_vote");
}

function judgeReceipt(receipt, board) {
  keysOf(receipt, ["confirmation", "entry", "hash", "signature", "version", "vote"]);
  ofThisVote(receipt, board);
  const { confirmation, entry, hash } = receipt;
  integerOf(entry, 1, Number.MAX_SAFE_INTEGER);
  matching(confirmation, CONFIRMATION);
  hashOf(hash);
  const content = [board.vote.id, u64(entry), unhex(hash), confirmation];
  demand(board.vote.board.signed(signatureOf(receipt.signature), "receipt", ...content), "receipt_signature");
  const head = board.ledger.headAt(entry);
  const there = head !== undefined && hex(head) === hash && board.ledger.casts.get(confirmation) === entry;
  if (!there) return { verdict: "missing", entry, confirmation };
  const last = board.checkpoints.at(-1)?.n ?? 0;
  return { verdict: entry > last ? "not_yet" : "included", entry, confirmation };
}

function judgeAudited(paper, board) {
  keysOf(paper, ["ballot", "choices", "randomness", "version", "vote"]);
  ofThisVote(paper, board);
  const { vote, ledger } = board;
  const { ballot, choices, randomness } = paper;
  keysOf(ballot, BALLOT_KEYS);
  checkBallotForm(ballot, vote.layouts);
  tableOf(randomness, vote.layouts.map((layout) => layout.positions), hashOf);
  tableOf(choices, vote.layouts.map((layout) => layout.columns.length), (value) => integerOf(value, 0, 99));
  checkBallot(ballot, vote);
  vote.layouts.forEach((layout, question) => {
    checkEncryptions(layout, ballot.ciphertexts[question], choices[question], randomness[question], vote);
  });
  const confirmation = confirmationOf(hash256(unsigned({ ...ballot, signature: "" })));
  const entry = ledger.audited.get(confirmation);
  if (entry === undefined) return { verdict: "not_audited", confirmation, choices };
  return { verdict: "right", entry, confirmation, choices };
}

function checkEncryptions(layout, ciphertexts, values, randomness, vote) {
  const bits = layout.columns.flatMap((column, place) => {
    const most = place < layout.options ? layout.points : 1;
    demand(values[place] <= most, "audit_choice");
    return bitsOf(values[place], column.map(([, weight]) => weight));
  });
  bits.forEach((bit, position) => {
    const r = scalarOf(randomness[position]);
    demand(r !== 0n, "audit_randomness");
    const made = encodedPoints(encryptionOf(bit, r, vote)).map(hex);
    demand(made.every((text, half) => text === ciphertexts[position][half]), "audit_encryption");
  });
}

function judgeCheckpoint(checkpoint, { vote, ledger, checkpoints }) {
  checkCheckpointForm(checkpoint, new Set(vote.witnesses.keys()));
  checkCheckpointSignatures(checkpoint, vote);
  const { n, hash, signature } = checkpoint;
  const head = ledger.headAt(n);
  if (head === undefined) return { verdict: "shorter", n };
  if (hex(head) === hash) return { verdict: "agrees", n };
  const other = checkpoints.find((candidate) => candidate.n === n);
  return { verdict: "forked", n, kept: { hash, signature }, found: { hash: hex(head), signature: other?.signature ?? null } };
}
