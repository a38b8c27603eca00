/** One press copies what stands in one field into another, behind what is there. */

import { on } from "./dom.js";

on("click", "[data-copy-into]", (_event, button) => {
  const from = document.getElementById(button.dataset.copyOf);
  const into = document.getElementById(button.dataset.copyInto);
  if (!from || !into || into.value.includes(from.value)) return;
  into.value = [into.value, from.value].filter(Boolean).join("\n");
  into.dispatchEvent(new Event("input", { bubbles: true }));
  into.focus();
});
