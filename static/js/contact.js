/**
 * Every post says under which contact its page was made, so that nothing lands on the customer whom
 * the agent has turned to since.
 */

const contact = () => document.getElementById("context-bar")?.dataset.contact ?? "";

document.addEventListener(
  "submit",
  ({ target: form }) => {
    if (form.method !== "post" || !contact() || form.elements.namedItem("interaction")) return;
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
