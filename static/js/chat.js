/** Chats: Enter sends, the latest line is in sight. */

import { each, on } from "./dom.js";

on("keydown", "[data-enter-sends] textarea", (event, field) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  field.form.requestSubmit();
});

each("[data-end]", (box) => {
  box.scrollTop = box.scrollHeight;
});
