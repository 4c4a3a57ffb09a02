// Order and chain of a board: everything about its entries that needs no group arithmetic (protocol/SPEC.md, section 6).

import { canonical, demand, encoded, unsigned } from "./canonical.js";
import { BALLOT_KEYS, checkBallotForm, checkLink } from "./ballots.js";
import { confirmationOf, hash256, hex, tagged } from "./hashing.js";
import { ascending } from "./manifest.js";
import {
  CONFIRMATION, hashOf, integerOf, isObject, keysOf, listOf, matching, momentOf, pairOf, signatureOf, tableOf, textOf,
} from "./shapes.js";

const PHASES = { open: 0, cast: 1, audit: 1, void: 1, close: 2, share: 3, result: 4 };
const FORMS = { open: openForm, cast: castForm, audit: auditForm, void: voidForm, close: closeForm, share: shareForm, result: resultForm };

// What is known of a board after its entries so far: the chain's head, the slots, and the few entries that are not votes.
export class Ledger {
  constructor(vote, slots) {
    this.vote = vote;
    this.start = hash256(tagged("board", vote.id));
    this.head = this.start;
    this.heads = []; // hash of every entry, by number - 1
    this.slots = new Map(slots.map((slot) => [slot, null]));
    this.audited = new Map(); // confirmation number: entry
    this.casts = new Map(); // confirmation number of every cast: entry
    this.open = null;
    this.close = null;
    this.shares = [];
    this.result = null;
    this.phase = -1;
    this.counts = { cast: 0, audit: 0, void: 0 };
    this.paper = 0;
  }

  // The chain's head before an entry.
  headBefore(number) {
    return number === 1 ? this.start : this.heads[number - 2];
  }

  // Takes the next entry, or refuses it.
  take(number, entry) {
    const where = { entry: number };
    keysOf(entry, ["body", "hash"], where);
    const { body } = entry;
    demand(isObject(body) && typeof body.type === "string" && Object.hasOwn(FORMS, body.type), "entry_type", where);
    demand(Object.hasOwn(body, "signature"), "shape", where);
    signatureOf(body.signature, where);
    FORMS[body.type](body, this.vote, where);
    this.link(entry, where);
    this.inOrder(body.type, where);
    this[body.type === "void" ? "takeVoid" : `take${body.type[0].toUpperCase()}${body.type.slice(1)}`](body, number, where);
  }

  link({ body, hash }, where) {
    hashOf(hash, where);
    this.head = hash256(tagged("chain", this.head, encoded(canonical(body))));
    demand(hex(this.head) === hash, "chain", where);
    this.heads.push(this.head);
  }

  inOrder(type, where) {
    const phase = PHASES[type];
    if (this.phase === -1) demand(type === "open", "entry_order", where);
    const again = phase === this.phase && (phase === 1 || phase === 3);
    demand(again || phase > this.phase, "entry_order", where);
    demand(phase < 3 || this.close !== null, "entry_order", where);
    this.phase = phase;
  }

  takeOpen(body, number) {
    this.open = { body, number };
  }

  takeCast(body, number, where) {
    const hash = hash256(unsigned(body));
    const confirmation = confirmationOf(hash);
    demand(!this.audited.has(confirmation), "audited_cast", where);
    this.continueSlot(body, where);
    demand(body.seq === 1 || this.vote.manifest.revote, "revote", where);
    this.slots.set(body.slot, { seq: body.seq, prev: hex(hash), cast: number, ended: false });
    this.casts.set(confirmation, number);
    this.counts.cast += 1;
  }

  takeAudit({ confirmation }, number, where) {
    demand(!this.audited.has(confirmation), "audited_twice", where);
    demand(!this.casts.has(confirmation), "cast_audited", where);
    this.audited.set(confirmation, number);
    this.counts.audit += 1;
  }

  takeVoid(body, _, where) {
    this.continueSlot(body, where);
    this.slots.set(body.slot, { ended: true });
    this.counts.void += 1;
    if (body.reason === "paper") this.paper += 1;
  }

  continueSlot({ slot, seq, prev }, where) {
    const last = this.slots.get(slot);
    demand(last !== undefined, "slot_unknown", where);
    if (last === null) demand(seq === 1 && prev === "", "slot_chain", where);
    else {
      demand(!last.ended, "slot_void", where);
      demand(seq === last.seq + 1 && prev === last.prev, "slot_chain", where);
    }
  }

  takeClose(body, number) {
    this.close = { body, number };
  }

  takeShare(body, number, where) {
    demand(this.close.body.outcome === "count", "share_without_count", where);
    demand(!this.shares.some((share) => share.body.trustee === body.trustee), "share_twice", where);
    this.shares.push({ body, number });
  }

