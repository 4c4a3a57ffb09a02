// Rehearsal, close, shares and result (protocol/SPEC.md, sections 7 and 8), and the checkpoints' signatures (section 6).

import { canonical, demand, encoded } from "./canonical.js";
import { BASE, encodedPoints, G, multiple, O, pointOf } from "./group.js";
import { hash256, hex, modQ, Q, scalarHash, scalarOf, u64, unhex } from "./hashing.js";

const LEAST_BALLOTS = 10;

// The share D of A by a trustee is right: the proof [c, z] shows the same exponent in V and D.
function checkShare({ name, digest, place, share, alpha, proof, vote, where }) {
  const verifying = pointOf(vote.manifest.trustees[place.trustee - 1].share, where);
  const point = pointOf(share, where);
  const [c, z] = proof.map((scalar) => scalarOf(scalar, where));
  const a = BASE.times(z).subtract(multiple(verifying, c));
  const b = multiple(alpha, z).subtract(multiple(point, c));
  const statement = encodedPoints([verifying, alpha, point, a, b]);
  const hash = scalarHash(name, vote.id, digest, u64(place.trustee), u64(place.question), u64(place.column), ...statement);
  demand(hash === c, "share_proof", where);
  return point;
}

// lambda_j over these ids.
export function lagrange(id, ids) {
  return ids.filter((other) => other !== id).reduce(
    (product, other) => modQ(product * modQ(BigInt(other) * inverse(modQ(BigInt(other - id))))), 1n,
  );
}

function inverse(number) {
  let result = 1n;
  let base = number;
  for (let exponent = Q - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % Q;
    base = (base * base) % Q;
  }
  return result;
}

// B without what the trustees' shares take away.
function opened(beta, ids, shares) {
  return ids.reduce((rest, id, at) => rest.subtract(multiple(shares[at], lagrange(id, ids))), beta);
}

export function checkRehearsal({ body, number }, vote) {
  const pairs = [1, 2, 3].map((i) => {
    const r = scalarHash("rehearsal", vote.id, u64(i));
    return [BASE.times(r), multiple(G, BigInt(i)).add(vote.key.times(r))];
  });
  const shares = body.rehearsal.map((part) => rehearsedShares(part, pairs, vote, number));
  const first = body.rehearsal.slice(0, vote.manifest.threshold);
  pairs.forEach(([, beta], index) => {
    const ids = first.map((part) => part.trustee);
    const plain = opened(beta, ids, ids.map((_, at) => shares[at][index]));
    demand(plain.equals(multiple(G, BigInt(index + 1))), "rehearsal", { entry: number });
  });
}

function rehearsedShares({ trustee, shares, proofs }, pairs, vote, entry) {
  return pairs.map(([alpha], index) => checkShare({
    name: "rehearsal-share", digest: new Uint8Array(32), place: { trustee, question: 0, column: index },
    share: shares[index], alpha, proof: proofs[index], vote, where: { entry, trustee },
  }));
}

// One checkpoint: of this head, signed by the board, cosigned by those it names.
export function checkCheckpoint(checkpoint, head, vote, where) {
  demand(checkpoint.hash === hex(head), "checkpoint_hash", where);
  checkCheckpointSignatures(checkpoint, vote, where);
}

export function checkCheckpointSignatures({ n, hash, time, signature, cosignatures }, vote, where) {
  const content = [vote.id, u64(n), unhex(hash), time];
  demand(vote.board.signed(signature, "checkpoint", ...content), "checkpoint_signature", where);
  for (const { signature: own, witness } of cosignatures) {
    const key = vote.witnesses.get(witness);
    demand(key.signed(own, "cosignature", ...content, witness), "cosignature", { ...where, witness });
  }
}

// What the close must say. `sums`: per question per column the sum over the counted ballots.
export function checkClose({ body, number }, vote, counted, paper, sums) {
  const where = { entry: number };
  demand(body.ballots === counted, "close_ballots", where);
  demand(body.paper === paper, "close_paper", where);
  demand(body.outcome === outcomeOf(vote.manifest, counted, paper), "close_outcome", where);
  if (body.outcome !== "count") return;
  sums.forEach((columns, question) => columns.forEach((pair, column) => pair.forEach((point, half) => {
    const place = { ...where, question: question + 1, column: column + 1 };
    demand(!point.is0(), "identity", place);
    demand(pointOf(body.aggregate[question][column][half], place).equals(point), "aggregate", place);
  })));
}

function outcomeOf({ quorum, register }, ballots, paper) {
  if (quorum !== null) {
    const [voters, needed] = [BigInt(ballots + paper), BigInt(quorum.numerator) * BigInt(register.count)];
    if (voters * BigInt(quorum.denominator) < needed) return "no_quorum";
  }
  return ballots < LEAST_BALLOTS ? "too_few" : "count";
}

// Shares follow only a close that every witness has cosigned.
export function checkWitnessedClose({ number }, checkpoints, { manifest }) {
  const checkpoint = checkpoints.find((candidate) => candidate.n === number);
  demand(checkpoint !== undefined, "close_not_witnessed", { entry: number });
  demand(checkpoint.cosignatures.length === manifest.witnesses.length, "close_not_witnessed", { entry: number });
}

// The points of a share entry, each proved. `sums` as in the close.
export function checkShares({ body, number }, close, vote, sums) {
  const digest = hash256(encoded(canonical(close.body.aggregate)));
  return sums.map((columns, question) => columns.map(([alpha], column) => checkShare({
    name: "share", digest, place: { trustee: body.trustee, question, column },
    share: body.shares[question][column], alpha, proof: body.proofs[question][column], vote,
    where: { entry: number, trustee: body.trustee, question: question + 1, column: column + 1 },
  })));
}

// `shares`: by trustee, the points of its share entry.
export function checkResult({ body, number }, vote, ballots, sums, shares) {
  for (const trustee of body.trustees) demand(shares.has(trustee), "result_without_share", { entry: number, trustee });
  sums.forEach((columns, question) => columns.forEach(([, beta], column) => {
    const where = { entry: number, question: question + 1, column: column + 1 };
    const said = body.totals[question][column];
    demand(said <= ballots * mostOf(vote.layouts[question], column), "result_range", where);
    const plain = opened(beta, body.trustees, body.trustees.map((id) => shares.get(id)[question][column]));
    demand(plain.equals(multiple(G, BigInt(said))), "result", where);
  }));
}

function mostOf(layout, column) {
  return column < layout.options ? layout.points : 1;
}

export function emptySums(layouts) {
  return layouts.map((layout) => layout.columns.map(() => [O, O]));
}

export function addSums(first, second) {
  return first.map((columns, question) => columns.map((pair, column) =>
    pair.map((point, half) => point.add(second[question][column][half])),
  ));
}

