// Ballots: their form, and the proofs that every mark is 0 or 1 and every sum allowed (protocol/SPEC.md, section 5).

import { canonical, demand, encoded } from "./canonical.js";
import { BASE, Chain, chainOf, encodedPoints, G, multiple, timesSum, total, O } from "./group.js";
import { hash256, modQ, Q, scalarBytes, scalarHash, scalarOf, tagged, u64, unhex } from "./hashing.js";
import { integerOf, keysOf, listOf, matching, pairOf, SLOT, HASH, tableOf } from "./shapes.js";

export const BALLOT_KEYS = ["ciphertexts", "prev", "proofs", "seq", "slot", "type"];
const FEW = 2; // up to so many positions their doublings serve their sum too

// The form of a ballot of this vote (its signature, if any, is the board's business).
export function checkBallotForm(ballot, layouts, where) {
  demand(ballot.type === "cast", "shape", where);
  checkLink(ballot, where);
  tableOf(ballot.ciphertexts, layouts.map((layout) => layout.positions), pairOf, where);
  listOf(ballot.proofs, layouts.length, layouts.length, where);
  layouts.forEach((layout, question) => {
    const proof = ballot.proofs[question];
    keysOf(proof, ["bits", "sum"], where);
    tableOf(proof.bits, Array(layout.positions).fill(2), pairOf, where);
    listOf(proof.sum, ...Array(2).fill(sumValues(layout).length), where).forEach((pair) => pairOf(pair, where));
  });
}

// Slot, number and previous hash of an entry in the chain of its slot.
export function checkLink({ slot, seq, prev }, where) {
  matching(slot, SLOT, where);
  integerOf(seq, 1, Number.MAX_SAFE_INTEGER, where);
  demand(prev === "" || (typeof prev === "string" && HASH.test(prev)), "shape", where);
  demand((seq === 1) === (prev === ""), "slot_chain", where);
}

// The branches of the statement on the sum, as the integers it may be; none: no statement.
function sumValues({ kind, min, max, blank, options }) {
  if (kind === "single") return [1];
  if (kind === "score") return blank ? [0, -1] : [];
  if (!blank && min === 0 && max === options) return [];
  const values = Array.from({ length: max - min + 1 }, (_, step) => min + step);
  return blank ? [...values, options + 1] : values;
}

// Every point of the ballot is of order q, every proof holds. Returns per question per column the pair of points.
export function checkBallot(ballot, vote, where) {
  const context = hash256(tagged(
    "context", vote.id, ballot.slot, u64(ballot.seq), ballot.prev, encoded(canonical(ballot.ciphertexts)),
  ));
  return vote.layouts.map((layout, question) => {
    const place = { ...where, question: question + 1 };
    const marks = ballot.ciphertexts[question].map((texts) => readMark(texts, place));
    const statements = [...bitStatements(marks, ballot.proofs[question].bits)];
    const sum = sumStatement(layout, marks, ballot.proofs[question].sum);
    if (sum !== null) statements.push(sum);
    checkStatements(statements, vote, context, question, place);
    return layout.columns.map((column) => columnOf(marks, column));
  });
}

function readMark([alpha, beta], where) {
  const chains = [chainOf(alpha, where), chainOf(beta, where)];
  return { alpha: [chains[0]], beta: [chains[1]], points: chains.map((chain) => chain.point), bytes: [unhex(alpha), unhex(beta)] };
}

function bitStatements(marks, proofs) {
  return marks.map((mark, position) => ({
    name: "bit",
    place: position,
    branches: [0, 1].map((value) => ({ mark, value })),
    proof: proofs[position],
  }));
}

function sumStatement(layout, marks, proof) {
  const values = sumValues(layout);
  if (values.length === 0) return null;
  const counted = marks.slice(0, layout.marks);
  const blank = layout.blank ? marks[layout.marks] : null;
  const branches = sumMarks(layout, counted, blank).map((mark, branch) => ({ mark, value: values[branch] }));
  return { name: "sum", place: layout.positions, branches, proof };
}

