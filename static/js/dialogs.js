/** Dialogs, the side bar on small screens, and links that post. */

import { on } from "./dom.js";

/** Open a dialog and put the cursor where the next keystroke goes. */
export function open(dialog) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  const first = dialog.querySelector("[data-autofocus], .dialog-body input:not([type=hidden]), .dialog-body select, .dialog-body textarea");
  first?.focus();
}

on("click", "[data-dialog-open]", (event, button) => {
  open(document.getElementById(button.dataset.dialogOpen));
});

on("click", "[data-dialog-close]", (event, button) => {
  event.preventDefault();
  button.closest("dialog")?.close();
});

// A click on the veil closes, unless something has been typed inside.
on("mousedown", "dialog", (event, dialog) => {
  if (event.target !== dialog || dialog.querySelector("form[data-touched]")) return;
  const box = dialog.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) dialog.close();
});

// What the server sends into the page's own dialog opens it; an empty answer closes it.
document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.target.closest?.("#dialog");
  if (!dialog) return;
  if (dialog.innerHTML.trim()) open(dialog);
  else dialog.close();
});

document.addEventListener("close-dialog", () => document.getElementById("dialog")?.close());

on("click", "[data-sidebar-toggle]", (event, button) => {
  const sidebar = document.getElementById("sidebar");
  const isOpen = sidebar.classList.toggle("is-open");
  button.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) sidebar.querySelector("a")?.focus();
});

document.addEventListener("click", (event) => {
  const sidebar = document.getElementById("sidebar");
  if (!sidebar?.classList.contains("is-open")) return;
  if (sidebar.contains(event.target) || event.target.closest("[data-sidebar-toggle]")) return;
  sidebar.classList.remove("is-open");
  document.querySelector("[data-sidebar-toggle]")?.setAttribute("aria-expanded", "false");
});

/** Send a form with the CSRF token to an address. */
export function post(url) {
  const form = document.getElementById("post-form");
  form.action = url;
  form.requestSubmit();
}

on("click", "a[data-method=post]", (event, link) => {
  event.preventDefault();
  post(link.href);
});
