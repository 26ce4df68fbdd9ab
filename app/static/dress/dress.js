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

/* ---- a form is sent once; after an answer with errors, or after "back", it can be sent again ---- */

function guard(form) {
  if (form.dataset.sending !== undefined) return false;
  form.dataset.sending = "";
  return true;
}

function release() {
  all("form[data-sending]").forEach((form) => delete form.dataset.sending);
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
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-number]")) dotWhileTyping(event.target);
  const form = event.target.form;
  if (form && form.dataset.unsavedWarning !== undefined) form.dataset.changed = "";
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-day]")) event.target.value = wholeDay(event.target.value);
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
  const target = link && document.getElementById(link.hash.slice(1));
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

window.addEventListener("beforeunload", (event) => { if (isChanged()) event.preventDefault(); });
window.addEventListener("pageshow", release);
document.addEventListener("htmx:afterRequest", release);
/* After a step back in the history there is no target: the whole page was swapped. */
document.addEventListener("htmx:afterSwap", (event) => dress(event.detail.target ?? document));
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful && event.detail.elt?.matches?.("form")) delete event.detail.elt.dataset.changed; });

document.documentElement.classList.add("scripted");
dress(document);
