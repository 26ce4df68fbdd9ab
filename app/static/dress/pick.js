"use strict";
/* Long lists are searched as one types, without accents; an identity card fills the fields it speaks of.
   Without this file the lists are the browser's own, and the server reads a name or a card as it was typed. */

const MOST_SHOWN = 12;
const CARD_PARTS = 7;

/* "Đăng ký" is found by "dang ky": lower case, no marks, đ as d. The server folds alike. */
function folded(text) {
  return text.toLocaleLowerCase("vi").replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "").replace(/\s+/g, " ").trim();
}

function matching(entries, typed) {
  const wanted = folded(typed).replaceAll(",", " ").split(" ").filter(Boolean);
  return entries.filter((entry) => wanted.every((word) => entry.folded.includes(word)));
}

function entriesOf(options) {
  return Array.from(options, (option) => ({ value: option.value, text: option.label || option.textContent, folded: folded(option.label || option.textContent) }))
    .filter((entry) => entry.value);
}

/* A box with a list below it: arrows move, Enter takes, Escape closes. `take` is given the entry. */
function listBelow(input, entries, take) {
  const list = document.createElement("ul");
  list.id = `${input.id}-found`;
  list.className = "found-list";
  list.setAttribute("role", "listbox");
  list.hidden = true;
  input.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
    input.setAttribute(name, value);
  }
  let found = [];
  let at = -1;

  function mark(place) {
    at = place;
    Array.from(list.children).forEach((item, number) => item.setAttribute("aria-selected", String(number === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    }
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function open() {
    found = matching(entries, input.value).slice(0, MOST_SHOWN);
    list.replaceChildren(...found.map((entry, number) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${number}`;
      item.setAttribute("role", "option");
      item.textContent = entry.text;
      item.addEventListener("mousedown", (event) => {
        event.preventDefault();
        taken(entry);
      });
      return item;
    }));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    mark(-1);
  }

  function taken(entry) {
    take(entry);
    close();
  }

  input.addEventListener("input", open);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      if (found.length) mark((at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      if (found.length) taken(found[Math.max(at, 0)]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
}

function changed(control) {
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

/* A long list of codes: a box above it that finds a code by its name. */
function pickFrom(select) {
  const box = document.createElement("input");
  box.type = "text";
  box.id = `${select.id}-find`;
  box.className = "form-control";
  box.placeholder = select.dataset.pick;
  box.setAttribute("aria-label", select.dataset.pick);
  box.autocomplete = "off";
  select.before(box);
  listBelow(box, entriesOf(select.options), (entry) => {
    select.value = entry.value;
    box.value = "";
    changed(select);
  });
}

function suggestFor(input) {
  const options = document.getElementById(input.getAttribute("list"));
  input.removeAttribute("list");
  listBelow(input, entriesOf(options.options), (entry) => {
    input.value = entry.value;
    changed(input);
  });
}

/* A long list of boxes to tick: what does not match is hidden, what is ticked stays. */
function narrow(options) {
  const box = document.createElement("input");
  box.type = "search";
  box.className = "form-control";
  box.setAttribute("aria-label", options.dataset.narrow);
  box.placeholder = options.dataset.narrow;
  options.before(box);
  box.addEventListener("input", () => {
    const wanted = folded(box.value);
    for (const one of options.children) one.hidden = !folded(one.textContent).includes(wanted) && !one.querySelector("input").checked;
  });
}

/* `number|old number|name|ddmmyyyy|sex|address|ddmmyyyy`, which a reader types like a keyboard and ends with Enter. */
function readCard(box) {
  const parts = box.value.split("|").map((part) => part.trim());
  const born = /^(\d{2})(\d{2})(\d{4})$/.exec(parts[3] ?? "");
  if (parts.length < CARD_PARTS || !/^\d{12}$/.test(parts[0]) || !born || !/^\d{8}$/.test(parts[6])) return false;
  const said = { citizen_id: parts[0], name: parts[2], birth_day: born.slice(1).join("/"), sex: folded(parts[4]) === "nu" ? "female" : "male", address: parts[5] };
  for (const pair of box.dataset.card.split(" ")) {
    const [part, id] = pair.split(":");
    const control = document.getElementById(id);
    if (!control || !(part in said)) continue;
    control.value = said[part];
    changed(control);
  }
  box.value = "";
  return true;
}

function cardBox(box) {
  box.addEventListener("input", () => readCard(box));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      readCard(box);
    }
  });
}

const ENHANCED = { "select[data-pick]": pickFrom, "input[data-suggest]": suggestFor, "[data-narrow]": narrow, "input[data-card]": cardBox };

function enhance(root) {
  for (const [what, how] of Object.entries(ENHANCED)) {
    root.querySelectorAll(what).forEach((control) => {
      if (control.dataset.enhanced) return;
      control.dataset.enhanced = "true";
      how(control);
    });
  }
}

document.addEventListener("htmx:afterSwap", (event) => enhance(event.detail.target ?? document));
document.addEventListener("htmx:oobAfterSwap", () => enhance(document));
enhance(document);
