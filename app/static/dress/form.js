"use strict";
/* A generated form: what it shows and asks follows its law (law.js) at every key, the outcome beside it follows the
   server. Without this file the form is sent in more steps, and the server shows the same. */

const FormPage = (() => {
  const PAUSE = 300;
  const laws = new WeakMap();

  /* The law stands in the page as data; where an answer brought a newer one, that is the last. */
  function lawOf(form) {
    const blocks = form.querySelectorAll("script[data-form-law]");
    const block = blocks[blocks.length - 1];
    if (block && !laws.has(block)) laws.set(block, JSON.parse(block.textContent));
    return block && laws.get(block);
  }

  function sentBy(form) {
    const sent = new Map();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") sent.set(name, [...(sent.get(name) ?? []), value]);
    return sent;
  }

  const toldTo = (form) => JSON.parse(form.querySelector("[data-told]")?.dataset.told ?? "{}");

  /* Questions that apply are shown, the others hidden; what was typed in them stays where it was typed. */
  function follow(form) {
    const law = lawOf(form);
    if (!law) return;
    const { facts = {}, asked = [], idle = [] } = toldTo(form);
    const seen = FormLaw.judged(law, sentBy(form), facts);
    const prefixes = [...law.before, law.form].map((part) => `${part.prefix}-`);
    form.querySelectorAll("[data-answer]").forEach((box) => {
      const name = box.dataset.answer;
      if (!prefixes.some((prefix) => name.startsWith(prefix))) return;
      box.hidden = !seen.shown.has(name) || idle.includes(name);
      const optional = box.querySelector(":scope > * > label > [data-optional], :scope > * > legend > [data-optional]");
      if (optional) optional.hidden = seen.required.has(name) || asked.includes(name);
      lock(box, seen.readOnly.has(name));
    });
    form.querySelectorAll("[data-section], [data-block]").forEach((section) => {
      section.hidden = !Array.from(section.querySelectorAll("[data-answer]")).some((box) => !box.hidden);
    });
    form.querySelectorAll("[data-computed]").forEach((output) => tell(output, seen.known.get(output.dataset.computed)));
  }

  /* A read-only answer is still sent: a text stays readable and selectable, a choice cannot be pressed. */
  function lock(box, isLocked) {
    if (isLocked === (box.dataset.locked !== undefined)) return;
    if (isLocked) box.dataset.locked = "";
    else delete box.dataset.locked;
    box.querySelectorAll("input, textarea, select").forEach((control) => {
      if (control.matches("select, [type=radio], [type=checkbox]")) control.inert = isLocked;
      else control.readOnly = isLocked;
    });
  }

  /* A computed value as people write it: 1.234,5 or 26/03/2024; nothing while it is unknown. */
  function written(value, { scale = "0", yes = "", no = "" }) {
    if (value === undefined) return "";
    if (typeof value === "boolean") return value ? yes : no;
    if (value instanceof FormLaw.Day) {
      const { year, month, day } = value.civil;
      return [String(day).padStart(2, "0"), String(month).padStart(2, "0"), year].join("/");
    }
    if (typeof value !== "bigint") return String(value);
    const digits = String(value < 0n ? -value : value).padStart(Number(scale) + 1, "0");
    const whole = digits.slice(0, digits.length - Number(scale)).replace(/\B(?=(\d{3})+$)/g, ".");
    const fraction = digits.slice(digits.length - Number(scale)).replace(/0+$/, "");
    return (value < 0n ? "-" : "") + whole + (Number(scale) && fraction ? "," + fraction : "");
  }

  function tell(output, value) {
    const said = written(value, output.dataset);
    const text = said && output.dataset.unit ? `${said} ${output.dataset.unit}` : said;
    if (output.textContent !== text) output.textContent = text;
  }

  /* ---- what the rules say, beside the form: the last answer wins ---- */

  function reasonsLeftOpen(panel) {
    return new Set(Array.from(panel.querySelectorAll("details[data-why][open]"), (one) => one.dataset.why));
  }

  const ticksOf = (form) => new Map(Array.from(form.querySelectorAll("#checklist [type=checkbox]"), (box) => [box.value, box.checked]));

  function beginToFollow(form) {
    const panel = document.getElementById("panel");
    const asked = new WeakMap(); // request -> how much was typed when it was sent, and the row button that sent it
    let typed = 0;
    let pressed = null;
    let ticks = new Map();
    let waiting;

    panel.addEventListener("htmx:beforeRequest", (event) => asked.set(event.detail.xhr, { typed, pressed }));
    /* What was typed since is not answered by this: another answer is on its way. A row is put in all the same. */
    panel.addEventListener("htmx:beforeSwap", (event) => {
      ticks = ticksOf(form);
      const about = asked.get(event.detail.xhr);
      if (about && about.typed !== typed && !about.pressed) event.detail.shouldSwap = false;
    });

    /* The panel stands inside the form, so htmx sends the whole form with the request. */
    async function ask(button) {
      clearTimeout(waiting);
      if (!window.htmx) return false;
      const open = reasonsLeftOpen(panel);
      pressed = button;
      const answer = answered("POST", panel.dataset.preview, { source: panel, target: panel, swap: "innerHTML", values: button ? { [button.name]: button.value } : {} });
      pressed = null;
      if (!(await answer)) return false;
      panel.querySelectorAll("details[data-why]").forEach((one) => { if (open.has(one.dataset.why)) one.open = true; });
      form.querySelectorAll("#checklist [type=checkbox]").forEach((box) => { if (ticks.has(box.value)) box.checked = ticks.get(box.value); });
      follow(form);
      return true;
    }

    async function press(button) {
      const group = button.closest("fieldset.rows");
      if (group) group.inert = true; // what is typed into rows while they are renumbered would be lost
      const isNew = button.name.endsWith("-add");
      await ask(button.matches("[data-row-button]") ? button : null);
      if (!group) return;
      group.inert = false;
      focusInGroup(document.getElementById(group.id), isNew);
      form.dispatchEvent(new Event("change", { bubbles: true }));
    }

    /* On the document, so that dress.js has put dots and days right before they are read. */
    document.addEventListener("input", (event) => {
      if (event.target.form !== form && event.target !== form) return;
      typed += 1;
      follow(form);
      clearTimeout(waiting);
      waiting = setTimeout(ask, PAUSE, null);
    });
    document.addEventListener("change", (event) => { if (event.target.form === form || event.target === form) follow(form); });
    form.addEventListener("form:again", () => ask(null));
    form.addEventListener("click", (event) => {
      const known = event.target.closest("[data-fill]");
      if (known) fill(form, JSON.parse(known.dataset.fill));
      const button = event.target.closest("[data-row-button], [data-refresh]");
      if (!button || !window.htmx) return;
      event.preventDefault();
      press(button);
    });
  }

  /* What the office knows already goes where nothing was typed; nothing typed is ever replaced. */
  function fill(form, known) {
    const blank = Object.entries(known).map(([name, value]) => [form.elements[name], value]).filter(([control]) => control && control.value.trim() === "");
    blank.forEach(([control, value]) => { control.value = value; });
    if (blank.length === 0) return;
    blank[0][0].focus();
    blank[0][0].dispatchEvent(new Event("input", { bubbles: true }));
  }

  function focusInGroup(group, isNew) {
    const rows = group.querySelectorAll(".group-row");
    const last = rows[rows.length - 1];
    const input = isNew && last && last.querySelector("input, select, textarea");
    (input || group).focus();
  }

  function isTouched(control) {
    if (control.matches("[type=radio], [type=checkbox]")) return control.checked !== control.defaultChecked;
    if (control.matches("select")) return control.selectedIndex !== Math.max(0, Array.from(control.options).findIndex((option) => option.defaultSelected));
    return control.matches("input:not([type=hidden]), textarea") && control.value !== control.defaultValue;
  }

  const forms = Array.from(document.querySelectorAll("form[data-intake]"));
  forms.forEach(beginToFollow);
  /* What was typed before the page was ready, or what the browser put back after a step in the history, counts too. */
  document.addEventListener("DOMContentLoaded", () => {
    forms.filter((form) => Array.from(form.elements).some(isTouched)).forEach((form) => form.dispatchEvent(new Event("input", { bubbles: true })));
  });
  return { follow };
})();
