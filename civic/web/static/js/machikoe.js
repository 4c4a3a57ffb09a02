// Small comforts. Every page works without this file; nothing here decides anything. No dependencies, no inline code.

const segmenter = "Segmenter" in Intl ? new Intl.Segmenter("ja", { granularity: "grapheme" }) : null;

/** This tab's own memory; some browsers forbid it, then nothing is kept. */
const storage = (() => {
  try {
    return window.sessionStorage;
  } catch {
    return { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  }
})();

/** The number of characters a person would count, as the server counts them. */
function characters(text) {
  return segmenter ? [...segmenter.segment(text)].length : [...text].length;
}

/** A page that came back with errors starts at their summary, one that came back longer at the sentence that says so. */
function focusWhatChanged() {
  document.querySelector("[data-error-summary], [data-focus]")?.focus();
}

/** How much may still be written: seen at once, said a second after typing stops. */
function countCharacters(field) {
  const limit = Number(field.dataset.limit);
  const fixed = document.getElementById(`${field.id}-limit`);
  const seen = Object.assign(document.createElement("p"), { className: "counter" });
  const said = Object.assign(document.createElement("p"), { className: "hide" });
  seen.setAttribute("aria-hidden", "true");
  said.setAttribute("role", "status");
  fixed.after(seen, said);
  fixed.className = "hide";
  let waiting;
  const update = (say) => {
    const left = limit - characters(field.value.replaceAll("\r\n", "\n"));
    const words = left < 0 ? field.dataset.over : field.dataset.left;
    seen.textContent = words.replace("#", Math.abs(left).toLocaleString("en"));
    seen.classList.toggle("counter--over", left < 0);
    clearTimeout(waiting);
    if (say) waiting = setTimeout(() => { said.textContent = seen.textContent; }, 1000);
  };
  field.addEventListener("input", () => update(true));
  field.addEventListener("restored", () => update(false));
  update(false);
}

/** An answer that goes with no other clears the others, and they clear it. */
function keepExclusive(group) {
  group.addEventListener("change", ({ target }) => {
    if (target.type !== "checkbox" || !target.checked) return;
    for (const other of group.querySelectorAll("input[type=checkbox]")) {
      const together = !other.hasAttribute("data-exclusive") && !target.hasAttribute("data-exclusive");
      if (other !== target && other.name === target.name && !together) other.checked = false;
    }
  });
}

/** Fields whose value may be kept or missed: never secrets, never what the server wrote itself. */
function typedFields(form) {
  return [...form.elements].filter(
    (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type),
  );
}

function state(field) {
  return ["checkbox", "radio"].includes(field.type) ? field.checked : field.value;
}

/** Whether somebody changed the field since the page came, be it before this script ran. */
function touched(field) {
  if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
  if (field.type === "select-multiple") return [...field.options].some((option) => option.selected !== option.defaultSelected);
  if (field.type !== "select-one") return field.value !== field.defaultValue;
  return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
}

/** Ask before leaving a form with text that was not sent. */
function guardUnsent(form) {
  const before = new Map(typedFields(form).map((field) => [field, state(field)]));
  let sent = false;
  form.addEventListener("submit", () => { sent = true; });
  addEventListener("beforeunload", (event) => {
    if (!sent && typedFields(form).some((field) => before.has(field) && before.get(field) !== state(field))) event.preventDefault();
  });
}

/** Keep what is typed in this tab until it is sent and accepted: another language, an ended session, a closed page. */
function keepTyped(form) {
  const key = `kept:${form.dataset.keep}`;
  const identity = (field) => `${field.name}=${["checkbox", "radio"].includes(field.type) ? field.value : ""}`;
  const stored = JSON.parse(storage.getItem(key) ?? "{}");
  const early = new Set(typedFields(form).filter(touched).map((field) => field.name));
  for (const field of typedFields(form)) {
    const value = stored[identity(field)];
    if (value === undefined || early.has(field.name)) continue;
    if (typeof value === "boolean") field.checked = value;
    else field.value = value;
    field.dispatchEvent(new Event("restored"));
  }
  const keep = () => {
    const values = Object.fromEntries(typedFields(form).map((field) => [identity(field), state(field)]));
    storage.setItem(key, JSON.stringify(values));
  };
  if (early.size) keep();
  form.addEventListener("input", keep);
}

/** The page after the sending names what arrived; only then the kept text goes. */
function forgetSent() {
  for (const done of document.querySelectorAll("[data-forget]")) storage.removeItem(`kept:${done.dataset.forget}`);
}

/** Follow a figure: JSON {"text": …} at the address, asked for again every few seconds while the page is seen. */
function follow(figure) {
  let tag = null;
  const ask = async () => {
    if (!document.hidden) {
      const headers = { Accept: "application/json", ...(tag && { "If-None-Match": tag }) };
      const answer = await fetch(figure.dataset.poll, { headers, credentials: "same-origin" }).catch(() => null);
      if (answer?.status === 200) {
        tag = answer.headers.get("ETag");
        const { text } = await answer.json();
        if (figure.textContent !== text) figure.textContent = text;
      }
      if (answer && [401, 403, 404, 410].includes(answer.status)) return;
    }
    setTimeout(ask, 1000 * Number(figure.dataset.every));
  };
  setTimeout(ask, 1000 * Number(figure.dataset.every));
}

/** After a move the focus is on the same button of the same item, or on its other one at either end of the list. */
function keepFocusOnMoved() {
  const [item, direction] = (storage.getItem("moved") ?? "").split("\n");
  storage.removeItem("moved");
  if (direction) {
    const moved = document.querySelector(`[data-reorder="${CSS.escape(item)}"]`);
    (moved?.querySelector(`[data-move="${direction}"]`) ?? moved?.querySelector("[data-move]"))?.focus();
  }
  for (const button of document.querySelectorAll("[data-reorder] [data-move]")) {
    const place = button.closest("[data-reorder]").dataset.reorder;
    button.addEventListener("click", () => storage.setItem("moved", `${place}\n${button.dataset.move}`));
  }
}

/** A button that copies a number, shown only where copying works. */
function offerCopy(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.setAttribute("role", "status");
    button.textContent = button.dataset.copied;
  });
}

/** A button that prints this page; without script it is not there, and the browser's menu does the same. */
function offerPrint(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/** How many rows of a table are ticked. */
function countChosen(line) {
  const form = line.closest("form");
  const update = () => {
    const chosen = form.querySelectorAll(".tick input:checked").length;
    line.textContent = line.dataset.chosen.replace("#", String(chosen));
  };
  form.addEventListener("change", update);
  update();
}

/** A second press while the first is on its way changes nothing (the server would not count it twice either). */
function sendOnce(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  addEventListener("pageshow", () => { sent = false; });
}

focusWhatChanged();
forgetSent();
keepFocusOnMoved();
for (const field of document.querySelectorAll("[data-limit]")) countCharacters(field);
for (const choice of document.querySelectorAll("fieldset:has([data-exclusive])")) keepExclusive(choice);
for (const form of document.querySelectorAll("form[data-keep]")) keepTyped(form);
for (const form of document.querySelectorAll("form[data-guard]")) guardUnsent(form);
for (const form of document.querySelectorAll("form[method=post]")) sendOnce(form);
for (const figure of document.querySelectorAll("[data-poll]")) follow(figure);
for (const button of document.querySelectorAll("[data-copy]")) offerCopy(button);
for (const button of document.querySelectorAll("[data-print]")) offerPrint(button);
for (const line of document.querySelectorAll("[data-chosen]")) countChosen(line);
