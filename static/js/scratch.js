/**
 * The scratch pad saves itself while one types, and never types over another window.
 *
 * Each save says upon which text it was typed; where the server has another one by now, it puts
 * both together. What has not arrived yet lies in this browser, so that a crash loses nothing.
 */

import { each, settled, text } from "./dom.js";

const PAUSE = 700;
const RETRY = 5000;

each("[data-scratch-pad]", (form) => {
  const area = form.elements.namedItem("text");
  const state = form.querySelector("[data-scratch-state]");
  const key = `scratch:${form.dataset.scratchPad}`;
  const windows = new BroadcastChannel(key);
  let base = area.defaultValue;
  let isSending = false;
  let retry = 0;

  const isClean = () => area.value === base;
  const keep = () => {
    if (isClean()) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ base, text: area.value }));
  };
  const show = (value) => {
    if (area.value === value) return;
    const atEnd = area.selectionEnd === area.value.length;
    const place = area.selectionEnd;
    area.value = value;
    if (document.activeElement === area) {
      const to = atEnd ? value.length : Math.min(place, value.length);
      area.setSelectionRange(to, to);
    }
  };
  const say = (sentence, isWrong) => {
    state.textContent = sentence;
    state.classList.toggle("text-danger", isWrong);
  };

  async function save() {
    clearTimeout(retry);
    if (isSending || isClean() || !form.isConnected) return;
    isSending = true;
    const sent = area.value;
    const body = new URLSearchParams(new FormData(form));
    body.set("base", base);
    try {
      const answer = await fetch(form.action, { method: "POST", body, keepalive: true });
      const { said, text: stored } = await answer.json();
      if (answer.ok) {
        if (area.value === sent) {
          show(stored);
          base = stored;
          windows.postMessage(stored);
        } else {
          // Typed on meanwhile: the next save puts this together with what the server holds.
          base = sent;
        }
      }
      say(said, !answer.ok);
    } catch {
      say(text("offline"), true);
      retry = setTimeout(save, RETRY);
    }
    isSending = false;
    keep();
    if (area.value !== sent) save();
  }

  const soon = settled(PAUSE, save);
  area.addEventListener("input", () => {
    keep();
    soon();
  });
  area.addEventListener("blur", save);
  window.addEventListener("pagehide", save);
  windows.addEventListener("message", ({ data }) => {
    if (!isClean()) return;
    show(data);
    base = data;
  });
  // Another machine, or a window that slept, may have written since.
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState !== "visible" || !form.isConnected || !isClean()) return;
    const answer = await fetch(`${form.action}?format=json`).catch(() => null);
    if (!answer?.ok || !isClean()) return;
    const { text: stored } = await answer.json();
    show(stored);
    base = stored;
  });

  const left = JSON.parse(localStorage.getItem(key) ?? "null");
  if (left && left.text !== area.value) {
    base = left.base;
    area.value = left.text;
    save();
  }
});
