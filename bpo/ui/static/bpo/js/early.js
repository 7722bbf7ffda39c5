// Keys pressed on a page that is seen but whose scripts still load: kept, and pressed again when they are there.
// What is typed into a field, or opens what has the focus, is the browser's at any time and left to it.
(() => {
  const waiting = [];
  const isOurs = (event) => !event.ctrlKey && !event.metaKey && !event.altKey
    && !event.target.closest?.("input, textarea, select, button, summary, a, dialog, [contenteditable]")
    && (event.key.length === 1 || ["ArrowUp", "ArrowDown", "Enter"].includes(event.key));
  const keep = (event) => {
    if (!isOurs(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting.push(event);
  };
  addEventListener("keydown", keep, true);
  addEventListener("DOMContentLoaded", () => { // at the window: after all modules, and after what they start with it
    removeEventListener("keydown", keep, true);
    for (const { key, code, shiftKey } of waiting) {
      document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, code, shiftKey, bubbles: true, cancelable: true }));
    }
  });
})();
