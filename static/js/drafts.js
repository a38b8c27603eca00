/**
 * What is typed survives a reload, a lapsed log-in, a crash of the page or of the whole browser.
 *
 * Kept in the window's own storage under the person, the contact and the form's name, with the
 * form's token; while the page is open also in the browser's, where it is found again if the window
 * has crashed. The server names the token of a form that has done its work in the cookie
 * `submitted`; only then is the draft forgotten. Logging out forgets all, and so does half a day.
 */

import { cookie, each, settled, text } from "./dom.js";
import { canTell, isOpen, ownName } from "./windows.js";

const PREFIX = "draft:";
const HALF_A_DAY = 12 * 3600 * 1000;
const STORES = [sessionStorage, localStorage];
const person = () => document.body.dataset.person ?? "";
const contact = () => document.getElementById("context-bar")?.dataset.contact ?? "";
const keyOf = (form) => `${PREFIX}${person()}:${contact()}:${form.dataset.draft}`;
const tokenOf = (form) => form.elements.form_token?.value ?? "";

function forget(fits) {
  for (const store of STORES) {
    for (const key of Object.keys(store).filter((one) => one.startsWith(PREFIX))) {
      if (fits(JSON.parse(store.getItem(key)))) store.removeItem(key);
    }
  }
}

function forgetSubmitted() {
  const token = cookie("submitted");
  if (token) forget((draft) => draft.token === token);
}

/** Take over what a window that has crashed left behind. */
async function inherit(key) {
  const left = canTell && localStorage.getItem(key);
  if (!left || sessionStorage.getItem(key) || (await isOpen(JSON.parse(left).by))) return;
  sessionStorage.setItem(key, left);
  localStorage.removeItem(key);
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
    for (const store of STORES) store.removeItem(keyOf(form));
    note.remove();
    fields(form)[0]?.focus();
  });
  note.append(button);
  form.prepend(note);
}

forgetSubmitted();
forget((draft) => !(Date.now() - draft.at < HALF_A_DAY));

each("form[data-draft]", async (form) => {
  if (!tokenOf(form)) return;
  const key = keyOf(form);
  const keep = () => {
    const draft = { token: tokenOf(form), values: read(form), by: ownName, at: Date.now() };
    sessionStorage.setItem(key, JSON.stringify(draft));
    if (canTell) localStorage.setItem(key, JSON.stringify(draft));
  };
  const soon = settled(250, keep);
  for (const type of ["input", "change"]) {
    form.addEventListener(type, () => {
      form.dataset.typed = "yes";
      soon();
    });
  }
  // A reload right after the last key must not lose it; a window that is left in peace keeps its own.
  window.addEventListener("pagehide", () => {
    if (form.isConnected && form.dataset.typed && !form.dataset.sending) keep();
    if (JSON.parse(localStorage.getItem(key))?.by === ownName) localStorage.removeItem(key);
  });
  form.addEventListener("submit", keep);
  await inherit(key);
  const found = form.dataset.typed ? null : sessionStorage.getItem(key);
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
});

document.addEventListener("htmx:afterRequest", forgetSubmitted);
document.addEventListener("submit", (event) => {
  if (!event.target.action?.includes("/logout")) return;
  forget(() => true);
});
