/** Passing notices, and what went wrong with a request. */

import { each, on, text } from "./dom.js";

const STAY = 6000;

function close(toast) {
  toast.remove();
}

each("[data-toast]", (toast) => {
  if (toast.matches(".toast-error, .toast-danger, .toast-warning")) return;
  let timer = setTimeout(close, STAY, toast);
  const hold = () => clearTimeout(timer);
  const release = () => {
    hold();
    timer = setTimeout(close, STAY, toast);
  };
  toast.addEventListener("mouseenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("mouseleave", release);
  toast.addEventListener("focusout", release);
});

on("click", "[data-toast-close]", (event, button) => close(button.closest("[data-toast]")));

/** Show a notice. Errors and warnings stay until they are closed. */
export function toast(sentence, tone = "info") {
  const region = document.getElementById("toasts");
  const template = document.getElementById("toast-template");
  if (!region || !template || !sentence) return;
  const said = [...region.querySelectorAll("p")].some((line) => line.textContent === sentence);
  if (said) return;
  const element = template.content.firstElementChild.cloneNode(true);
  element.classList.add(`toast-${tone}`);
  element.querySelector("p").textContent = sentence;
  region.append(element);
  element.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
}

document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.tone));

const BY_STATUS = { 401: "forbidden", 403: "forbidden", 404: "missing", 429: "tooMany" };

document.addEventListener("htmx:responseError", (event) => {
  if (event.target.closest("[data-poll]")) return;
  toast(text(BY_STATUS[event.detail.xhr.status] ?? "failed"), "danger");
});

for (const type of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(type, (event) => {
    if (!event.target.closest("[data-poll]")) toast(text("offline"), "danger");
  });
}

on("click", "[data-copy]", async (event, button) => {
  await navigator.clipboard.writeText(button.dataset.copy);
  toast(text("copied"), "success");
});
