// A board file, read piece by piece: it may be larger than memory (protocol/SPEC.md, sections 6 and 10).

import { decoded, demand, encoded, parsed, refuse } from "./canonical.js";
import { MAX_SLOTS } from "./manifest.js";

export const MAX_FILE = 2 ** 31;
const MAX_PIECE = 2 ** 28; // above the largest possible entry or manifest
const BLOCK = 2 ** 22;
const [QUOTE, COMMA, BACKSLASH] = encoded('",\\');
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = encoded("[]{}");
const SLOT_SIZE = 34;
const SLOT_AND_SIGN = /^"[0-9a-f]{32}"[,\]]$/;

// Reads a blob from its beginning, a block at a time.
class Cursor {
  constructor(blob) {
    this.blob = blob;
    this.start = 0; // place in the file of block[0]
    this.block = new Uint8Array(0);
    this.at = 0; // place in the block
  }

  get place() {
    return this.start + this.at;
  }

  // Drops what was read and appends the next block; false at the end of the file.
  async more() {
    const from = this.start + this.block.length;
    const next = await bytesOf(this.blob, from, from + BLOCK);
    const kept = this.block.subarray(this.at);
    const joined = new Uint8Array(kept.length + next.length);
    joined.set(kept);
    joined.set(next, kept.length);
    this.start += this.at;
    this.at = 0;
    this.block = joined;
    return next.length > 0;
  }

  async holds(size) {
    while (this.block.length - this.at < size) {
      if (!(await this.more())) return false;
    }
    return true;
  }

  // Exactly this text comes next.
  async expect(text) {
    const bytes = encoded(text);
    demand(await this.holds(bytes.length), "file_ends", { at: this.place });
    demand(bytes.every((byte, offset) => this.block[this.at + offset] === byte), "not_board", { at: this.place });
    this.at += bytes.length;
  }

  async peek() {
    demand(await this.holds(1), "file_ends", { at: this.place });
    return this.block[this.at];
  }

  // Steps over an object, by its brackets alone; its place and length.
  async object() {
    demand((await this.peek()) === OPEN_OBJECT, "not_board", { at: this.place });
    const start = this.place;
    const state = { depth: 0, inText: false, offset: 0 };
    while (!passObject(this.block, this.at, state)) {
      demand(this.block.length - this.at <= MAX_PIECE, "limit", { at: start });
      demand(await this.more(), "file_ends", { at: start });
    }
    this.at += state.offset;
    return [start, state.offset];
  }
}

// Goes on to the end of the object that begins at `at`; true when it was reached.
function passObject(block, at, state) {
  for (; at + state.offset < block.length; state.offset += 1) {
    const byte = block[at + state.offset];
    if (state.inText) {
      if (byte === QUOTE) state.inText = false;
      else if (byte === BACKSLASH) state.offset += 1;
    } else if (byte === QUOTE) state.inText = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) state.depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      state.depth -= 1;
      if (state.depth === 0) {
        state.offset += 1;
        return true;
      }
    }
  }
  return false;
}

export async function bytesOf(blob, from, to) {
  try {
    return new Uint8Array(await blob.slice(from, to).arrayBuffer());
  } catch {
    return refuse("unreadable");
  }
}

// Where everything stands in a board file: manifest, checkpoints, slots, and the places of the entries.
// `step(done)` is awaited now and then with the number of bytes passed.
export async function openBoard(blob, step) {
  demand(blob.size > 0, "file_ends", { at: 0 });
  demand(blob.size <= MAX_FILE, "limit", { part: "file" });
  const cursor = new Cursor(blob);
  await cursor.expect('{"checkpoints":[');
  const checkpoints = [];
  await eachObject(cursor, async (start, size) => checkpoints.push(await pieceOf(blob, start, size, 2)), step);
  await cursor.expect(',"entries":[');
  const places = new Places();
  await eachObject(cursor, (start, size) => places.add(start, size), step);
  await cursor.expect(',"manifest":');
  const manifest = await pieceOf(blob, ...(await cursor.object()), 1);
  await cursor.expect(',"slots":[');
  const slots = await readSlots(cursor, step);
  await cursor.expect(',"version":1}');
  demand(!(await cursor.holds(1)), "not_board", { at: cursor.place });
  return { blob, checkpoints, manifest, slots, places };
}

// The objects of a list whose bracket is open, up to and with its closing bracket.
async function eachObject(cursor, take, step) {
  if ((await cursor.peek()) === CLOSE_LIST) {
    cursor.at += 1;
    return;
  }
  for (;;) {
    await take(...(await cursor.object()));
    await step(cursor.place);
    const sign = await cursor.peek();
    demand(sign === COMMA || sign === CLOSE_LIST, "not_board", { at: cursor.place });
    cursor.at += 1;
    if (sign === CLOSE_LIST) return;
  }
}

async function readSlots(cursor, step) {
  const slots = [];
  for (;;) {
    demand(await cursor.holds(SLOT_SIZE + 1), "not_board", { at: cursor.place });
    const text = String.fromCharCode(...cursor.block.subarray(cursor.at, cursor.at + SLOT_SIZE + 1));
    demand(SLOT_AND_SIGN.test(text), "slot_form", { at: cursor.place });
    demand(slots.length < MAX_SLOTS, "limit", { part: "slots" });
    slots.push(text.slice(1, SLOT_SIZE - 1));
    cursor.at += SLOT_SIZE + 1;
    if (text.endsWith("]")) return slots;
    if (slots.length % 4096 === 0) await step(cursor.place);
  }
}

async function pieceOf(blob, start, size, depth) {
  return parsed(decoded(await bytesOf(blob, start, start + size)), depth);
}

// Places and lengths of the entries; entry n is the n-th, from 1.
class Places {
  constructor() {
    this.starts = [];
    this.sizes = [];
  }

  add(start, size) {
    this.starts.push(start);
    this.sizes.push(size);
  }

  get count() {
    return this.starts.length;
  }

  // Consecutive runs of entries [first, last] of about so many bytes and no more than so many entries.
  runs(bytes, most) {
    const runs = [];
    for (let first = 1; first <= this.count; ) {
      let last = first;
      while (last < this.count && last - first + 1 < most && this.endOf(last + 1) - this.starts[first - 1] <= bytes) last += 1;
      runs.push([first, last]);
      first = last + 1;
    }
    return runs;
  }

  endOf(entry) {
    return this.starts[entry - 1] + this.sizes[entry - 1];
  }

  // What a run looks like from outside: where its bytes are, and where in them each entry is.
  runOf(first, last) {
    const start = this.starts[first - 1];
    const spans = [];
    for (let entry = first; entry <= last; entry += 1) spans.push([this.starts[entry - 1] - start, this.sizes[entry - 1]]);
    return { first, start, end: this.endOf(last), spans };
  }
}

// The entries of a run, read strictly: [number, {"body", "hash"}] each.
export async function entriesOf(blob, run) {
  const bytes = await bytesOf(blob, run.start, run.end);
  return run.spans.map(([offset, size], index) => {
    const where = { entry: run.first + index };
    try {
      return [where.entry, parsed(decoded(bytes.subarray(offset, offset + size)), 2)];
    } catch (error) {
      return refuse(error.reason ?? "unreadable", { ...where, ...error.where });
    }
  });
}

// A small file (receipt, audited ballot, checkpoint): its value.
export async function smallFile(blob) {
  demand(blob.size <= MAX_PIECE, "limit", { part: "file" });
  return parsed(decoded(await bytesOf(blob, 0, blob.size)));
}

