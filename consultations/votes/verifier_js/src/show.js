// What the page shows of a check: the list of checks, the verdict, the facts, the totals, the papers.

import { CHECKS } from "./check.js";
import { nodesOf, sentenceOf } from "./words.js";

const MARKS = { waiting: "○", running: "…", passed: "✓", refused: "✗", absent: "–", skipped: "–" };
const PLACES = ["entry", "checkpoint", "question", "position", "column", "trustee", "witness", "part", "at"];
const AGAINST = new Set(["missing", "forked", "shorter", "refused", "not_audited"]);
const SVG = "http://www.w3.org/2000/svg";

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// A key's words in an element.
export function said(tag, speech, key, values, attributes = {}) {
  return element(tag, attributes, ...nodesOf(speech.raw(key, values)));
}

export function checkList(states, speech) {
  return CHECKS.map((name) => checkItem(name, states.get(name) ?? { state: "waiting" }, speech));
}

function checkItem(name, event, speech) {
  const mark = element("span", { class: "mark", "aria-hidden": "true" }, MARKS[event.state]);
  const words = element("div", { class: "check-words" });
  words.append(said("h3", speech, `check.${name}`), element("p", { class: "state" }, ...stateWords(name, event, speech)));
  if (event.state === "running" && event.total > 0) words.append(bar(event, speech, name));
  if (event.state === "refused") words.append(...reasonWords(event, speech));
  return element("li", { class: `check is-${event.state}`, "data-check": name, "data-state": event.state }, mark, words);
}

function stateWords(name, event, speech) {
  const key = { passed: `passed.${name}`, absent: `absent.${name}` }[event.state] ?? event.state;
  const words = nodesOf(speech.raw(key));
  return event.state === "running" && event.total > 0 ? [...words, " ", progressWords(name, event, speech)] : words;
}

function progressWords(name, { done, total }, speech) {
  if (name === "file") return said("span", speech, "progress.bytes", { percent: Math.floor((100 * done) / total) });
  return said("span", speech, "progress", { done: speech.number(done), total: speech.number(total) });
}

function bar({ done, total }, speech, name) {
  return element("progress", { max: total, value: done, "aria-label": speech.plain(`check.${name}`) });
}

function reasonWords({ reason, where }, speech) {
  const words = [said("p", speech, sentenceOf(reason), {}, { class: "reason" })];
  const places = PLACES.filter((place) => where?.[place] !== undefined).map((place) => placeWords(place, where[place], speech));
  if (places.length > 0) words.push(said("p", speech, "place.heading", { places: places.join(speech.language === "en" ? ", " : "、") }));
  words.push(said("p", speech, "place.reason", { value: reason }, { class: "quiet" }));
  return words;
}

function placeWords(place, value, speech) {
  return speech.raw(`place.${place}`, { value: typeof value === "number" ? speech.number(value) : value });
}

// The verdict, its heading ready to take the focus.
export function verdictPanel(outcome, speech) {
  const kind = verdictKind(outcome);
  const panel = element("div", { class: `verdict is-${kind}`, "data-verdict": outcome.verdict });
  const mark = element("span", { class: "mark", "aria-hidden": "true" }, kind === "valid" ? "✓" : "✗");
  const heading = element("h2", { tabindex: "-1", id: "verdict" }, mark, said("span", speech, `verdict.${kind}`));
  panel.append(heading);
  if (kind === "refused") {
    const [first, ...rest] = reasonWords(outcome, speech);
    panel.append(first, said("p", speech, "verdict.failed", { check: speech.raw(`check.${outcome.check}`) }), ...rest);
  }
  panel.append(said("p", speech, `verdict.${kind}.text`));
  const values = { entries: speech.number(outcome.entries ?? 0), seconds: speech.number(outcome.seconds) };
  if (kind === "valid") panel.append(said("p", speech, "verdict.seconds", values, { class: "quiet" }));
  return panel;
}

export function verdictKind({ verdict, check }) {
  if (verdict === "valid") return "valid";
  return check === undefined ? "against" : "refused";
}

export function factsList(outcome, speech) {
  const list = element("dl", { class: "facts" });
  const number = (key, value) => list.append(fact(key, [speech.number(value)], speech));
  list.append(fact("facts.title", [ownText(outcome.manifest.title, speech)], speech));
  list.append(fact("facts.vote", [code(outcome.vote)], speech));
  if (outcome.head === undefined) return list;
  list.append(fact("facts.head", [code(outcome.head)], speech));
  list.append(fact("facts.stage", nodesOf(speech.raw(`stage.${outcome.stage}`)), speech));
  number("facts.entries", outcome.entries);
  number("facts.slots", outcome.slots);
  number("facts.casts", outcome.counts.cast);
  number("facts.ballots", outcome.ballots);
  number("facts.audits", outcome.counts.audit);
  number("facts.voids", outcome.counts.void);
  number("facts.paper", outcome.paper);
  number("facts.checkpoints", outcome.checkpoints);
  list.append(fact("facts.checkpoint", nodesOf(checkpointWords(outcome.last, speech)), speech));
  return list;
}

