/** The cursor goes where the next keystroke goes: to what is wrong, else to what is asked first. */

import { isVisible } from "./dom.js";

function settle(root) {
  const wrong = root.querySelector("[data-error-summary]");
  const first = root.querySelector("[data-autofocus]");
  const target = wrong ?? first;
  if (!target || !isVisible(target)) return;
  target.focus();
  // What is there is most likely to be replaced as a whole.
  if (target.dataset.autofocus === "select") target.select();
}

settle(document);

document.addEventListener("htmx:afterSettle", (event) => {
  // A refresh that nobody asked for must not move anybody's cursor.
  if (event.target.closest("[data-poll]") || event.target.closest("[data-search]")) return;
  settle(event.target);
});

// The side of a link that jumps inside the page takes the focus along, also into a field.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".error-summary a[href^='#'], .conflict a[href^='#']");
  if (!link) return;
  const field = document.getElementById(link.hash.slice(1));
  const control = field?.matches("input, select, textarea") ? field : field?.querySelector("input, select, textarea");
  if (!control) return;
  event.preventDefault();
  control.focus();
  control.scrollIntoView({ block: "center" });
});