  takeResult(body, number) {
    this.result = { body, number };
  }

  // Entry numbers of the counted ballots: of each slot the last, unless it has a void.
  counted() {
    const numbers = [];
    for (const last of this.slots.values()) if (last !== null && !last.ended) numbers.push(last.cast);
    return numbers;
  }

  headAt(number) {
    return this.heads[number - 1];
  }
}

function columnsOf(vote) {
  return vote.layouts.map((layout) => layout.columns.length);
}

function openForm(body, { manifest }, where) {
  keysOf(body, ["rehearsal", "signature", "type"], where);
  listOf(body.rehearsal, manifest.threshold, manifest.trustees.length, where);
  body.rehearsal.forEach((part) => {
    keysOf(part, ["proofs", "shares", "trustee"], where);
    integerOf(part.trustee, 1, manifest.trustees.length, where);
    listOf(part.shares, 3, 3, where).forEach((share) => hashOf(share, where));
    listOf(part.proofs, 3, 3, where).forEach((proof) => pairOf(proof, where));
  });
  rising(body.rehearsal.map((part) => part.trustee), where);
}

export function rising(numbers, where) {
  demand(numbers.every((number, place) => place === 0 || numbers[place - 1] < number), "not_sorted", where);
}

function castForm(body, { layouts }, where) {
  keysOf(body, [...BALLOT_KEYS, "signature"], where);
  checkBallotForm(body, layouts, where);
}

function auditForm(body, _, where) {
  keysOf(body, ["confirmation", "signature", "type"], where);
  matching(body.confirmation, CONFIRMATION, where);
}

function voidForm(body, _, where) {
  keysOf(body, ["prev", "reason", "seq", "signature", "slot", "type"], where);
  checkLink(body, where);
  matching(body.reason, /^(?:paper|roll)$/, where);
}

function closeForm(body, vote, where) {
  keysOf(body, ["aggregate", "ballots", "outcome", "paper", "signature", "type"], where);
  for (const key of ["ballots", "paper"]) integerOf(body[key], 0, vote.manifest.register.count, where);
  matching(body.outcome, /^(?:no_quorum|too_few|count)$/, where);
  if (body.outcome === "count") tableOf(body.aggregate, columnsOf(vote), pairOf, where);
  else listOf(body.aggregate, 0, 0, where);
}

function shareForm(body, vote, where) {
  keysOf(body, ["proofs", "shares", "signature", "trustee", "type"], where);
  integerOf(body.trustee, 1, vote.manifest.trustees.length, where);
  tableOf(body.shares, columnsOf(vote), hashOf, where);
  tableOf(body.proofs, columnsOf(vote), pairOf, where);
}

function resultForm(body, vote, where) {
  const { threshold, trustees } = vote.manifest;
  keysOf(body, ["signature", "totals", "trustees", "type"], where);
  listOf(body.trustees, threshold, threshold, where).forEach((id) => integerOf(id, 1, trustees.length, where));
  rising(body.trustees, where);
  tableOf(body.totals, columnsOf(vote), (total) => integerOf(total, 0, Number.MAX_SAFE_INTEGER, where), where);
}

// Form and order of the checkpoints, before anything is computed.
export function checkCheckpointForms(checkpoints, { manifest }, entries) {
  const names = new Set(manifest.witnesses.map((witness) => witness.name));
  checkpoints.forEach((checkpoint, index) => {
    const where = { checkpoint: index + 1 };
    checkCheckpointForm(checkpoint, names, where);
    demand(checkpoint.n <= entries, "checkpoint_beyond", where);
    if (index === 0) return;
    demand(checkpoints[index - 1].n < checkpoint.n, "not_sorted", where);
    demand(checkpoints[index - 1].time <= checkpoint.time, "checkpoint_time", where);
  });
}

export function checkCheckpointForm(checkpoint, names, where) {
  keysOf(checkpoint, ["cosignatures", "hash", "n", "signature", "time"], where);
  integerOf(checkpoint.n, 1, Number.MAX_SAFE_INTEGER, where);
  hashOf(checkpoint.hash, where);
  signatureOf(checkpoint.signature, where);
  demand(momentOf(checkpoint.time, where)[15] === "0", "checkpoint_time", where);
  listOf(checkpoint.cosignatures, 0, names.size, where).forEach((cosignature) => {
    keysOf(cosignature, ["signature", "witness"], where);
    signatureOf(cosignature.signature, where);
    textOf(cosignature.witness, 200, where);
    demand(names.has(cosignature.witness), "witness_unknown", where);
  });
  ascending(checkpoint.cosignatures.map((cosignature) => cosignature.witness), where);
}

