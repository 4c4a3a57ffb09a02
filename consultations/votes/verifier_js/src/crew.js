// The costly part, entry by entry: signatures and proofs. One worker or many, the verdict is the same: runs of entries
// are handed out in order, and of all refusals the one of the lowest entry counts.

import { isRefused, refuse, unsigned } from "./canonical.js";
import { checkBallot } from "./ballots.js";
import { entriesOf } from "./file.js";
import { computedPoint, encodedPoints } from "./group.js";
import { unhex } from "./hashing.js";
import { readKeys, voteOf } from "./manifest.js";
import { addSums, emptySums } from "./tally.js";

const RUN_BYTES = 2 ** 16;
const RUN_ENTRIES = 24;

// Checks the entries of a run and adds up the counted ones. Returns { sums } (encoded) or { failure }.
export async function checkRun(blob, vote, { run, before, counted }) {
  let sums = emptySums(vote.layouts);
  let check = "chain";
  let head = before;
  try {
    for (const [number, { body, hash }] of await entriesOf(blob, run)) {
      check = "signatures";
      const fits = vote.board.signed(body.signature, "entry", vote.id, head, unsigned(body));
      head = unhex(hash);
      if (!fits) refuse("entry_signature", { entry: number });
      if (body.type !== "cast") continue;
      check = "ballots";
      const { signature: _, ...ballot } = body;
      const columns = checkBallot(ballot, vote, { entry: number });
      if (counted.includes(number)) sums = addSums(sums, columns);
    }
  } catch (error) {
    if (!isRefused(error)) return { failure: { check, reason: "unexpected", where: { entry: run.first, said: String(error) } } };
    return { failure: { check, reason: error.reason, where: error.where } };
  }
  return { sums: encodedSums(sums) };
}

function encodedSums(sums) {
  return encodedPoints(sums.flat(2));
}

function decodedSums(bytes, layouts) {
  const points = bytes.map(computedPoint);
  return layouts.map((layout) => layout.columns.map(() => points.splice(0, 2)));
}

// Has every entry checked by `members` (each takes a job and promises its answer). Returns the sums, or refuses.
export async function checkEntries({ places }, ledger, vote, members, progress) {
  const runs = places.runs(RUN_BYTES, RUN_ENTRIES);
  const counted = new Set(ledger.counted());
  const state = { next: 0, done: 0, sums: emptySums(vote.layouts), failures: [] };
  const work = async (member) => {
    while (state.next < runs.length && state.failures.length === 0) {
      const index = state.next++;
      const answer = await member(jobOf(places, runs[index], ledger, counted));
      if (answer.failure) state.failures.push({ index, ...answer.failure });
      else state.sums = addSums(state.sums, decodedSums(answer.sums, vote.layouts));
      state.done += runs[index][1] - runs[index][0] + 1;
      progress(state.done);
    }
  };
  await Promise.all(members.map(work));
  state.failures.sort((one, other) => one.index - other.index);
  return { sums: state.sums, failure: state.failures[0] ?? null };
}

function jobOf(places, [first, last], ledger, counted) {
  const numbers = Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
  return { run: places.runOf(first, last), before: ledger.headBefore(first), counted: numbers.filter((number) => counted.has(number)) };
}

// `count` members: workers made of this program's own text where the browser allows it, else this thread.
export async function gather(count, blob, vote, pause) {
  const local = async (job) => {
    await pause();
    return checkRun(blob, vote, job);
  };
  if (count < 1 || programText() === null) return { members: [local], dismiss() {} };
  const url = URL.createObjectURL(new Blob([programText()], { type: "text/javascript" }));
  const hired = await Promise.all(Array.from({ length: count }, () => hire(url, blob, vote.manifest, local)));
  const workers = hired.filter((one) => one !== null);
  const members = workers.length > 0 ? workers.map((one) => one.member) : [local];
  return { members, dismiss: () => dismiss(workers, url) };
}

function dismiss(workers, url) {
  for (const { worker } of workers) worker.terminate();
  URL.revokeObjectURL(url);
}

function programText() {
  const script = globalThis.document?.getElementById("program");
  return script && typeof Worker === "function" ? script.textContent : null;
}

// A worker that is ready, or null when it cannot be had. What it fails to answer is done by `local`.
async function hire(url, blob, manifest, local) {
  try {
    const worker = new Worker(url);
    await answerOf(worker, { blob, manifest: JSON.stringify(manifest) });
    const member = (job) => answerOf(worker, job).catch(() => local(job));
    return { worker, member };
  } catch {
    return null;
  }
}

function answerOf(worker, message) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    worker.onmessageerror = () => reject(new Error("message"));
    worker.postMessage(message);
  });
}

// What a worker does all day.
export function serve(port) {
  let blob;
  let vote;
  port.onmessage = async ({ data }) => {
    if (data.run) {
      port.postMessage(await checkRun(blob, vote, data));
      return;
    }
    blob = data.blob;
    vote = voteOf(JSON.parse(data.manifest));
    readKeys(vote);
    port.postMessage("ready");
  };
}

