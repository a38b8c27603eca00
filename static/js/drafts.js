/**
 * What is typed survives a reload, a crash of the tab's page, a lapsed log-in.
 *
 * Kept in the tab's own storage under the contact and the form's name, with the form's token. The
 * server names the token of a form that has done its work in the cookie `submitted`; only then is
 * the draft forgotten. Logging out forgets all.
 */

import { cookie, each, settled, text } from "./dom.js";

const PREFIX = "draft:";
const contact = () => document.getElementById("context-bar")?.dataset.contact ?? "";
const keyOf = (form) => `${PREFIX}${contact()}:${form.dataset.draft}`;
const tokenOf = (form) => form.elements.form_token?.value ?? "";

function kept() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

function forgetSubmitted() {
  const token = cookie("submitted");
  if (!token) return;
  for (const key of kept()) {
    if (JSON.parse(sessionStorage.getItem(key)).token === token) sessionStorage.removeItem(key);
  }
}

function fields(form) {
  return [...form.elements].filter(
    (field) => field.name && !field.disabled && !["hidden", "password", "file", "submit", "button", "fieldset"].includes(field.type),
  );
}

function read(form) {
  const values = {};
  for (const field of fields(form)) {
    const isTick = field.type === "checkbox" || field.type === "radio";
    if (isTick) (values[field.name] ??= []).push(...(field.checked ? [field.value] : []));
    else if (field.multiple) values[field.name] = [...field.selectedOptions].map((o) => o.value);
    else (values[field.name] ??= []).push(field.value);
  }
  return values;
}

function write(form, values) {
  const places = {};
  for (const field of fields(form)) {
    const stored = values[field.name];
    if (!stored) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = stored.includes(field.value);
    } else if (field.multiple) {
      for (const option of field.options) option.selected = stored.includes(option.value);
    } else {
      places[field.name] ??= 0;
      field.value = stored[places[field.name]++] ?? "";
    }
  }
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function offerBack(form, before) {
  const note = document.createElement("p");
  note.className = "draft-note";
  note.setAttribute("role", "status");
  note.append(text("restored"));
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-small";
  button.textContent = text("discard");
  button.addEventListener("click", () => {
    write(form, before);
    sessionStorage.removeItem(keyOf(form));
    note.remove();
    fields(form)[0]?.focus();
  });
  note.append(button);
  form.prepend(note);
}

forgetSubmitted();

each("form[data-draft]", (form) => {
  if (!tokenOf(form)) return;
  const key = keyOf(form);
  const keep = () => {
    sessionStorage.setItem(key, JSON.stringify({ token: tokenOf(form), values: read(form) }));
  };
  const found = sessionStorage.getItem(key);
  // A form that comes back with errors holds what was typed already.
  if (found && !form.querySelector("[data-error-summary]")) {
    const before = read(form);
    const { values } = JSON.parse(found);
    // Fields that the form did not have then, and those it no longer has, are nothing to give back.
    if (Object.keys(values).some((name) => name in before && !same(before[name], values[name]))) {
      write(form, values);
      offerBack(form, before);
      form.dispatchEvent(new CustomEvent("draft-restored", { bubbles: true }));
    }
  }
  const soon = settled(250, keep);
  for (const type of ["input", "change"]) {
    form.addEventListener(type, () => {
      form.dataset.typed = "yes";
      soon();
    });
  }
  // A reload right after the last key must not lose it.
  window.addEventListener("pagehide", () => {
    if (form.isConnected && form.dataset.typed && !form.dataset.sending) keep();
  });
  form.addEventListener("submit", keep);
});

document.addEventListener("htmx:afterRequest", forgetSubmitted);
document.addEventListener("submit", (event) => {
  if (!event.target.action?.includes("/logout")) return;
  for (const key of kept()) sessionStorage.removeItem(key);
});
