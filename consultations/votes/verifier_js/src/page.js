// The page: choosing files, running the check, telling what happens.

import { CHECKS, checkBoard } from "./check.js";
import { checkList, factsList, paperItem, said, totalsTables, verdictKind, verdictPanel } from "./show.js";
import { LANGUAGES, nodesOf, Speech } from "./words.js";

const BOARD_START = '{"checkpoints":[';
const MOST_WORKERS = 8;
const BYTES_PER_WORKER = 2 ** 17;

export class Page {
  constructor() {
    this.files = { board: null, papers: [] };
    this.states = new Map();
    this.outcome = null;
    this.busy = false;
    this.failed = false; // pressed without a board file
    this.speech = new Speech(chosenLanguage(navigator.language.startsWith("ja") ? "ja" : "en"));
    this.listen();
    this.draw();
  }

  listen() {
    addEventListener("hashchange", () => this.speak());
    byId("board").addEventListener("change", (event) => this.chose("board", event.target.files[0] ?? null));
    byId("papers").addEventListener("change", (event) => this.chose("papers", [...event.target.files]));
    byId("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.start();
    });
    addEventListener("dragover", (event) => {
      event.preventDefault();
      document.body.classList.add("is-dropping");
    });
    for (const name of ["dragleave", "drop"]) addEventListener(name, () => document.body.classList.remove("is-dropping"));
    addEventListener("drop", (event) => {
      event.preventDefault();
      this.dropped([...event.dataTransfer.files]);
    });
  }

  speak() {
    this.speech = new Speech(chosenLanguage(this.speech.language));
    this.draw();
  }

  chose(kind, files) {
    this.files[kind] = files;
    if (kind === "board" && files !== null) this.failed = false;
    this.draw();
  }

  async dropped(files) {
    for (const file of files) {
      const start = await file.slice(0, BOARD_START.length).text().catch(() => "");
      if (start === BOARD_START) this.chose("board", file);
      else this.chose("papers", [...this.files.papers, file]);
    }
    if (this.files.board === null && files.length > 0) this.chose("board", this.files.papers.shift());
    fill(byId("board"), [this.files.board]);
    fill(byId("papers"), this.files.papers);
  }

  async start() {
    if (this.busy) return;
    if (this.files.board === null) {
      this.failed = true;
      this.draw();
      byId("error").focus();
      return;
    }
    Object.assign(this, { busy: true, outcome: null, states: new Map() });
    this.draw();
    this.tell(this.speech.plain("started"));
    const { board, papers } = this.files;
    const began = performance.now();
    const outcome = await checkBoard(board, { papers, workers: workersFor(board), report: (event) => this.heard(event) });
    outcome.seconds = Math.round((performance.now() - began) / 100) / 10;
    this.finish(outcome);
  }

  heard(event) {
    this.states.set(event.check, event);
    this.drawChecks();
    if (event.state === "running") return;
    const key = { passed: `passed.${event.check}`, absent: `absent.${event.check}` }[event.state] ?? event.state;
    this.tell(`${this.speech.plain(`check.${event.check}`)}: ${this.speech.plain(key)}`);
  }

  finish(outcome) {
    if (outcome.verdict === "refused" && outcome.check !== undefined) this.skipRest();
    this.busy = false;
    this.outcome = outcome;
    this.draw();
    this.tell(this.speech.plain(`verdict.${verdictKind(outcome)}`));
    byId("verdict").focus();
  }

  skipRest() {
    for (const name of CHECKS) {
      const state = this.states.get(name)?.state ?? "waiting";
      if (state === "waiting" || state === "running") this.states.set(name, { check: name, state: "skipped" });
    }
  }

  tell(words) {
    byId("status").textContent = words;
  }

  draw() {
    const { speech } = this;
    document.documentElement.lang = speech.language === "en" ? "en" : "ja";
    document.body.toggleAttribute("data-easy", speech.language === "ja-easy");
    for (const spot of document.querySelectorAll("[data-word]")) spot.replaceChildren(...nodesOf(speech.raw(spot.dataset.word)));
    for (const spot of document.querySelectorAll("[data-label]")) spot.setAttribute("aria-label", speech.plain(spot.dataset.label));
    document.title = `${this.failed ? speech.plain("error.prefix") : ""}${speech.plain("name")} – Machikoe`;
    this.drawLanguages();
    this.drawForm();
    this.drawChecks();
    this.drawOutcome();
  }

  drawLanguages() {
    for (const link of document.querySelectorAll("[data-language]")) {
      if (link.dataset.language === this.speech.language) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  drawForm() {
    const { board, papers } = this.files;
    this.drawChosen("board-chosen", board === null ? [] : [board]);
    this.drawChosen("papers-chosen", papers);
    byId("error").hidden = !this.failed;
    byId("board-error").hidden = !this.failed;
    byId("board-field").classList.toggle("is-wrong", this.failed);
    if (this.failed) byId("board").setAttribute("aria-invalid", "true");
    else byId("board").removeAttribute("aria-invalid");
    byId("start").setAttribute("aria-disabled", String(this.busy));
    byId("start").replaceChildren(...nodesOf(this.speech.raw(this.busy ? "running" : "start")));
  }

  drawChosen(id, files) {
    const names = files.map((file) => file.name).join(", ");
    byId(id).replaceChildren(...(files.length === 0 ? [] : nodesOf(this.speech.raw("file.chosen", { names }))));
  }

  drawChecks() {
    byId("checks").hidden = !this.busy && this.outcome === null;
    byId("check-list").replaceChildren(...checkList(this.states, this.speech));
  }

  drawOutcome() {
    const { outcome, speech } = this;
    byId("outcome").hidden = outcome === null;
    if (outcome === null) return;
    byId("verdict-panel").replaceChildren(verdictPanel(outcome, speech));
    this.section("result", outcome.totals ? totalsTables(outcome, speech) : []);
    this.section("paper-verdicts", this.paperWords());
    this.section("facts", outcome.vote ? [factsList(outcome, speech)] : []);
  }

  paperWords() {
    const { papers, check } = this.outcome;
    if (check !== undefined && this.files.papers.length > 0) return [said("li", this.speech, "papers.unchecked")];
    return papers.map((paper) => paperItem(paper, this.speech));
  }

  section(id, nodes) {
    byId(id).hidden = nodes.length === 0;
    byId(`${id}-body`).replaceChildren(...nodes);
  }
}

// Puts dropped files into a file input, so that it names them too.
function fill(input, files) {
  const transfer = new DataTransfer();
  for (const file of files.filter((one) => one !== null)) transfer.items.add(file);
  input.files = transfer.files;
}

function byId(id) {
  return document.getElementById(id);
}

// The language the address asks for (#en), else the one of before.
function chosenLanguage(before) {
  const asked = location.hash.slice(1);
  return Object.hasOwn(LANGUAGES, asked) ? asked : before;
}

function workersFor(file) {
  return Math.max(1, Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS, Math.ceil(file.size / BYTES_PER_WORKER)));
}

