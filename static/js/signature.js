/** A signature drawn with the finger, or a name typed: either is enough, one is asked for. */

import SignaturePad from "../vendor/signature_pad.js";

import { text } from "./dom.js";

/** Make one signature field work inside its form. */
export function prepare(field) {
  const form = field.closest("form");
  const canvas = field.querySelector("canvas");
  const image = field.querySelector("[name=signature_image]");
  const strokes = field.querySelector("[name=signature_strokes]");
  const name = field.querySelector("[name=typed_name]");
  const error = field.querySelector("[data-signature-error]");
  const drawing = field.querySelector("[data-signature-draw]");
  const typing = field.querySelector("[data-signature-type]");
  const preview = field.querySelector("[data-signature-preview]");
  // Ink is dark on white in both themes: this is what goes into the document.
  const pad = new SignaturePad(canvas, { penColor: "#14233d", minWidth: 0.8, maxWidth: 2.6 });

  const method = () => field.querySelector("[name=signature_method]:checked").value;

  function fitToScreen() {
    const drawn = pad.toData();
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    canvas.width = canvas.offsetWidth * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.clear();
    if (drawn.length) pad.fromData(drawn);
  }

  function arrange() {
    const isDrawn = method() === "DRAWN";
    drawing.hidden = !isDrawn;
    typing.hidden = isDrawn;
    if (isDrawn) fitToScreen();
    return isDrawn;
  }

  function change() {
    error.hidden = true;
    if (!arrange()) name.focus();
  }

  const show = () => {
    preview.textContent = name.value;
    error.hidden = true;
  };

  field.addEventListener("change", (event) => {
    if (event.target.name === "signature_method") change();
  });
  field.querySelector("[data-signature-clear]").addEventListener("click", () => {
    pad.clear();
    image.value = strokes.value = "";
  });
  name.addEventListener("input", show);
  pad.addEventListener("endStroke", () => {
    image.value = pad.toDataURL("image/png");
    strokes.value = JSON.stringify(pad.toData());
    error.hidden = true;
  });
  window.addEventListener("resize", () => {
    if (!drawing.hidden) fitToScreen();
  });
  form?.addEventListener(
    "submit",
    (event) => {
      const isEmpty = method() === "DRAWN" ? pad.isEmpty() : !name.value.trim();
      if (!isEmpty) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      error.textContent = text("signatureEmpty");
      error.hidden = false;
      (method() === "DRAWN" ? canvas : name).scrollIntoView({ block: "center" });
    },
    true,
  );
  // Who is quick has chosen before this script was there.
  arrange();
  show();
}
