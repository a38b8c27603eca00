/**
 * Keys that are pressed before the rest has loaded wait here; `keyboard.js` takes them. A classic
 * script in the head: it runs before there is a page to press a key on.
 */

(() => {
  const waiting = [];
  const isField = (target) =>
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));

  function keep(event) {
    if (event.isComposing || event.key === "Shift" || event.key === "Alt" || event.key === "Tab") return;
    const isChord = event.altKey !== event.ctrlKey;
    // Enter and the blank belong to the button or link that has the focus.
    const isLetter = !event.altKey && !event.ctrlKey && event.key.length === 1 && event.key !== " ";
    if (!isChord && !(isLetter && !event.metaKey && !isField(event.target))) return;
    if (event.ctrlKey && event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    waiting.push(event);
  }

  document.addEventListener("keydown", keep, true);
  window.earlyKeys = () => {
    document.removeEventListener("keydown", keep, true);
    return waiting.splice(0);
  };
})();
