"use strict";
/* The few things pages do by themselves. Every page also works without this file. */

const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

/* ---- numbers: thousands are dotted while they are typed; the server reads them with or without dots ---- */

function dotted(text) {
  const mark = document.body.dataset.thousands || ".";
  const digits = text.replace(/\D/g, "").replace(/^0+(?=\d)/, "");
  const sign = text.trim().startsWith("-") ? "-" : "";
  return sign + digits.replace(/\B(?=(\d{3})+$)/g, mark);
}

function dotWhileTyping(input) {
  /* A decimal comma means a measure, whose fraction must not be grouped. */
  const [whole, ...rest] = input.value.split(",");
  const fraction = rest.length && input.dataset.number === "decimal" ? "," + rest.join("").replace(/\D/g, "") : "";
  const digitsAfter = input.value.slice(input.selectionStart).replace(/[^\d,]/g, "").length;
  const text = (fraction || rest.length === 0 ? dotted(whole) : dotted(input.value)) + fraction;
  if (text === input.value) return;
  input.value = text;
  let at = text.length;
  for (let left = digitsAfter; left > 0 && at > 0; at -= 1) if (/[\d,]/.test(text[at - 1])) left -= 1;
  input.setSelectionRange(at, at);
}

/* ---- days: 1/9/24, 01092024 and 1-9-2024 all become 01/09/2024 when the field is left ---- */

function wholeDay(text) {
  const packed = text.trim().match(/^(\d{2})(\d{2})(\d{4})$/);
  const parts = packed || text.trim().match(/^(\d{1,2})[\s./-](\d{1,2})[\s./-](\d{2}|\d{4})$/);
  if (!parts) return text;
  const year = parts[3].length === 2 ? "20" + parts[3] : parts[3];
  return [parts[1].padStart(2, "0"), parts[2].padStart(2, "0"), year].join("/");
}

/* ---- a form is sent once; after an answer with errors, after "back", or when no answer came, it can be sent again ---- */

const NO_ANSWER = 15000;

function guard(form) {
  if (form.dataset.sending !== undefined) return false;
  form.dataset.sending = "";
  setTimeout(() => delete form.dataset.sending, NO_ANSWER);
  return true;
}

function release() {
  all("form[data-sending]").forEach((form) => delete form.dataset.sending);
}

/* ---- a refused answer that was mended loses its red sentence; the answer that was refused gets it back ---- */

const refusals = new WeakMap();

function answerIn(box) {
  const control = box.querySelector("input, select, textarea");
  if (!control) return "";
  return /^(radio|checkbox)$/.test(control.type) ? all("input:checked", box).map((one) => one.value).join(" ") : control.value.trim();
}

function rememberRefusal(box) {
  const sentence = box.querySelector(":scope > [id$='-error']");
  if (!sentence || refusals.has(box)) return;
  const described = [box, ...all("[aria-describedby]", box)].filter((one) => (one.getAttribute("aria-describedby") || "").split(" ").includes(sentence.id));
  refusals.set(box, { answer: answerIn(box), sentence, described, invalid: all("[aria-invalid]", box) });
}

function isDay(text, { earliest = "", latest = "9999-12-31" }) {
  const [, day, month, year] = wholeDay(text).match(/^(\d{2})\/(\d{2})\/(\d{4})$/) || [];
  const made = new Date(year, month - 1, day);
  const iso = [year, month, day].join("-");
  return made.getDate() === Number(day) && made.getMonth() === month - 1 && iso >= earliest && iso <= latest;
}

function isWithin(control) {
  const number = Number(control.value.replace(/\./g, "").replace(",", "."));
  return number >= Number(control.dataset.least ?? -Infinity) && number <= Number(control.dataset.most ?? Infinity);
}

/* Right as far as the browser can see; the server has the last word. */
function looksRight(box, control, answer) {
  if (answer === "") return box.querySelector(".must:not([hidden])") !== null;
  if (control.matches("[data-day]") && !isDay(answer, control.dataset)) return false;
  if (control.matches("[data-number]") && !isWithin(control)) return false;
  return control.checkValidity();
}

function judge(control) {
  const box = control.closest(".field");
  const refusal = box && refusals.get(box);
  if (!refusal) return;
  const answer = answerIn(box);
  showRefusal(box, refusal, answer === refusal.answer || !looksRight(box, control, answer));
}

function showRefusal(box, { sentence, described, invalid }, isWrong) {
  box.classList.toggle("has-error", isWrong);
  sentence.hidden = !isWrong;
  invalid.forEach((control) => (isWrong ? control.setAttribute("aria-invalid", "true") : control.removeAttribute("aria-invalid")));
  described.forEach((one) => {
    const others = (one.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== sentence.id);
    const ids = isWrong ? [...others, sentence.id] : others;
    if (ids.length) one.setAttribute("aria-describedby", ids.join(" "));
    else one.removeAttribute("aria-describedby");
  });
  const summary = document.querySelector(".error-summary");
  if (summary) tellSummary(summary, box, isWrong);
}

