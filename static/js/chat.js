/** Chats: Enter sends, what is typed meanwhile stays, the latest line is in sight. */

import { each, on } from "./dom.js";

const NEAR = 40;
const sent = new WeakMap();
let wasReadingAt = null;

const isChat = (form) => form instanceof HTMLFormElement && form.matches("[data-says]");

on("keydown", "[data-says] textarea", (event, field) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  field.form.requestSubmit();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target;
  if (isChat(form) && !form.elements.text.value.trim()) event.preventDefault();
});

// The line is on its way: the field is free for the next one.
document.addEventListener("htmx:beforeSend", ({ target: form }) => {
  if (!isChat(form)) return;
  const field = form.elements.text;
  sent.set(form, field.value);
  field.value = "";
  field.focus();
});

// It did not arrive: it is back, before whatever was typed since.
document.addEventListener("htmx:afterRequest", ({ target: form, detail }) => {
  if (!isChat(form)) return;
  const field = form.elements.text;
  if (detail.xhr?.status !== 200) {
    field.value = [sent.get(form), field.value].filter(Boolean).join("\n");
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("htmx:beforeSwap", ({ target }) => {
  const box = target.querySelector?.("[data-end]");
  if (!box) return;
  const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
  wasReadingAt = isAtEnd ? null : box.scrollTop;
});

each("[data-end]", (box) => {
  box.scrollTop = wasReadingAt ?? box.scrollHeight;
  wasReadingAt = null;
});
