// Comforts of the sorting desk. Every page works without this file; nothing here decides anything.

/** This tab's own memory and this browser's; some forbid them, then nothing is kept. */
const memory = (name) => {
  try {
    return window[name];
  } catch {
    return { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  }
};

/** J and K go to the next opinion and the one before, X chooses, M goes to the place to move to: in the list only. */
function useKeys(list) {
  const boxes = [...list.querySelectorAll("input[type=checkbox]")];
  const bar = document.querySelector("[data-desk-keys]");
  const wish = bar?.querySelector("[data-desk-switch]");
  if (!bar || !boxes.length) return;
  bar.hidden = false;
  wish.checked = memory("localStorage").getItem("desk-keys") !== "off";
  wish.addEventListener("change", () => memory("localStorage").setItem("desk-keys", wish.checked ? "on" : "off"));
  const acts = {
    j: (at) => boxes[Math.min(at + 1, boxes.length - 1)].focus(),
    k: (at) => boxes[Math.max(at - 1, 0)].focus(),
    x: (at) => boxes[Math.max(at, 0)].click(),
    m: () => document.getElementById("to")?.focus(),
  };
  list.addEventListener("keydown", (event) => {
    const act = acts[event.key.toLowerCase()];
    if (!act || !wish.checked || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    act(boxes.findIndex((box) => box.closest(".desk-row").contains(document.activeElement)));
  });
}

/** After a move the focus is on the opinion that stands where the first moved one stood. */
function keepPlace(form) {
  const list = form.querySelector("[data-desk-list]");
  const place = memory("sessionStorage").getItem("desk-place");
  memory("sessionStorage").removeItem("desk-place");
  const boxes = [...(list?.querySelectorAll("input[type=checkbox]") ?? [])];
  if (place !== null && boxes.length && !document.querySelector("[data-error-summary]")) {
    boxes[Math.min(Number(place), boxes.length - 1)].focus();
  }
  form.addEventListener("submit", () => {
    const first = boxes.findIndex((box) => box.checked);
    if (first >= 0) memory("sessionStorage").setItem("desk-place", String(first));
  });
}

/** Code points before a place of a text, as the server counts them; browsers count halves of some characters. */
const points = (text, at) => [...text.slice(0, at)].length;

/** A selected part fills the fields: its place, its first words and its last. */
function fillCut(text, from, to) {
  const words = text.slice(from, to);
  const start = from + words.length - words.trimStart().length;
  const stop = to - (words.length - words.trimEnd().length);
  if (stop <= start) return;
  const lines = text.slice(start, stop).split("\n");
  const field = (name) => document.querySelector(`[data-cut=${name}]`);
  field("start").value = String(points(text, start));
  field("stop").value = String(points(text, stop));
  const [first, last] = [[...lines[0]], [...lines.at(-1)]];
  document.getElementById("first").value = first.slice(0, 20).join("").trim();
  document.getElementById("last").value = lines.length > 1 || first.length > 20 ? last.slice(-20).join("").trim() : "";
  const status = document.querySelector("[data-select-status]");
  status.textContent = status.dataset.words.replace("#", String(points(text, stop) - points(text, start)));
}

/** Selecting in the text as received, by mouse or touch, and in a field of the same text, by keyboard. */
function selectParts(received) {
  const area = document.querySelector("[data-select-text]");
  if (!area) return;
  for (const hidden of document.querySelectorAll("[data-select-hint], [data-select-field]")) hidden.hidden = false;
  area.value = received.textContent;
  area.readOnly = false; // only then the keys move a caret in it; nothing typed arrives
  area.setAttribute("aria-readonly", "true");
  area.addEventListener("beforeinput", (event) => event.preventDefault());
  const look = () => {
    const chosen = document.getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed || !received.contains(chosen.anchorNode) || !received.contains(chosen.focusNode)) return;
    const range = chosen.getRangeAt(0);
    const before = document.createRange();
    before.selectNodeContents(received);
    before.setEnd(range.startContainer, range.startOffset);
    const from = before.toString().length;
    fillCut(received.textContent, from, from + range.toString().length);
  };
  for (const kind of ["mouseup", "touchend", "keyup"]) received.addEventListener(kind, () => setTimeout(look));
  for (const kind of ["select", "keyup", "mouseup"]) {
    area.addEventListener(kind, () => fillCut(area.value, area.selectionStart, area.selectionEnd));
  }
  for (const name of ["first", "last"]) {
    document.getElementById(name).addEventListener("input", () => {
      for (const end of document.querySelectorAll("[data-cut]")) end.value = "";
    });
  }
}

for (const list of document.querySelectorAll("[data-desk-list]")) useKeys(list);
for (const form of document.querySelectorAll("form#sort")) keepPlace(form);
for (const received of document.querySelectorAll("[data-received]")) selectParts(received);
