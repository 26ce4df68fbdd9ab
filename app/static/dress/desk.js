"use strict";
/* The worklist: a dossier opens beside it on a wide screen, with an address of its own. */

const WIDE = window.matchMedia("(min-width: 1200px)");

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
