/** The one search box: a combobox over whatever options the server sends. */

import { each, text } from "./dom.js";

const SHORTEST = 2;

each("[data-search]", (form) => {
  const input = form.querySelector("[role=combobox]");
  const list = form.querySelector("[role=listbox]");
  const status = form.querySelector("[data-search-status]");
  let active = -1;
  let asked = input.value;
  let enterPending = false;
  // Closed by hand: an answer that is still on its way must not open the list again.
  let isDismissed = false;

  const options = () => [...list.querySelectorAll("[role=option]")];

  function mark(index) {
    const all = options();
    active = all.length ? (index + all.length) % all.length : -1;
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
    if (active < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    input.setAttribute("aria-activedescendant", all[active].id);
    all[active].scrollIntoView({ block: "nearest" });
  }

  function show(isShown) {
    list.hidden = !isShown;
    input.setAttribute("aria-expanded", String(isShown));
    if (isShown) return;
    active = -1;
    input.removeAttribute("aria-activedescendant");
    for (const option of options()) option.setAttribute("aria-selected", "false");
  }

  function announce() {
    const hits = options().filter((option) => option.id !== "hit-create").length;
    const key = hits === 0 ? "hitsNone" : hits === 1 ? "hitsOne" : "hitsMany";
    status.textContent = text(key, { count: hits });
  }

  const isStale = () => input.value.trim() !== asked;

  input.addEventListener("htmx:configRequest", () => {
    asked = input.value.trim();
  });
  input.addEventListener("htmx:beforeRequest", (event) => {
    if (input.value.trim().length < SHORTEST) {
      event.preventDefault();
      show(false);
    }
  });
  form.addEventListener("htmx:afterSwap", () => {
    show(document.activeElement === input && !isDismissed);
    if (!list.hidden) mark(0);
    announce();
    if (!enterPending) return;
    enterPending = false;
    const hits = options().filter((option) => option.id !== "hit-create");
    // Enter came before the answer: go on only if there is no doubt about who was meant.
    if (hits.length === 1) hits[0].click();
  });

  input.addEventListener("input", () => {
    isDismissed = false;
  });
  input.addEventListener("focus", () => {
    if (options().length && input.value.trim() === asked && input.value) show(true);
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) show(false);
  });
  // Keeps the cursor in the box while an option is clicked.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("mousemove", (event) => {
    const option = event.target.closest("[role=option]");
    const index = options().indexOf(option);
    if (option && index !== active) mark(index);
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      isDismissed = false;
      if (list.hidden && options().length) show(true);
      mark(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Escape") {
      event.preventDefault();
      enterPending = false;
      isDismissed = true;
      if (!list.hidden) show(false);
      else if (input.value) input.value = "";
      else input.blur();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      if (input.value.trim().length < SHORTEST) {
        event.preventDefault();
      } else if (isStale() || form.classList.contains("htmx-request")) {
        event.preventDefault();
        enterPending = true;
        if (isStale()) window.htmx?.trigger(input, "search-again");
      } else if (active >= 0 && !list.hidden) {
        event.preventDefault();
        options()[active].click();
      }
    }
  });
});