/* The list above the form keeps every line and says which were mended: nothing counts as right before it is sent. */
function tellSummary(summary, box, isWrong) {
  summary.setAttribute("role", "group"); // an alert would be read out whole at every change
  const lines = all("li", summary);
  lines.filter((line) => box.contains(targetOf(line.querySelector("a")))).forEach((line) => {
    line.classList.toggle("mended", !isWrong);
    line.querySelector(".note")?.remove();
    if (isWrong) return;
    const note = document.createElement("span");
    note.className = "note";
    note.textContent = ` (${summary.dataset.mended})`;
    line.append(note);
  });
  const title = summary.querySelector("h2");
  title.dataset.said ??= title.textContent;
  const isDone = lines.every((line) => line.classList.contains("mended"));
  title.textContent = isDone ? summary.dataset.allMended : title.dataset.said;
  summary.classList.toggle("mended", isDone);
}

const targetOf = (link) => (link ? document.getElementById(link.hash.slice(1)) : null);

/* ---- the file that was chosen is named in our own words; the browser's would be of its own language ---- */

function nameFile(pick) {
  const input = pick.querySelector("input");
  const name = pick.querySelector(".picked");
  name.textContent = Array.from(input.files, (file) => file.name).join(", ") || name.dataset.none;
  name.classList.toggle("chosen", input.files.length > 0);
}

/* ---- unsaved changes ---- */

const isChanged = () => all("form[data-unsaved-warning]").some((form) => form.dataset.changed !== undefined);

/* ---- lists walked with j and k ---- */

function walk(step) {
  const rows = all("[data-list] tbody tr, [data-list] > li");
  const links = rows.map((row) => row.querySelector("a, button")).filter(Boolean);
  if (links.length === 0) return;
  const here = links.findIndex((link) => link.closest("tr, li").contains(document.activeElement));
  const next = links[Math.min(Math.max(here + step, 0), links.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function focusOn(element) {
  const inside = element.matches("input, select, textarea, button, a") ? element : element.querySelector("input, select, textarea, button");
  (inside || element).focus();
  element.scrollIntoView({ block: "center" });
}

function dress(root) {
  const summary = root.matches?.("[data-error-summary]") ? root : root.querySelector("[data-error-summary]");
  if (summary) summary.focus();
  all("[data-number]", root).forEach((input) => { if (input.value) input.value = input.dataset.number === "decimal" ? input.value : dotted(input.value); });
  all(".field.has-error", root).forEach(rememberRefusal);
  all("[data-file-pick]", root).forEach(nameFile);
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-number]")) dotWhileTyping(event.target);
  judge(event.target);
  const form = event.target.form;
  if (form && form.dataset.unsavedWarning !== undefined) form.dataset.changed = "";
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-day]")) event.target.value = wholeDay(event.target.value);
  const pick = event.target.closest("[data-file-pick]");
  if (pick) nameFile(pick);
  judge(event.target);
  if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  delete form.dataset.changed;
  if (form.method !== "post" || form.closest("[hx-boost]") || form.hasAttribute("hx-post")) return;
  if (!guard(form)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const toggle = event.target.closest("[data-toggles]");
  if (toggle) {
    const body = document.getElementById(toggle.dataset.toggles);
    const isOpen = body.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(isOpen));
  }
  const link = event.target.closest(".error-summary a[href^='#']");
  const target = targetOf(link);
  if (target) {
    event.preventDefault();
    focusOn(target);
  }
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    return;
  }
  if (event.key === "Escape") all(".rail-body.open").forEach((body) => document.querySelector(`[data-toggles="${body.id}"]`).click());
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "j") walk(1);
  if (event.key === "k") walk(-1);
});

/* Whether the request was answered: a newer one may have taken its place, or the server is out of reach. */
async function answered(verb, address, options) {
  try {
    await window.htmx.ajax(verb, address, options);
    return true;
  } catch {
    return false;
  }
}

/* What the server could not be asked is said once, on top, until it answers again; a form that keeps itself says it. */
function unreachable() {
  if (document.querySelector("[data-out-of-reach], [data-draft]")) return;
  const notice = document.createElement("div");
  notice.className = "notice late";
  notice.setAttribute("role", "alert");
  notice.dataset.outOfReach = "";
  notice.textContent = document.body.dataset.unreachable;
  document.getElementById("main").prepend(notice);
}

window.addEventListener("beforeunload", (event) => { if (isChanged()) event.preventDefault(); });
window.addEventListener("pageshow", () => {
  release();
  all("[data-file-pick]").forEach(nameFile);
});
/* What was typed into a search before the page was ready is searched for now. */
document.addEventListener("htmx:load", (event) => {
  if (event.target === document.body) all("[data-search]").filter((one) => one.value !== one.defaultValue).forEach((one) => one.dispatchEvent(new Event("search")));
});
/* After a step back in the history there is no target: the whole page was swapped. */
document.addEventListener("htmx:afterSwap", (event) => dress(event.detail.target ?? document));
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful && event.detail.elt?.matches?.("form")) delete event.detail.elt.dataset.changed; });

document.addEventListener("htmx:sendError", unreachable);
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.xhr?.status) document.querySelector("[data-out-of-reach]")?.remove(); });

document.documentElement.classList.add("scripted");
dress(document);