function fact(key, nodes, speech) {
  return element("div", {}, said("dt", speech, key), element("dd", {}, ...nodes));
}

function code(text) {
  return element("code", {}, text);
}

function checkpointWords(last, speech) {
  if (last === null) return speech.raw("facts.checkpoint.none");
  const witnesses = last.cosignatures.map((cosignature) => cosignature.witness).join(speech.language === "en" ? ", " : "、");
  const values = { n: speech.number(last.n), time: speech.moment(last.time), witnesses };
  return speech.raw(witnesses === "" ? "facts.checkpoint.alone" : "facts.checkpoint.value", values);
}

function ownText(texts, speech) {
  const [text, language] = speech.own(texts);
  return element("span", { lang: language }, ...(speech.language === "ja-easy" ? nodesOf(text) : [text]));
}

// Per question a table of its totals, with a bar to each.
export function totalsTables({ manifest, totals, ballots }, speech) {
  return manifest.questions.map((question, index) => {
    const values = totals[index];
    const most = Math.max(1, ballots * question.points);
    const table = element("table", { class: "totals" });
    table.append(caption(question, index, speech), tableHead(question, speech), element("tbody", {}, ...values.map(
      (value, column) => totalRow(labelOf(question, column, speech), value, column < question.options.length ? most : Math.max(1, ballots), speech),
    )));
    const noted = question.points > 1 ? "result.of_points" : "result.of";
    const amounts = { ballots: speech.number(ballots), most: speech.number(most) };
    return element("div", { class: "question" }, table, said("p", speech, noted, amounts, { class: "quiet" }));
  });
}

function caption(question, index, speech) {
  const number = said("span", speech, "result.question", { n: index + 1 }, { class: "quiet" });
  return element("caption", {}, number, element("br"), ownText(question.text, speech));
}

function tableHead(question, speech) {
  const unit = question.kind === "score" ? "column.points" : "column.votes";
  const row = element("tr", {}, said("th", speech, "column.option", {}, { scope: "col" }));
  row.append(said("th", speech, unit, {}, { scope: "col", class: "number" }));
  return element("thead", {}, row);
}

function labelOf(question, column, speech) {
  if (column >= question.options.length) return said("span", speech, "result.blank");
  return ownText(question.options[column].text, speech);
}

function totalRow(label, value, most, speech) {
  const svg = document.createElementNS(SVG, "svg");
  const filled = document.createElementNS(SVG, "rect");
  for (const [name, text] of [["width", "100%"], ["height", "16"], ["aria-hidden", "true"], ["class", "bar"]]) svg.setAttribute(name, text);
  for (const [name, text] of [["width", `${(100 * value) / most}%`], ["height", "16"]]) filled.setAttribute(name, text);
  svg.append(filled);
  const head = element("th", { scope: "row" }, label, svg);
  return element("tr", {}, head, element("td", { class: "number" }, speech.number(value)));
}

// One paper's verdict.
export function paperItem(paper, speech) {
  const item = element("li", { class: AGAINST.has(paper.verdict) ? "paper is-refused" : "paper", "data-paper": paper.verdict });
  item.append(element("h3", {}, paper.name));
  const values = Object.fromEntries(["entry", "n", "confirmation"].map((name) => [name, paperValue(paper[name], speech)]));
  item.append(said("p", speech, `paper.${paper.verdict}`, values));
  if (paper.verdict === "refused") item.append(...reasonWords(paper, speech));
  if (paper.verdict === "forked") item.append(...["kept", "found"].flatMap((side) => headWords(side, paper[side], speech)));
  return item;
}

function paperValue(value, speech) {
  if (typeof value === "number") return speech.number(value);
  return value?.replace(/(.{4})(?=.)/g, "$1-");
}

function headWords(side, { hash, signature }, speech) {
  const words = [said("h4", speech, `paper.forked.${side}`), said("p", speech, "paper.forked.hash", { hash }, { class: "code" })];
  if (signature !== null) words.push(said("p", speech, "paper.forked.signature", { signature }, { class: "code" }));
  return words;
}
