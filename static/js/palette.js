/** Ctrl+K: the commands that the server offered, filtered by what is typed. */

import { on } from "./dom.js";
import { post } from "./dialogs.js";

const dialog = () => document.getElementById("palette");
const list = () => document.getElementById("palette-list");
const input = () => document.getElementById("palette-input");
const items = () => [...list().querySelectorAll("[role=option]")];
const visible = () => items().filter((item) => !item.hidden);

/**
 * How well a label fits: the letters of the needle in their order. A run of letters and the
 * beginnings of words count more. Null when it does not fit; else the score and the places.
 */
export function fit(needle, label) {
  const hay = label.toLowerCase();
  const whole = hay.indexOf(needle);
  if (whole >= 0) {
    const places = [...needle].map((_, i) => whole + i);
    return { score: 100 - whole + (whole === 0 || hay[whole - 1] === " " ? 50 : 0), places };
  }
  const places = [];
  let score = 0;
  let from = 0;
  for (const letter of needle.replaceAll(" ", "")) {
    const at = hay.indexOf(letter, from);
    if (at < 0) return null;
    if (at === 0 || " -/(".includes(hay[at - 1])) score += 8;
    if (places.at(-1) === at - 1) score += 5;
    score -= Math.min(at - from, 6);
    places.push(at);
    from = at + 1;
  }
  return { score, places };
}

function paint(label, places) {
  const parts = [...label.dataset.text].map((letter, i) => {
    if (!places.includes(i)) return document.createTextNode(letter);
    const marked = document.createElement("mark");
    marked.textContent = letter;
    return marked;
  });
  label.replaceChildren(...parts);
  label.normalize();
}

function select(index) {
  const shown = visible();
  const chosen = shown.length ? (index + shown.length) % shown.length : -1;
  for (const item of items()) item.setAttribute("aria-selected", "false");
  if (chosen < 0) {
    input().removeAttribute("aria-activedescendant");
    return;
  }
  shown[chosen].setAttribute("aria-selected", "true");
  input().setAttribute("aria-activedescendant", shown[chosen].id);
  shown[chosen].scrollIntoView({ block: "nearest" });
}

const selected = () => visible().findIndex((item) => item.ariaSelected === "true");

function filter() {
  const needle = input().value.trim().toLowerCase();
  const scored = items().map((item) => {
    const label = item.querySelector(".palette-label");
    label.dataset.text ??= label.textContent;
    const byLabel = needle ? fit(needle, label.dataset.text) : { score: 0, places: [] };
    const byWord = needle && !byLabel && item.dataset.keywords.toLowerCase().includes(needle);
    const found = byLabel ?? (byWord ? { score: -20, places: [] } : null);
    item.hidden = !found;
    paint(label, found?.places ?? []);
    return { item, score: found?.score ?? -1000 };
  });
  scored.sort((a, b) =>
    needle ? b.score - a.score : Number(a.item.dataset.position) - Number(b.item.dataset.position),
  );
  for (const heading of list().querySelectorAll(".palette-group")) heading.hidden = Boolean(needle);
  if (needle) for (const { item } of scored) list().append(item);
  else restore();
  list().querySelector(".palette-none").hidden = visible().length > 0;
  select(0);
}

function restore() {
  const byGroup = Map.groupBy
    ? Map.groupBy(items(), (item) => item.dataset.group)
    : items().reduce((map, item) => map.set(item.dataset.group, [...(map.get(item.dataset.group) ?? []), item]), new Map());
  for (const heading of list().querySelectorAll(".palette-group")) {
    const group = (byGroup.get(heading.dataset.group) ?? []).sort(
      (a, b) => Number(a.dataset.position) - Number(b.dataset.position),
    );
    list().append(heading, ...group);
  }
}

/** Start a command. */
export function run(item) {
  dialog().close();
  const { url, method, click } = item.dataset;
  if (click) document.querySelector(click)?.click();
  else if (method === "POST") post(url);
  else location.assign(url);
}

/** Open the palette, empty. */
export function open() {
  if (!dialog() || dialog().open) return;
  input().value = "";
  dialog().showModal();
  filter();
  input().focus();
}

on("click", "[data-palette-open]", open);
on("input", "#palette-input", filter);
on("click", "#palette-list [role=option]", (event, item) => run(item));
on("mousemove", "#palette-list [role=option]", (event, item) => {
  const index = visible().indexOf(item);
  if (index !== selected()) select(index);
});
on("keydown", "#palette-input", (event) => {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    select(selected() + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.key === "Enter") {
    event.preventDefault();
    const item = visible()[selected()];
    if (item) run(item);
  }
});
