"use strict";
/* Buttons that copy a code, a hash or a text. Without this file they stay hidden, and the text can be selected by hand. */

async function copied(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  /* Offices open the system over plain http on their own network, where browsers offer no clipboard. */
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function offer(root) {
  for (const button of root.querySelectorAll("[data-copy][hidden]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await copied(button.dataset.copy);
      button.textContent = button.dataset.copied;
      button.focus();
    });
  }
}

document.addEventListener("htmx:afterSwap", (event) => offer(event.detail.target ?? document));
offer(document);
