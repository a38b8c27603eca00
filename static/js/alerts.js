/** The alert modeler: a condition shows the field that its fact is compared with, and its values. */

import { each } from "./dom.js";

const kinds = JSON.parse(document.getElementById("alert-fact-kinds")?.textContent ?? "{}");
const WORDS = ["YES_NO", "CHOICE"];

/** Show what fits, hide and empty what does not. */
function fit(row) {
  const [fact, operator, choice] = row.querySelectorAll("select");
  const kind = kinds[fact.value];
  const isWord = WORDS.includes(kind);
  row.querySelector("[data-alert-number]").hidden = isWord;
  row.querySelector("[data-alert-choice]").hidden = !isWord;
  for (const option of operator.options) {
    const isOfWords = option.value === "IS" || (option.value === "IS_NOT" && kind === "CHOICE");
    option.hidden = option.disabled = isWord ? !isOfWords : option.value === "IS_NOT";
  }
  if (operator.selectedOptions[0]?.disabled) operator.value = isWord ? "IS" : "AT_LEAST";
  for (const option of choice.options) {
    if (!option.value) continue;
    const owner = option.value.includes(":") ? option.value.split(":")[0] : "";
    option.hidden = option.disabled = kind === "YES_NO" ? owner !== "" : owner !== fact.value;
  }
  for (const group of choice.querySelectorAll("optgroup")) {
    group.hidden = [...group.children].every((option) => option.hidden);
  }
  if (choice.selectedOptions[0]?.disabled) choice.value = "";
}

each("[data-alert-condition]", (row) => {
  fit(row);
  row.querySelector("select").addEventListener("change", () => fit(row));
});

each("form[data-alert-rule]", (form) => {
  const kind = form.elements.namedItem("kind");
  const show = () => {
    const isProposal = kind.value === "PROPOSAL";
    for (const [name, isShown] of [["severity", !isProposal], ["proposes", isProposal], ["product", isProposal]]) {
      form.elements.namedItem(name).closest(".field").hidden = !isShown;
    }
  };
  show();
  kind.addEventListener("change", show);
  // Drafts and merged edits put other values in.
  form.addEventListener("draft-restored", () => {
    show();
    form.querySelectorAll("[data-alert-condition]").forEach(fit);
  });
});
