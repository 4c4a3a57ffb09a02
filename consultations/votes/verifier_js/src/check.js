// The whole check of a board, step after step.

import { demand, isRefused, Refused } from "./canonical.js";
import { checkCheckpointForms, Ledger } from "./board.js";
import { checkEntries, gather } from "./crew.js";
import { entriesOf, openBoard, smallFile } from "./file.js";
import { hex } from "./hashing.js";
import { checkCeremony, checkManifestForm, readKeys, registerHash, voteOf } from "./manifest.js";
import { judgePaper } from "./papers.js";
import { checkCheckpoint, checkClose, checkRehearsal, checkResult, checkShares, checkWitnessedClose } from "./tally.js";

export const CHECKS = [
  "file", "manifest", "register", "chain", "keys", "rehearsal", "signatures", "ballots", "checkpoints", "close", "shares",
  "result",
];
const AGAINST_BOARD = new Set(["missing", "forked", "shorter"]);

// Checks a board file and papers against it. `report(event)` hears of every step: { check, state, done, total, ... }.
// Returns { verdict: "valid" | "refused", ... } and never throws, whatever the files hold.
export async function checkBoard(blob, { papers = [], workers = 0, report = () => {} } = {}) {
  const run = new Run(blob, workers, report);
  try {
    await run.all();
  } catch (error) {
    return run.refused(error);
  }
  const judged = [];
  for (const paper of papers) judged.push(await judgeFile(paper, run));
  const against = judged.some((paper) => AGAINST_BOARD.has(paper.verdict));
  return { verdict: against ? "refused" : "valid", ...run.facts(), papers: judged };
}

async function judgeFile(paper, run) {
  const name = paper.name ?? "";
  try {
    return { name, ...judgePaper(await smallFile(paper), run) };
  } catch (error) {
    return { name, kind: "unknown", verdict: "refused", ...reasonOf(error) };
  }
}

function reasonOf(error) {
  if (isRefused(error)) return { reason: error.reason, where: error.where };
  return { reason: "unexpected", where: { said: String(error) } };
}

class Run {
  constructor(blob, workers, report) {
    Object.assign(this, { blob, workers, report, current: CHECKS[0], paused: performance.now() });
  }

  async all() {
    await this.check("file", () => this.open());
    await this.check("manifest", () => this.readManifest());
    await this.check("register", () => this.checkRegister());
    await this.check("chain", () => this.follow());
    await this.check("keys", () => this.checkKeys());
    await this.check("rehearsal", () => checkRehearsal(this.ledger.open, this.vote), this.ledger.open !== null);
    await this.checkEntries();
    await this.check("checkpoints", () => this.checkCheckpoints());
    await this.check("close", () => this.checkClose(), this.ledger.close !== null);
    await this.check("shares", () => this.checkShares(), this.ledger.shares.length > 0);
    await this.check("result", () => this.checkResult(), this.ledger.result !== null);
  }

  async check(name, act, there = true) {
    if (!there) {
      this.report({ check: name, state: "absent" });
      return;
    }
    this.begin(name);
    await this.pause();
    await act();
    this.report({ check: name, state: "passed" });
  }

  begin(name) {
    this.current = name;
    this.report({ check: name, state: "running", done: 0, total: 0 });
  }

  refused(error) {
    const reason = reasonOf(error);
    this.report({ check: this.current, state: "refused", ...reason });
    const known = this.vote ? { vote: hex(this.vote.id), manifest: this.vote.manifest } : {};
    return { verdict: "refused", check: this.current, ...reason, ...known, totals: null, papers: [] };
  }

  // Lets the page breathe, and tells how far this check has come.
  async step(done, total) {
    if (performance.now() - this.paused < 50) return;
    this.report({ check: this.current, state: "running", done, total });
    await this.pause();
  }

  async pause() {
    await breath();
    this.paused = performance.now();
  }

  async open() {
    this.board = await openBoard(this.blob, (done) => this.step(done, this.blob.size));
    this.checkpoints = this.board.checkpoints;
  }

  readManifest() {
    const { manifest, places, checkpoints } = this.board;
    checkManifestForm(manifest);
    this.vote = voteOf(manifest);
    checkCheckpointForms(checkpoints, this.vote, places.count);
  }

  async checkRegister() {
    const { slots, manifest } = this.board;
    const { count, hash } = manifest.register;
    demand(slots.length === count, "register_count");
    demand(hex(await registerHash(slots, (done, total) => this.step(done, total))) === hash, "register_hash");
  }

  async follow() {
    const { slots, places, blob } = this.board;
    this.ledger = new Ledger(this.vote, slots);
    for (const [first, last] of places.runs(2 ** 21, 1024)) {
      for (const [number, entry] of await entriesOf(blob, places.runOf(first, last))) this.ledger.take(number, entry);
      await this.step(last, places.count);
    }
  }

  checkKeys() {
    readKeys(this.vote);
    checkCeremony(this.vote);
  }

  async checkEntries() {
    for (const check of ["signatures", "ballots"]) this.begin(check);
    const total = this.board.places.count;
    const crew = await gather(this.workers, this.blob, this.vote, () => this.pause());
    const progress = (done) => {
      for (const check of ["signatures", "ballots"]) this.report({ check, state: "running", done, total });
    };
    const { sums, failure } = await checkEntries(this.board, this.ledger, this.vote, crew.members, progress).finally(crew.dismiss);
    if (failure !== null) {
      this.current = failure.check;
      throw new Refused(failure.reason, failure.where);
    }
    this.sums = sums;
    for (const check of ["signatures", "ballots"]) this.report({ check, state: "passed" });
  }

  async checkCheckpoints() {
    for (const [index, checkpoint] of this.checkpoints.entries()) {
      checkCheckpoint(checkpoint, this.ledger.headAt(checkpoint.n), this.vote, { checkpoint: index + 1 });
      await this.step(index + 1, this.checkpoints.length);
    }
  }

  checkClose() {
    checkClose(this.ledger.close, this.vote, this.ledger.counted().length, this.ledger.paper, this.sums);
  }

  async checkShares() {
    checkWitnessedClose(this.ledger.close, this.checkpoints, this.vote);
    this.shared = new Map();
    for (const share of this.ledger.shares) {
      this.shared.set(share.body.trustee, checkShares(share, this.ledger.close, this.vote, this.sums));
      await this.pause();
    }
  }

  checkResult() {
    checkResult(this.ledger.result, this.vote, this.ledger.close.body.ballots, this.sums, this.shared ?? new Map());
  }

  // What a valid board says, for people: id, counts, heads, totals.
  facts() {
    const { vote, ledger } = this;
    return {
      vote: hex(vote.id),
      manifest: vote.manifest,
      head: hex(ledger.head),
      entries: ledger.heads.length,
      counts: ledger.counts,
      slots: ledger.slots.size,
      checkpoints: this.checkpoints.length,
      last: this.checkpoints.at(-1) ?? null,
      ballots: ledger.counted().length,
      paper: ledger.paper,
      stage: stageOf(ledger),
      totals: ledger.result?.body.totals ?? null,
    };
  }
}

function stageOf({ open, close, result }) {
  if (open === null) return "new";
  if (close === null) return "open";
  if (close.body.outcome !== "count") return close.body.outcome;
  return result === null ? "waiting" : "counted";
}

// A turn for the page, without the delays that timers get in a hidden tab.
function breath() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
