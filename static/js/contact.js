/**
 * Every post says under which contact its page was made, so that nothing lands on the customer whom
 * the agent has turned to since. If the agent has, the server asks; what it asked about is sent
 * once more when it has been answered.
 */

export const contact = () => {
  const bar = document.getElementById("context-bar");
  return bar ? bar.dataset.contact || "none" : "";
};

let asked = null;

document.addEventListener(
  "submit",
  ({ target: form }) => {
    // The page on which the server asks names another contact than its own.
    if (form.method !== "post" || !contact() || form.elements.namedItem("go_on")) return;
    const known = form.elements.namedItem("interaction");
    if (known) {
      // A form whose address says whose concern it is names no contact, also once that has ended.
      if (!("asItIs" in known.dataset)) known.value = contact();
      return;
    }
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "interaction";
    field.value = contact();
    form.append(field);
  },
  true,
);

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get" && contact()) detail.headers["X-Interaction"] = contact();
});

document.addEventListener("another-contact", (event) => {
  asked = event.detail.elt;
});

document.addEventListener("contact-settled", () => {
  const element = asked;
  asked = null;
  if (!element?.isConnected) return;
  if (element instanceof HTMLFormElement) element.requestSubmit();
  else element.click();
});
