"use strict";
/* A form keeps itself while it is filled in: every few seconds of change it is sent to the server as a draft. Without a
   connection everything stays in the page and is sent once there is one; nothing is ever kept in the browser's storage,
   which the next person at this counter could read. */

const FormDraft = (() => {
  const PAUSE = 1500; // after the last key
  const LONGEST = 6000; // while somebody types without a pause
  const AGAIN = 5000; // after a failure
  const NO_ANSWER = 20000;
  const MOST_AT_LEAVING = 60000; // a page that is left may still send so much

  function keep(form) {
    const state = document.querySelector("[data-draft-state]");
    const sentence = state.querySelector("[data-draft-said]");
    const choice = state.querySelector("[data-draft-choice]");
    const lock = form.elements.draft;
    let typed = 0; // how often something changed
    let kept = 0; // up to which change the server has it
    let sending = null;
    let waiting;
    let since = null;
    let isOver = false;
    let wasOffline = false;

    function say(kind, text) {
      state.dataset.kind = kind;
      if (kind === "wrong") sentence.setAttribute("role", "alert");
      else sentence.removeAttribute("role"); // every save would be read out
      if (sentence.textContent !== text) sentence.textContent = text;
    }

    function plan(pause) {
      clearTimeout(waiting);
      waiting = setTimeout(save, pause);
    }

    async function save(options = {}) {
      clearTimeout(waiting);
      if (isOver) return;
      if (kept === typed) return wasOffline ? form.dispatchEvent(new Event("form:again")) : undefined;
      if (sending) return plan(PAUSE);
      const about = typed;
      since = null;
      sending = post(options);
      const answer = await sending;
      sending = null;
      if (isOver) return;
      if (answer.ok) succeed(about, answer.told);
      else fail(answer);
    }

    async function post({ keepalive = false }) {
      const body = new FormData(form);
      for (const [name, value] of Array.from(body)) if (typeof value !== "string") body.delete(name);
      try {
        const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { "X-Draft": "1" }, redirect: "manual", keepalive, signal: keepalive ? undefined : AbortSignal.timeout(NO_ANSWER) });
        const isTold = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
        return { ok: answer.ok && isTold, status: answer.status, told: isTold ? await answer.json() : null };
      } catch {
        return { ok: false, status: null, told: null };
      }
    }

    function succeed(about, told) {
      lock.value = told.lock;
      kept = about;
      choice.hidden = true;
      if (kept === typed) {
        delete form.dataset.changed;
        say("kept", told.said);
      } else {
        plan(PAUSE);
      }
      if (wasOffline) form.dispatchEvent(new Event("form:again"));
      wasOffline = false;
    }

    /* After a login in another window the page's own token is of a session that is over: it takes the new one. */
    async function renew() {
      const answer = await fetch(form.action, { redirect: "manual" }).catch(() => null);
      if (!answer?.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const token = page.querySelector("input[name=csrf_token]")?.value;
      if (!token) return;
      document.querySelectorAll("input[name=csrf_token]").forEach((one) => { one.value = token; });
      document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    }

    function fail({ status, told }) {
      if (told?.lock !== undefined) return offerChoice(told);
      if (told) { // refused for good: the sentence says why; the next change tries again
        kept = typed;
        return say("wrong", told.said);
      }
      if (status === 400) renew();
      wasOffline ||= status === null;
      say("wrong", status === null || status >= 500 ? state.dataset.offline : state.dataset.loggedOut);
      plan(AGAIN);
    }

    /* Another window saved this form since: nothing is overwritten before somebody says so. */
    function offerChoice(told) {
      isOver = true;
      say("wrong", told.said);
      const link = choice.querySelector("[data-draft-open]");
      link.hidden = !told.open;
      if (told.open) link.href = told.open;
      choice.querySelector("[data-draft-overwrite]").onclick = () => {
        isOver = false;
        lock.value = told.lock;
        typed += 1;
        choice.hidden = true;
        save();
      };
      link.onclick = () => delete form.dataset.changed;
      choice.hidden = false;
    }

    function change() {
      typed += 1;
      since ??= Date.now();
      if (isOver) return;
      if (state.dataset.kind !== "wrong") say("unsaved", state.dataset.unsaved);
      plan(Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
    }

    /* The page is left or hidden: what is not kept yet goes along, as far as a browser still sends it. */
    function leave() {
      if (kept === typed || isOver) return;
      const length = Array.from(new FormData(form)).reduce((sum, [name, value]) => sum + name.length + 3 * value.length + 120, 0);
      save({ keepalive: length < MOST_AT_LEAVING });
    }

    form.addEventListener("input", change);
    form.addEventListener("change", change);
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (wasOffline || !navigator.onLine) { // the browser's own page would take the place of the answers
        event.preventDefault();
        say("wrong", state.dataset.offline);
        plan(0);
        return;
      }
      isOver = true;
      clearTimeout(waiting);
    });
    window.addEventListener("pageshow", (event) => { if (event.persisted) isOver = false; });
    window.addEventListener("online", () => { if (wasOffline) save(); });
    window.addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });
    document.addEventListener("htmx:sendError", () => {
      wasOffline = true;
      say("wrong", state.dataset.offline);
      plan(AGAIN);
    });
    document.addEventListener("htmx:afterRequest", (event) => {
      if (!event.detail.xhr?.status || !wasOffline || kept !== typed) return;
      wasOffline = false;
      say("kept", state.dataset.idle);
    });
  }

  document.querySelectorAll("form[data-draft]").forEach(keep);
})();
