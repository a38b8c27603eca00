/** Light or dark: the choice is kept in a cookie, so the server renders it and nothing flashes. */

import { each, on } from "./dom.js";

const root = document.documentElement;
const sheet = document.getElementById("dark-theme");
const system = matchMedia("(prefers-color-scheme: dark)");
const MEDIA = { dark: "all", light: "not all", auto: "(prefers-color-scheme: dark)" };

function showing() {
  if (root.dataset.theme === "dark") return "dark";
  if (root.dataset.theme === "light") return "light";
  return system.matches ? "dark" : "light";
}

function label() {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.dataset.showing = showing();
  }
}

function choose(theme) {
  root.dataset.theme = theme;
  sheet.media = MEDIA[theme];
  const year = 60 * 60 * 24 * 365;
  document.cookie = `theme=${theme}; path=/; max-age=${year}; samesite=lax`;
  label();
  document.dispatchEvent(new CustomEvent("theme-changed"));
}

/** Change to the other one. What the system has anyway is kept as "auto", to follow it again. */
export function toggle() {
  const wanted = showing() === "dark" ? "light" : "dark";
  choose((wanted === "dark") === system.matches ? "auto" : wanted);
}

on("click", "[data-theme-toggle]", toggle);
system.addEventListener("change", () => {
  label();
  document.dispatchEvent(new CustomEvent("theme-changed"));
});
each("[data-theme-toggle]", label);
