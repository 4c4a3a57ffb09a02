// The manifest, its questions and its trustees' keys (protocol/SPEC.md, sections 2 and 4).

import { byCodePoint, canonical, demand, encoded } from "./canonical.js";
import { encodedPoint, multiple, pointOf, total, BASE, Fixed, Key } from "./group.js";
import { hash256, hasher256, scalarHash, scalarOf, tagged, u64 } from "./hashing.js";
import { booleanOf, CODE, hashOf, integerOf, keysOf, listOf, matching, momentOf, pairOf, textOf } from "./shapes.js";

export const MAX_SLOTS = 1_000_000;
const KEYS = [
  "board_key", "ceremony", "closes", "key", "level", "opens", "questions", "quorum", "register", "revote", "salt",
  "threshold", "title", "trustees", "version", "witnesses",
];
const TEXT_LANGUAGES = ["en", "ja", "ja-easy"];
const MAX_TEXT = 2000;
const MAX_NAME = 200;

// Form and limits of the manifest; nothing is computed yet.
export function checkManifestForm(manifest) {
  keysOf(manifest, KEYS, { part: "manifest" });
  integerOf(manifest.version, 1, 1, inManifest("version"));
  integerOf(manifest.level, 1, 1, inManifest("level"));
  checkTexts(manifest.title, inManifest("title"));
  const opens = momentOf(manifest.opens, inManifest("opens"));
  demand(opens < momentOf(manifest.closes, inManifest("closes")), "opens_after_close", inManifest("closes"));
  checkQuestions(manifest.questions);
  checkQuorum(manifest.quorum);
  keysOf(manifest.register, ["count", "hash"], inManifest("register"));
  integerOf(manifest.register.count, 1, MAX_SLOTS, inManifest("register"));
  hashOf(manifest.register.hash, inManifest("register"));
  booleanOf(manifest.revote, inManifest("revote"));
  for (const key of ["salt", "ceremony", "board_key", "key"]) hashOf(manifest[key], inManifest(key));
  checkTrusteesForm(manifest);
  checkWitnessesForm(manifest.witnesses);
}

function inManifest(part) {
  return { part: `manifest.${part}` };
}

function checkTexts(texts, where) {
  keysOf(texts, TEXT_LANGUAGES.filter((language) => language === "ja" || Object.hasOwn(Object(texts), language)), where);
  for (const text of Object.values(texts)) textOf(text, MAX_TEXT, where);
}

function checkQuorum(quorum) {
  if (quorum === null) return;
  keysOf(quorum, ["denominator", "numerator"], inManifest("quorum"));
  integerOf(quorum.denominator, 1, 1_000_000, inManifest("quorum"));
  integerOf(quorum.numerator, 1, quorum.denominator, inManifest("quorum"));
}

function checkTrusteesForm({ trustees, threshold }) {
  listOf(trustees, 1, 9, inManifest("trustees"));
  integerOf(threshold, 1, trustees.length, inManifest("threshold"));
  trustees.forEach((trustee, index) => {
    keysOf(trustee, ["commitments", "id", "name", "proof", "share"], inManifest("trustees"));
    demand(trustee.id === index + 1, "trustee_ids", inManifest("trustees"));
    textOf(trustee.name, MAX_NAME, inManifest("trustees"));
    listOf(trustee.commitments, threshold, threshold, inManifest("trustees")).forEach((point) => hashOf(point, inManifest("trustees")));
    pairOf(trustee.proof, inManifest("trustees"));
    hashOf(trustee.share, inManifest("trustees"));
  });
}

function checkWitnessesForm(witnesses) {
  listOf(witnesses, 0, 9, inManifest("witnesses"));
  for (const witness of witnesses) {
    keysOf(witness, ["key", "name"], inManifest("witnesses"));
    textOf(witness.name, MAX_NAME, inManifest("witnesses"));
    hashOf(witness.key, inManifest("witnesses"));
  }
  ascending(witnesses.map((witness) => witness.name), inManifest("witnesses"));
}

// Strictly ascending by code point: sorted, and none twice.
export function ascending(names, where) {
  for (let place = 1; place < names.length; place += 1) {
    demand(byCodePoint(names[place - 1], names[place]) < 0, "not_sorted", where);
  }
}

function checkQuestions(questions) {
  listOf(questions, 1, 20, inManifest("questions"));
  questions.forEach(checkQuestion);
  demand(new Set(questions.map((question) => question.code)).size === questions.length, "question_codes", inManifest("questions"));
}

