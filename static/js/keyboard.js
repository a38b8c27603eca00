/** Shortcuts: read from `data-shortcut` at the moment of the key, so that swapped content counts. */

import { isTyping, isVisible, on } from "./dom.js";
import * as palette from "./palette.js";

const PAUSE = 1200;
let sequence = "";
let pausing;

const usesSingleKeys = () => localStorage.getItem("single-keys") !== "off";

function letter(event) {
  const plain = /^(?:Key|Digit)(.)$/.exec(event.code)?.[1];
  // With Alt or Shift some layouts give another sign; the key's own letter is meant.
  return (event.altKey || event.shiftKey) && plain ? plain.toLowerCase() : event.key.toLowerCase();
}

function chord(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("ctrl");
  if (event.altKey) parts.push("alt");
  if (event.shiftKey && event.altKey) parts.push("shift");
  return [...parts, letter(event)].join("+");
}

function bound() {
  return [...document.querySelectorAll("[data-shortcut]")].filter(
    (element) => element.closest("#palette") || isVisible(element),
  );
}

function act(element) {
  if (element.closest("#palette")) palette.run(element);
  else if (isTyping(element)) {
    element.focus();
    element.select?.();
  } else element.click();
}

function press(keys) {
  const found = bound().find((element) => element.dataset.shortcut.toLowerCase() === keys);
  if (found) act(found);
  return Boolean(found);
}

function isBegun(keys) {
  return bound().some((element) => element.dataset.shortcut.toLowerCase().startsWith(`${keys} `));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.key === "Shift") return;
  handle(event);
});

function handle(event) {
  const keys = chord(event);
  if (keys === "ctrl+k") {
    event.preventDefault();
    palette.open();
    return;
  }
  if (keys === "ctrl+enter") {
    const form = event.target.closest?.("form");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (document.querySelector("dialog[open]") && !event.altKey) return;
  if (event.altKey && !event.ctrlKey) {
    if (press(keys)) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || isTyping(event.target) || !usesSingleKeys()) return;
  single(event);
}

function single(event) {
  const key = event.key.toLowerCase();
  if (key === "/") {
    const box = document.getElementById("search-input");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  } else if (key === "?") {
    event.preventDefault();
    list();
  } else if (key.length === 1) {
    clearTimeout(pausing);
    const keys = sequence ? `${sequence} ${key}` : key;
    sequence = "";
    if (press(keys)) event.preventDefault();
    else if (isBegun(keys)) {
      sequence = keys;
      pausing = setTimeout(() => (sequence = ""), PAUSE);
    }
  }
}

/** Show all shortcuts that count now. */
function list() {
  const dialog = document.getElementById("shortcuts");
  if (!dialog || dialog.open) return;
  const page = new Map();
  const commands = new Map();
  for (const element of bound()) {
    const label = element.dataset.shortcutLabel || element.textContent.trim();
    (element.closest("#palette") ? commands : page).set(element.dataset.shortcut, label);
  }
  fill(dialog.querySelector("[data-shortcuts-page]"), page);
  fill(dialog.querySelector("[data-shortcuts-commands]"), commands);
  dialog.querySelector("[data-single-keys]").checked = usesSingleKeys();
  dialog.showModal();
}

const NAMES = { alt: "Alt", ctrl: "Ctrl", shift: "Shift", enter: "↵" };

function fill(target, entries) {
  target.closest("section").hidden = entries.size === 0;
  target.replaceChildren(
    ...[...entries].map(([keys, label]) => {
      const line = document.createElement("div");
      const name = document.createElement("dt");
      const meaning = document.createElement("dd");
      for (const key of keys.split(/[ +]/)) {
        const cap = document.createElement("kbd");
        cap.textContent = NAMES[key] ?? key.toUpperCase();
        name.append(cap);
      }
      meaning.textContent = label;
      line.append(name, meaning);
      return line;
    }),
  );
}

on("click", "[data-shortcuts-open]", list);
on("change", "[data-single-keys]", (event, box) => {
  if (box.checked) localStorage.removeItem("single-keys");
  else localStorage.setItem("single-keys", "off");
});

/** Do what was asked for while the page was still loading. */
function catchUp() {
  for (const event of window.earlyKeys()) {
    const field = document.activeElement;
    // After the key for the search box came what is searched for.
    if (event.key.length === 1 && !event.altKey && !event.ctrlKey && isTyping(field)) {
      field.setRangeText?.(event.key, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new InputEvent("input", { bubbles: true, data: event.key }));
    } else handle(event);
  }
}

// After the modules that come later in app.js, and after htmx, which all of them press.
document.addEventListener("DOMContentLoaded", catchUp, { once: true });
