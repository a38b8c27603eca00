/** Forms: one click sends once; filters that apply at once. */

import { on } from "./dom.js";

const SHOW_BUSY_AFTER = 150;

function release(form) {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll(".is-busy")) {
    button.classList.remove("is-busy");
    button.removeAttribute("aria-disabled");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-submit-once]")) return;
  if (!form.dataset.sending) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

function hold(form, submitter) {
  form.dataset.sending = "yes";
  const button = submitter ?? form.querySelector("[type=submit]");
  setTimeout(() => {
    if (!form.dataset.sending) return;
    button?.classList.add("is-busy");
    button?.setAttribute("aria-disabled", "true");
  }, SHOW_BUSY_AFTER);
}

// After everybody who may have stopped it; htmx stops what it sends itself and tells so below.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.target.matches("form[data-submit-once]")) return;
  hold(event.target, event.submitter);
});

// What was taken in is shown elsewhere by now; the field is free for the next one.
document.addEventListener("htmx:afterRequest", ({ target: form, detail }) => {
  if (detail.successful && form.matches?.("form[data-resets]")) form.reset();
});

// What a form keeps while one types is no submission: Enter in the middle of it must still count.
function isKeeping(event) {
  return event.detail?.requestConfig?.triggeringEvent?.type === "change";
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches?.("form[data-submit-once]") && !isKeeping(event)) hold(event.target);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-submit-once]");
  if (form && !isKeeping(event)) release(form);
});

// Back from another page: the browser shows this one as it was, busy button and all.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) release(form);
});

on("input", "form", (event, form) => {
  form.dataset.touched = "yes";
});

on("change", "form[data-submit-on-change]", (event, form) => form.requestSubmit());
