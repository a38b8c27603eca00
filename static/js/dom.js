/** Small things that every module needs. */

const initialisers = [];

/** Run `init` once for each element that fits, now and whenever htmx brings new ones. */
export function each(selector, init) {
  const seen = new WeakSet();
  const run = (root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root instanceof Element && root.matches(selector)) found.unshift(root);
    for (const element of found) {
      if (seen.has(element)) continue;
      seen.add(element);
      init(element);
    }
  };
  initialisers.push(run);
  run(document);
}

document.addEventListener("htmx:load", (event) => {
  for (const run of initialisers) run(event.target);
});

/** Handle an event for all elements that fit a selector, present and future. */
export function on(type, selector, handle) {
  document.addEventListener(type, (event) => {
    const element = event.target instanceof Element ? event.target.closest(selector) : null;
    if (element) handle(event, element);
  });
}

/** A translated sentence of components/texts.html; `%(name)s` is filled from `values`. */
export function text(key, values = {}) {
  const sentence = document.getElementById("texts")?.dataset[key] ?? "";
  return sentence.replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
}

/** Whether the person is typing, so that letters are letters and not shortcuts. */
export function isTyping(target) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"))
  );
}

/** Whether an element can be seen and used. */
export function isVisible(element) {
  return element.getClientRects().length > 0;
}

/** Read a cookie, or "". */
export function cookie(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** Wait until nothing has come for some time, then call once. */
export function settled(wait, handle) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => handle(...args), wait);
  };
}
