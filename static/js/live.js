/** What changes while one looks: polls that rest while nobody looks, and running clocks. */

import { each } from "./dom.js";

const SLOWEST = 30;

each("[data-poll]", (element) => {
  const pace = Number(element.dataset.poll) || 5;
  let failures = 0;
  let isAsking = false;

  const ask = () => {
    if (!element.isConnected) {
      document.removeEventListener("visibilitychange", ask);
      return;
    }
    // What somebody has ticked, say, is not taken from under their hands.
    const rests = element.dataset.pollUnless;
    if (rests && element.querySelector(rests)) return;
    if (document.visibilityState === "visible" && !isAsking) window.htmx?.trigger(element, "poll");
  };
  const again = () => {
    if (!element.isConnected) return;
    ask();
    // A server that does not answer is asked more and more seldom.
    setTimeout(again, Math.min(pace * 2 ** failures, SLOWEST) * 1000);
  };

  element.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target === element) isAsking = true;
  });
  element.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== element) return;
    isAsking = false;
    failures = event.detail.successful ? 0 : failures + 1;
  });
  document.addEventListener("visibilitychange", ask);
  setTimeout(again, pace * 1000);
});

const clocks = new Set();

function tick() {
  for (const clock of clocks) {
    if (!clock.isConnected) {
      clocks.delete(clock);
      continue;
    }
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.since)) / 1000));
    const rest = String(seconds % 60).padStart(2, "0");
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    clock.textContent = hours
      ? `${hours}:${String(minutes % 60).padStart(2, "0")}:${rest}`
      : `${minutes}:${rest}`;
  }
}

each("[data-since]", (clock) => {
  clocks.add(clock);
  tick();
});
setInterval(tick, 1000);
