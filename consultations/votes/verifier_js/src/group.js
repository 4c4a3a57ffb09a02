// The prime-order subgroup of edwards25519. Field and curve arithmetic are @noble/curves' own; what stands here is the
// order in which its additions and doublings are made, so that a point met in several products is doubled only once.

import { demand } from "./canonical.js";
import { littleEndian, Q, sameBytes, scalarBytes, sha512, tagged, unhex } from "./hashing.js";

const { Point } = noble.ed25519;
export const G = Point.BASE;
export const O = Point.ZERO;
const BITS = 253;
const WINDOW = 4; // signed digits +-1, +-3, +-5, +-7

// Non-adjacent digits of a scalar, lowest first, as pairs [place, odd digit between -7 and 7].
function digitsOf(scalar) {
  const bits = bitsOfScalar(scalar);
  const digits = [];
  for (let place = 0; place < bits.length; place += 1) {
    if (bits[place] === 0) continue;
    let digit = bits[place] + 2 * bits[place + 1] + 4 * bits[place + 2] + 8 * bits[place + 3];
    if (digit > 7) {
      digit -= 16;
      carry(bits, place + WINDOW);
    }
    digits.push([place, digit]);
    place += WINDOW - 1;
  }
  return digits;
}

function bitsOfScalar(scalar) {
  const bytes = scalarBytes(scalar);
  const bits = new Uint8Array(BITS + 2 * WINDOW);
  for (let place = 0; place < BITS; place += 1) bits[place] = (bytes[place >> 3] >> (place & 7)) & 1;
  return bits;
}

function carry(bits, from) {
  let place = from;
  for (; bits[place] === 1; place += 1) bits[place] = 0;
  bits[place] = 1;
}

const Q_DIGITS = digitsOf(Q);

// A point that several scalars will multiply: its doublings are made once (Yao's method, with signed digits).
export class Chain {
  constructor(point) {
    this.point = point;
    this.doublings = [point];
    while (this.doublings.length <= BITS) this.doublings.push(this.doublings.at(-1).double());
  }

  times(scalar) {
    return product([this], digitsOf(scalar));
  }

  isTorsionFree() {
    return product([this], Q_DIGITS).is0();
  }
}

// [scalar](sum of the chains' points).
export function timesSum(chains, scalar) {
  return product(chains, digitsOf(scalar));
}

function product(chains, digits) {
  const buckets = [null, null, null, null]; // sums for 1, 3, 5, 7
  for (const [place, digit] of digits) {
    const at = (Math.abs(digit) - 1) / 2;
    for (const chain of chains) {
      const step = chain.doublings[place];
      const signed = digit > 0 ? step : step.negate();
      buckets[at] = buckets[at] === null ? signed : buckets[at].add(signed);
    }
  }
  const [one, three, five, seven] = buckets.map((bucket) => bucket ?? O);
  const upper = five.add(seven);
  const doubled = three.add(upper).add(upper).add(seven); // 3 + 2*5 + 3*7
  return doubled.double().add(one.add(three).add(upper));
}

// A point that very many scalars will multiply: [d * 256^i] for every i and d are kept.
export class Fixed {
  constructor(point) {
    this.point = point;
    this.rows = null;
  }

  times(scalar) {
    this.rows ??= rowsOf(this.point);
    let sum = O;
    scalarBytes(scalar).forEach((digit, row) => {
      if (digit !== 0) sum = sum.add(this.rows[row][digit]);
    });
    return sum;
  }
}

function rowsOf(point) {
  const rows = [];
  let start = point;
  for (let row = 0; row < 32; row += 1) {
    const steps = [O];
    for (let digit = 1; digit < 256; digit += 1) steps.push(steps[digit - 1].add(start));
    rows.push(steps);
    start = steps[255].add(start);
  }
  return rows;
}

export const BASE = new Fixed(G);

// The point of 64 hex digits of a file: canonical, on the curve, of order q exactly. As a chain, for what follows.
export function chainOf(text, where) {
  const chain = new Chain(decodedPoint(text, where));
  demand(chain.isTorsionFree(), "point_order", where);
  return chain;
}

export function pointOf(text, where) {
  const point = decodedPoint(text, where);
  demand(point.isTorsionFree(), "point_order", where);
  return point;
}

function decodedPoint(text, where) {
  const point = onCurve(unhex(text));
  demand(point !== null, "point_encoding", where);
  demand(!point.is0(), "point_order", where);
  return point;
}

// The point of 32 bytes, or null. RFC 8032 5.1.3 strictly: y < p, and no sign on x = 0.
function onCurve(bytes) {
  try {
    const point = Point.fromBytes(bytes, false);
    if (!point.is0()) point.assertValidity();
    return point;
  } catch {
    return null;
  }
}

export function multiple(point, scalar) {
  return scalar === 0n ? O : point.multiplyUnsafe(scalar);
}

export function total(points) {
  return points.reduce((sum, point) => sum.add(point), O);
}

// The encodings of points (O too), with one inversion for all of them.
export function encodedPoints(points) {
  const inverses = Point.Fp.invertBatch(points.map((point) => point.Z));
  return points.map((point, at) => {
    const { x, y } = point.toAffine(inverses[at]);
    const bytes = Point.Fp.toBytes(y);
    if (x & 1n) bytes[31] |= 128;
    return bytes;
  });
}

export function encodedPoint(point) {
  return point.toBytes();
}

// The point of an encoding that this program itself computed (O too).
export function computedPoint(bytes) {
  return Point.fromBytes(bytes, false);
}

// A key that verifies signatures: Ed25519 without cofactor, by comparing encodings. `Multiples`: Chain for some
// signatures, Fixed for very many.
export class Key {
  constructor(text, where, Multiples = Chain) {
    this.bytes = unhex(text);
    this.minus = new Multiples(pointOf(text, where).negate());
  }

  signed(signature, name, ...parts) {
    const bytes = unhex(signature);
    const first = bytes.subarray(0, 32);
    const s = littleEndian(bytes.subarray(32));
    if (s >= Q) return false;
    const message = tagged(name, ...parts);
    const whole = new Uint8Array(64 + message.length);
    whole.set(first, 0);
    whole.set(this.bytes, 32);
    whole.set(message, 64);
    const k = littleEndian(sha512(whole)) % Q;
    return sameBytes(encodedPoint(BASE.times(s).add(this.minus.times(k))), first);
  }
}
