// Frames and hashes (protocol/SPEC.md, section 1).

import { demand, encoded } from "./canonical.js";

const { sha256, expand_message_xmd: expand } = noble;
const PROTOCOL = "machikoe.vote.1/";
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
export const { sha512 } = noble;
export const Q = 2n ** 252n + 27742317777372353535851937790883648493n;

export function hash256(bytes) {
  return sha256(bytes);
}

// For what is too long to stand in memory twice.
export function hasher256() {
  return sha256.create();
}

// frame(x1, ..., xk): each part with its length before it. A text stands for its UTF-8 bytes.
export function frame(...parts) {
  const pieces = parts.map((part) => (typeof part === "string" ? encoded(part) : part));
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + 4 + piece.length, 0));
  const view = new DataView(whole.buffer);
  let at = 0;
  for (const piece of pieces) {
    view.setUint32(at, piece.length);
    whole.set(piece, at + 4);
    at += 4 + piece.length;
  }
  return whole;
}

export function tagged(name, ...parts) {
  return frame(PROTOCOL + name, ...parts);
}

export function u64(number) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}

export function scalarHash(name, ...parts) {
  return littleEndian(expand(frame(...parts), encoded(PROTOCOL + name), 64, sha512)) % Q;
}

export function littleEndian(bytes) {
  let hex = "";
  for (let at = bytes.length - 1; at >= 0; at -= 1) hex += HEX[bytes[at]];
  return BigInt(`0x${hex}`);
}

export function scalarBytes(scalar) {
  return unhex(scalar.toString(16).padStart(64, "0")).reverse();
}

export function modQ(number) {
  const rest = number % Q;
  return rest < 0n ? rest + Q : rest;
}

export function hex(bytes) {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

// The bytes of a lower-case hex text whose form was checked before (`shapes.js`).
export function unhex(text) {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = 16 * nibble(text, 2 * at) + nibble(text, 2 * at + 1);
  return bytes;
}

function nibble(text, at) {
  const sign = text.charCodeAt(at);
  return sign < 58 ? sign - 48 : sign - 87;
}

export function sameBytes(first, second) {
  return first.length === second.length && first.every((byte, at) => byte === second[at]);
}

// A scalar of a file: 64 hex digits, little-endian, below q.
export function scalarOf(text, where) {
  const scalar = littleEndian(unhex(text));
  demand(scalar < Q, "scalar_range", where);
  return scalar;
}

// The confirmation number of a ballot: the first 24 base32 characters of its hash.
export function confirmationOf(ballotHash) {
  let bits = 0n;
  for (const byte of ballotHash.subarray(0, 15)) bits = (bits << 8n) | BigInt(byte);
  let text = "";
  for (let place = 115n; place >= 0n; place -= 5n) text += BASE32[Number((bits >> place) & 31n)];
  return text;
}
