/** The interaction centre: go on by itself when just one customer fits. */

import { each } from "./dom.js";

each("[data-autosubmit]", (form) => form.requestSubmit());

each("[data-focus-search]", (link) => {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("search-input")?.focus();
  });
});