function checkQuestion(question, index) {
  const where = { part: "manifest.questions", question: index + 1 };
  keysOf(question, ["blank", "code", "kind", "max", "min", "options", "points", "text"], where);
  booleanOf(question.blank, where);
  matching(question.code, CODE, where);
  checkTexts(question.text, where);
  listOf(question.options, 1, 99, where).forEach((option, place) => {
    keysOf(option, ["code", "text"], where);
    demand(option.code === `o${String(place + 1).padStart(2, "0")}`, "option_codes", where);
    checkTexts(option.text, where);
  });
  for (const key of ["max", "min", "points"]) integerOf(question[key], 0, 99, where);
  demand(isPossible(question, question.options.length), "question_kind", where);
}

function isPossible({ kind, min, max, points, blank }, options) {
  if (kind === "single") return min === 1 && max === 1 && points === 1 && (options >= 2 || blank);
  if (kind === "approval") return min <= max && max <= options && max >= 1 && points === 1;
  return kind === "score" && min === 0 && max === options && points >= 2 && points <= 20;
}

// w0 ... of k points: every number 0 ... k is a sum of some of them.
export function weightsOf(points) {
  const bits = points.toString(2).length;
  const weights = Array.from({ length: bits - 1 }, (_, bit) => 2 ** bit);
  return [...weights, points - (2 ** (bits - 1) - 1)];
}

// What a ballot of this question is made of: its positions, and its columns as lists of [position, weight].
export function layoutOf(question) {
  const options = question.options.length;
  const weights = weightsOf(question.points);
  const columns = question.options.map((_, option) => weights.map((weight, bit) => [option * weights.length + bit, weight]));
  const marks = options * weights.length;
  if (question.blank) columns.push([[marks, 1]]);
  return { ...question, options, weights, columns, marks, positions: marks + (question.blank ? 1 : 0) };
}

// The vote of a manifest: its id, its layouts, and what later checks compute with. Keys stay unread (`keysOfVote`).
export function voteOf(manifest) {
  return { manifest, id: hash256(encoded(canonical(manifest))), layouts: manifest.questions.map(layoutOf) };
}

// Reads every key of the vote; each must be a point of order q.
export function readKeys(vote) {
  const { manifest } = vote;
  vote.key = new Fixed(pointOf(manifest.key, inManifest("key")));
  vote.keyBytes = encodedPoint(vote.key.point);
  vote.board = new Key(manifest.board_key, inManifest("board_key"), Fixed);
  vote.witnesses = new Map(manifest.witnesses.map((witness) => [witness.name, new Key(witness.key, inManifest("witnesses"))]));
}

// The trustees' proofs, the joint key and every share follow from the commitments.
export function checkCeremony({ manifest, key }) {
  const commitments = manifest.trustees.map((trustee) => trustee.commitments.map((point) => pointOf(point, inManifest("trustees"))));
  manifest.trustees.forEach((trustee, index) => checkKeyProof(manifest, trustee, commitments[index]));
  demand(total(commitments.map(([first]) => first)).equals(key.point), "joint_key", inManifest("key"));
  for (const trustee of manifest.trustees) {
    const share = pointOf(trustee.share, inManifest("trustees"));
    demand(shareFor(trustee.id, commitments).equals(share), "trustee_share", { ...inManifest("trustees"), trustee: trustee.id });
  }
}

function checkKeyProof(manifest, trustee, commitments) {
  const where = { ...inManifest("trustees"), trustee: trustee.id };
  const [c, z] = trustee.proof.map((scalar) => scalarOf(scalar, where));
  const commitment = BASE.times(z).subtract(multiple(commitments[0], c));
  const points = [...commitments, commitment].map(encodedPoint);
  demand(scalarHash("key", manifest.ceremony, u64(trustee.id), ...points) === c, "trustee_proof", where);
}

function shareFor(id, commitments) {
  return total(commitments.map((coefficients) =>
    coefficients.reduceRight((sum, point) => multiple(sum, BigInt(id)).add(point)),
  ));
}

const SLOT_FRAME = 36; // a length and 32 hex digits
const SLOTS_AT_ONCE = 4096;

// The hash of all slots, for `register`; they must be hex digits, and ascend strictly. `step` is awaited now and then.
export async function registerHash(slots, step) {
  const hasher = hasher256().update(tagged("register"));
  for (let first = 0; first < slots.length; first += SLOTS_AT_ONCE) {
    const some = slots.slice(first, first + SLOTS_AT_ONCE);
    demand(some.every((slot, at) => first + at === 0 || slots[first + at - 1] < slot), "not_sorted", { part: "slots" });
    hasher.update(framesOf(some));
    await step(first, slots.length);
  }
  return hasher.digest();
}

function framesOf(slots) {
  const bytes = new Uint8Array(SLOT_FRAME * slots.length);
  slots.forEach((slot, index) => {
    bytes[SLOT_FRAME * index + 3] = 32;
    for (let at = 0; at < 32; at += 1) bytes[SLOT_FRAME * index + 4 + at] = slot.charCodeAt(at);
  });
  return bytes;
}
