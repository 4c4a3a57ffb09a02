// What a value read from a file must look like before anything is computed with it.

import { demand } from "./canonical.js";

export function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

// Exactly these keys (given in their order), no other.
export function keysOf(value, keys, where) {
  demand(isObject(value), "shape", where);
  const found = Object.keys(value);
  demand(found.length === keys.length && keys.every((key) => Object.hasOwn(value, key)), "shape", where);
}

export function listOf(value, least, most, where) {
  demand(Array.isArray(value), "shape", where);
  demand(value.length >= least && value.length <= most, "limit", where);
  return value;
}

export function integerOf(value, least, most, where) {
  demand(typeof value === "number", "shape", where);
  demand(value >= least && value <= most, "limit", where);
  return value;
}

export function booleanOf(value, where) {
  demand(typeof value === "boolean", "shape", where);
}

// Text of so many code points at most, one at least.
export function textOf(value, most, where) {
  demand(typeof value === "string", "shape", where);
  demand(value.length >= 1 && value.length <= 2 * most && countOf(value) <= most, "limit", where);
}

function countOf(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

export function matching(value, pattern, where) {
  demand(typeof value === "string" && pattern.test(value), "shape", where);
  return value;
}

export const SLOT = /^[0-9a-f]{32}$/;
export const HASH = /^[0-9a-f]{64}$/;
export const SIGNATURE = /^[0-9a-f]{128}$/;
export const CODE = /^[a-z][a-z0-9_]{0,31}$/;
export const CONFIRMATION = /^[A-Z2-7]{24}$/;
const MOMENT = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})Z$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

// YYYY-MM-DDTHH:MMZ, a real moment. Two of them compare as texts.
export function momentOf(value, where) {
  demand(typeof value === "string", "shape", where);
  const found = MOMENT.exec(value);
  demand(found !== null, "shape", where);
  const [year, month, day, hour, minute] = found.slice(1).map(Number);
  demand(year >= 1 && month >= 1 && month <= 12 && hour <= 23 && minute <= 59, "shape", where);
  demand(day >= 1 && day <= DAYS[month - 1] + (month === 2 && isLeap(year) ? 1 : 0), "shape", where);
  return value;
}

function isLeap(year) {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function pairOf(value, where) {
  demand(Array.isArray(value) && value.length === 2, "shape", where);
  for (const item of value) matching(item, HASH, where);
}

// A list of lists of the given lengths; `check` sees every item.
export function tableOf(value, lengths, check, where) {
  demand(Array.isArray(value) && value.length === lengths.length, "shape", where);
  value.forEach((row, at) => {
    demand(Array.isArray(row) && row.length === lengths[at], "shape", where);
    row.forEach((item) => check(item, where));
  });
}

export function hashOf(value, where) {
  return matching(value, HASH, where);
}

export function signatureOf(value, where) {
  return matching(value, SIGNATURE, where);
}
