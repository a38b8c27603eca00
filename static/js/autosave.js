/**
 * Forms that save themselves: what is typed while an answer is on its way is not typed over.
 *
 * The answer to one section may draw another anew. Forms stay, their insides are replaced; whatever
 * was typed or chosen since a form was last sent is put into its new insides.
 */

import { contact } from "./contact.js";

const typed = new Map();
const sent = new Map();

const formOf = (element) => element.closest?.("form[data-autosave]");

document.addEventListener("input", (event) => {
  const field = event.target;
  const form = formOf(field);
  if (!form || !field.id) return;
  if (field.type === "radio") {
    for (const other of form.elements) {
      if (other.type === "radio" && other.name === field.name) typed.delete(other.id);
    }
  }
  typed.set(field.id, { form: form.id, value: field.value, checked: field.checked });
});

document.addEventListener("htmx:configRequest", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  const going = new Map();
  for (const [id, state] of typed) {
    if (state.form !== form.id) continue;
    going.set(id, state);
    typed.delete(id);
  }
  sent.set(form.id, going);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  const { successful, xhr } = event.detail;
  if (!successful && ![409, 422].includes(xhr?.status)) {
    // It never arrived: these values are still only here.
    for (const [id, state] of sent.get(form.id) ?? []) if (!typed.has(id)) typed.set(id, state);
  }
  sent.delete(form.id);
});

document.addEventListener("htmx:oobAfterSwap", () => {
  for (const [id, { value, checked }] of typed) {
    const field = document.getElementById(id);
    if (!field) continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = checked;
    else if (field.value !== value) field.value = value;
  }
});

// Leaving the page: what has not been sent yet goes now, and the browser keeps it going.
window.addEventListener("pagehide", () => {
  const forms = new Set([...typed.values()].map((state) => state.form));
  for (const id of forms) {
    const form = document.getElementById(id);
    if (!form) continue;
    const body = new FormData(form);
    if (contact()) body.set("interaction", contact());
    body.set("version", document.getElementById("quotation-version")?.value ?? "");
    fetch(form.action, { method: "POST", body: new URLSearchParams(body), keepalive: true });
  }
  typed.clear();
});
