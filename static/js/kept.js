/**
 * What is typed into a field with `data-kept` outlives its page until the server has it: a reload
 * within the second before it is saved, a crash, a lapsed log-in, a line that breaks.
 *
 * Kept in the tab's own storage, with what the page knew of the server's draft at that time, so
 * that the server can tell whether another window has written since, and then keeps both.
 */

import { cookie, each, on } from "./dom.js";

const PREFIX = "kept:";
const PLACE = ["window", "draft", "revision"];

const keyOf = (field) => `${PREFIX}${field.dataset.kept}`;
const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
const read = (key) => JSON.parse(sessionStorage.getItem(key) ?? "null");

function placeOf(form) {
  const known = PLACE.filter((name) => form?.elements[name]);
  return Object.fromEntries(known.map((name) => [name, form.elements[name].value]));
}

function forgetSent() {
  const token = cookie("submitted");
  for (const key of keys()) if (token && read(key).token === token) sessionStorage.removeItem(key);
}

forgetSent();

// What htmx has not taken in hand yet would send nothing.
let waiting = [];

each("[data-kept]", (field) => (waiting ? waiting.push(field) : giveBack(field)));

document.addEventListener(
  "htmx:load",
  () => {
    for (const field of waiting) giveBack(field);
    waiting = null;
  },
  { once: true },
);

function giveBack(field) {
  const kept = read(keyOf(field));
  if (!kept || kept.text === field.value) return;
  for (const [name, value] of Object.entries(kept.place)) {
    if (field.form?.elements[name]) field.form.elements[name].value = value;
  }
  field.value = kept.text;
  // It goes to the server by the way that typing goes.
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

on("input", "[data-kept]", (event, field) => {
  if (!field.value) {
    sessionStorage.removeItem(keyOf(field));
    return;
  }
  const token = field.form?.elements.form_token?.value ?? "";
  const kept = { text: field.value, place: placeOf(field.form), token };
  sessionStorage.setItem(keyOf(field), JSON.stringify(kept));
});

document.addEventListener("htmx:afterRequest", ({ target: field, detail }) => {
  if (!(field instanceof HTMLElement) || !field.dataset.kept || detail.xhr?.status !== 200) return;
  if (detail.requestConfig.parameters.text === field.value) sessionStorage.removeItem(keyOf(field));
});

// What the server sends in place of a field holds what was typed there.
document.addEventListener("htmx:beforeSwap", ({ target, detail }) => {
  if (!detail.shouldSwap) return;
  for (const field of target.querySelectorAll?.("[data-kept]") ?? []) {
    sessionStorage.removeItem(keyOf(field));
  }
});

document.addEventListener("submit", (event) => {
  if (!event.target.action?.includes("/logout")) return;
  for (const key of keys()) sessionStorage.removeItem(key);
});
