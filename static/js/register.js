/** "Take over": writes what the register says of a point of delivery into the form around it. */

import { on } from "./dom.js";

on("click", "[data-fills]", (event, button) => {
  const form = button.closest("form");
  if (!form) return;
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.fills))) {
    const field = form.elements.namedItem(name);
    if (!field || !("value" in field) || !value || field.type === "hidden") continue;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
