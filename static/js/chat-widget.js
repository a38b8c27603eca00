/**
 * The button for other sites: `<script src="https://…/chat/widget.js" data-label="Chat with us">`.
 *
 * A classic script, since a module does not know where it came from. The chat opens in a window of
 * its own: there the visitor sees whose it is, and no browser takes its cookies for a stranger's.
 */

(() => {
  const own = document.currentScript;
  const address = new URL("./", own.src).href;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = own.dataset.label || "Chat";
  Object.assign(button.style, {
    position: "fixed",
    insetInlineEnd: "16px",
    insetBlockEnd: "16px",
    zIndex: "2147483000",
    padding: "12px 20px",
    border: "0",
    borderRadius: "999px",
    background: own.dataset.colour || "#0d5c63",
    color: "#fff",
    font: "600 16px/1.25 system-ui, sans-serif",
    boxShadow: "0 2px 8px rgb(0 0 0 / 30%)",
    cursor: "pointer",
  });
  button.addEventListener("click", () => {
    const opened = window.open(address, "_blank", "popup,width=420,height=720");
    // Where windows are forbidden the page itself goes there.
    if (!opened) window.location.assign(address);
  });
  const show = () => document.body.append(button);
  if (document.body) show();
  else document.addEventListener("DOMContentLoaded", show, { once: true });
})();
