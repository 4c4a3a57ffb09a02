// Canonical JSON (protocol/SPEC.md, section 1). The reader takes nothing but the canonical form: whatever it takes
// is, byte for byte, what `canonical` writes.

const MAX_DEPTH = 16;
const NUMBER = /(?:0|[1-9][0-9]*)(?![0-9.eE+-])/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\btnfr]|u00[01][0-9a-f])/y;
const LONG_FORMS = new Set(["\\u0008", "\\u0009", "\\u000a", "\\u000c", "\\u000d"]);
const LONE = /\p{Surrogate}/u; // with the u flag a pair is one sign
const utf8 = new TextEncoder();

// What this program throws when something is not as it must be: the name of the reason, and where.
export class Refused extends Error {
  constructor(reason, where = {}) {
    super(reason);
    this.reason = reason;
    this.where = where;
  }
}

export function isRefused(error) {
  return error instanceof Refused;
}

export function refuse(reason, where) {
  throw new Refused(reason, where);
}

export function demand(condition, reason, where) {
  if (!condition) throw new Refused(reason, where);
}

export function encoded(text) {
  return utf8.encode(text);
}

// The text of UTF-8 bytes. Refuses what is not UTF-8 (so also overlong forms and surrogates); keeps a byte order mark.
export function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse("not_utf8");
  }
}

// The value of a text that is canonical JSON; objects have no prototype. `depth`: how deep the text itself stands.
export function parsed(text, depth = 0) {
  const reader = { text, at: 0 };
  const value = readValue(reader, depth);
  demand(reader.at === text.length, "not_canonical", { at: reader.at });
  demand(canonical(value) === text, "not_canonical", { at: 0 });
  return value;
}

function readValue(reader, depth) {
  switch (reader.text[reader.at]) {
    case "{":
      return readObject(reader, deeper(depth));
    case "[":
      return readArray(reader, deeper(depth));
    case '"':
      return readString(reader);
    case "t":
      return readWord(reader, "true", true);
    case "f":
      return readWord(reader, "false", false);
    case "n":
      return readWord(reader, "null", null);
    default:
      return readNumber(reader);
  }
}

function deeper(depth) {
  demand(depth < MAX_DEPTH, "too_deep");
  return depth + 1;
}

function readWord(reader, word, value) {
  demand(reader.text.startsWith(word, reader.at), "not_canonical", { at: reader.at });
  reader.at += word.length;
  return value;
}

function readNumber(reader) {
  const digits = matched(NUMBER, reader);
  demand(digits !== null, "not_canonical", { at: reader.at });
  reader.at += digits.length;
  const value = Number(digits);
  demand(Number.isSafeInteger(value), "number_too_large", { at: reader.at });
  return value;
}

function matched(pattern, reader) {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  return found === null ? null : found[0];
}

function readString(reader) {
  reader.at += 1;
  let value = "";
  for (;;) {
    const plain = matched(PLAIN, reader);
    reader.at += plain.length;
    value += plain;
    if (reader.text[reader.at] === '"') break;
    value += readEscape(reader);
  }
  reader.at += 1;
  return value;
}

function readEscape(reader) {
  const found = matched(ESCAPE, reader);
  demand(found !== null && !LONG_FORMS.has(found), "not_canonical", { at: reader.at });
  reader.at += found.length;
  return JSON.parse(`"${found}"`);
}

function readArray(reader, depth) {
  const items = [];
  reader.at += 1;
  if (reader.text[reader.at] === "]") {
    reader.at += 1;
    return items;
  }
  for (;;) {
    items.push(readValue(reader, depth));
    if (!another(reader, "]")) return items;
  }
}

// Steps over the comma (true) or the closing bracket (false) that must stand here.
function another(reader, closing) {
  const sign = reader.text[reader.at];
  demand(sign === "," || sign === closing, "not_canonical", { at: reader.at });
  reader.at += 1;
  return sign === ",";
}

function readObject(reader, depth) {
  const object = Object.create(null);
  let last = null;
  reader.at += 1;
  if (reader.text[reader.at] === "}") {
    reader.at += 1;
    return object;
  }
  for (;;) {
    demand(reader.text[reader.at] === '"', "not_canonical", { at: reader.at });
    const key = readString(reader);
    demand(last === null || byCodePoint(last, key) < 0, "not_canonical", { at: reader.at });
    demand(reader.text[reader.at] === ":", "not_canonical", { at: reader.at });
    reader.at += 1;
    object[key] = readValue(reader, depth);
    last = key;
    if (!another(reader, "}")) return object;
  }
}

// Order of code points; JavaScript's own order is that of UTF-16 units, which differs above U+FFFF.
export function byCodePoint(first, second) {
  const left = Array.from(first, (sign) => sign.codePointAt(0));
  const right = Array.from(second, (sign) => sign.codePointAt(0));
  const shared = Math.min(left.length, right.length);
  for (let place = 0; place < shared; place += 1) {
    if (left[place] !== right[place]) return left[place] - right[place];
  }
  return left.length - right.length;
}

// The canonical text of a value this program has read or made.
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return leaf(value);
  const keys = Object.keys(value).sort(byCodePoint);
  return `{${keys.map((key) => `${leaf(key)}:${canonical(value[key])}`).join(",")}}`;
}

// JSON.stringify escapes exactly as the specification does; a lone surrogate and an odd number are refused before.
function leaf(value) {
  if (typeof value === "string") demand(!LONE.test(value), "not_canonical");
  else if (typeof value === "number") demand(Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0), "not_canonical");
  else demand(value === null || typeof value === "boolean", "not_canonical");
  return JSON.stringify(value);
}

// The canonical bytes of an object without its signature.
export function unsigned(object) {
  const { signature: _, ...rest } = object;
  return encoded(canonical(rest));
}
