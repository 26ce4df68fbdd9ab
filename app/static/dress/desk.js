"use strict";
/* The desk: the outcome follows the form while it is typed, and a dossier opens beside the worklist. */

const WIDE = window.matchMedia("(min-width: 1200px)");
const PAUSE = 300;

/* ---- the intake form: what the rules say for what stands there now ---- */

function words(text) {
  return new Set((text || "").split(" ").filter(Boolean));
}

/* Questions that apply are shown, the others hidden; what was typed in them stays where it was typed. */
function showWhatApplies(form) {
  const state = form.querySelector("[data-state]");
  if (!state) return;
  const shown = words(state.dataset.shown);
  const needed = words(state.dataset.needed);
  form.querySelectorAll("[data-answer]").forEach((box) => {
    const name = box.dataset.answer;
    if (name.startsWith("filing-") || name.startsWith("trial-")) return;
    if (name.startsWith("answers-") || name.startsWith("applicant-")) box.hidden = !shown.has(name);
    const optional = box.querySelector(":scope > * > label > [data-optional], :scope > * > legend > [data-optional]");
    if (optional) optional.hidden = needed.has(name);
  });
  form.querySelectorAll("[data-section], [data-block]").forEach((section) => {
    section.hidden = !Array.from(section.querySelectorAll("[data-answer]")).some((box) => !box.hidden);
  });
}

function reasonsLeftOpen(panel) {
  return new Set(Array.from(panel.querySelectorAll("details[data-why][open]"), (one) => one.dataset.why));
}

/* The panel stands inside the form, so htmx sends the whole form with the request. */
async function ask(form, panel, pressed) {
  const open = reasonsLeftOpen(panel);
  const values = pressed ? { [pressed.name]: pressed.value } : {};
  if (!(await answered("POST", panel.dataset.preview, { source: panel, target: panel, swap: "innerHTML", values }))) return;
  panel.querySelectorAll("details[data-why]").forEach((one) => { if (open.has(one.dataset.why)) one.open = true; });
  showWhatApplies(form);
}

function followForm(form) {
  const panel = document.getElementById("panel");
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(form, panel, null), PAUSE);
  });
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-row-button], [data-refresh]");
    if (!button || !window.htmx) return;
    event.preventDefault();
    clearTimeout(waiting);
    const group = button.closest("fieldset.rows")?.id;
    const isNew = button.name.endsWith("-add");
    await ask(form, panel, button.matches("[data-row-button]") ? button : null);
    if (group) focusInGroup(document.getElementById(group), isNew);
  });
  showWhatApplies(form);
}

function focusInGroup(group, isNew) {
  const rows = group.querySelectorAll(".group-row");
  const last = rows[rows.length - 1];
  const input = isNew && last && last.querySelector("input, select, textarea");
  (input || group).focus();
}

/* Whether the request was answered: a newer one may have taken its place, or the server is out of reach. */
async function answered(verb, address, options) {
  try {
    await window.htmx.ajax(verb, address, options);
    return true;
  } catch {
    return false;
  }
}

/* ---- the worklist: a dossier opens beside it on a wide screen, with an address of its own ---- */

async function openBeside(link) {
  const frame = link.closest("[data-beside-frame]");
  if (!(await answered("GET", link.dataset.beside, { target: "#beside", swap: "innerHTML" }))) return;
  frame.classList.add("open");
  frame.querySelectorAll("tr[aria-selected]").forEach((row) => row.removeAttribute("aria-selected"));
  link.closest("tr").setAttribute("aria-selected", "true");
  if (window.location.pathname + window.location.search !== link.dataset.address) window.history.pushState({ beside: true }, "", link.dataset.address);
}

function closeBeside(frame) {
  frame.classList.remove("open");
  document.getElementById("beside").replaceChildren();
  const selected = frame.querySelector("tr[aria-selected]");
  if (selected) {
    selected.removeAttribute("aria-selected");
    selected.querySelector("a").focus();
  }
  const address = new URL(window.location.href);
  address.searchParams.delete("open");
  window.history.pushState({ beside: true }, "", address);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-beside]");
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (link && isPlain && WIDE.matches && window.htmx) {
    event.preventDefault();
    openBeside(link);
  }
  if (event.target.closest("[data-close-beside]")) {
    event.preventDefault();
    closeBeside(document.querySelector("[data-beside-frame]"));
  }
});
window.addEventListener("popstate", () => { if (document.querySelector("[data-beside-frame]")) window.location.reload(); });

document.querySelectorAll("form[data-intake]").forEach(followForm);