// The ciphertext of each branch of the statement on the sum.
function sumMarks(layout, counted, blank) {
  if (layout.kind === "score") return [blank, difference(added(counted), blank)];
  if (layout.kind === "single") return [added(blank === null ? counted : [...counted, blank])];
  const sum = blank === null ? added(counted) : weighted(counted, blank, layout.options + 1);
  return sumValues(layout).map(() => sum);
}

function added(marks) {
  const points = [0, 1].map((half) => total(marks.map((mark) => mark.points[half])));
  if (marks.length > FEW) return fresh(points);
  return { alpha: marks.flatMap((mark) => mark.alpha), beta: marks.flatMap((mark) => mark.beta), points, bytes: null };
}

function weighted(counted, blank, weight) {
  return fresh([0, 1].map((half) =>
    total(counted.map((mark) => mark.points[half])).add(multiple(blank.points[half], BigInt(weight))),
  ));
}

function difference(first, second) {
  return fresh([0, 1].map((half) => first.points[half].subtract(second.points[half])));
}

function fresh(points) {
  const chains = points.map((point) => new Chain(point));
  return { alpha: [chains[0]], beta: [chains[1]], points, bytes: null };
}

// A column's ciphertext: the weighted sum of its positions, as points.
function columnOf(marks, column) {
  return [0, 1].map((half) => {
    return total(column.map(([position, weight]) => multiple(marks[position].points[half], BigInt(weight))));
  });
}

function checkStatements(statements, vote, context, question, where) {
  for (const statement of statements) {
    for (const { mark } of statement.branches) {
      demand(!mark.points.some((point) => point.is0()), "identity", where);
    }
  }
  const commitments = encodedPoints(statements.flatMap((statement) => commitmentsOf(statement, vote, where)));
  const bytes = bytesOfMarks(statements);
  let taken = 0;
  for (const { name, place, branches, proof } of statements) {
    const own = commitments.slice(taken, taken + 2 * branches.length);
    taken += own.length;
    const claims = branches.flatMap(({ mark, value }) => [...bytes.get(mark), scalarBytes(modQ(BigInt(value)))]);
    const hash = scalarHash(name, context, u64(question), u64(place), vote.keyBytes, ...claims, ...own);
    const challenge = proof.reduce((sum, [c]) => sum + scalarOf(c, where), 0n) % Q;
    demand(challenge === hash, name === "bit" ? "bit_proof" : "sum_proof", { ...where, position: place + 1 });
  }
}

// a = [z]G - [c]alpha and b = [z]Y - [c](beta - [m]G) of every branch.
function commitmentsOf({ branches, proof }, vote, where) {
  return branches.flatMap(({ mark, value }, branch) => {
    const [c, z] = proof[branch].map((scalar) => scalarOf(scalar, where));
    const minus = Q - c;
    const lift = modQ(c * BigInt(value));
    const b = vote.key.times(z).add(timesSum(mark.beta, minus));
    return [BASE.times(z).add(timesSum(mark.alpha, minus)), lift === 0n ? b : b.add(BASE.times(lift))];
  });
}

function bytesOfMarks(statements) {
  const marks = [...new Set(statements.flatMap(({ branches }) => branches.map(({ mark }) => mark)))];
  const made = marks.filter((mark) => mark.bytes === null);
  const bytes = encodedPoints(made.flatMap((mark) => mark.points));
  const known = new Map(marks.map((mark) => [mark, mark.bytes]));
  made.forEach((mark, index) => known.set(mark, bytes.slice(2 * index, 2 * index + 2)));
  return known;
}

// The bits of a value in the weights of its column, by position (lowest weight first).
export function bitsOf(value, weights) {
  let rest = value;
  return weights.map((_, place) => weights.length - 1 - place).map((bit) => {
    const set = rest >= weights[bit];
    if (set) rest -= weights[bit];
    return set ? 1 : 0;
  }).reverse();
}

// [r]G, [b]G + [r]Y.
export function encryptionOf(bit, r, vote) {
  return [BASE.times(r), (bit === 1 ? G : O).add(vote.key.times(r))];
}
