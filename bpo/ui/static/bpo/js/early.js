// What somebody does on a page that is seen but whose scripts still load: kept, and done again when they are there.
// Keys that nothing else would take are pressed again, in the frame in which the toasts of the page are shown, for one may
// undo. What is typed or chosen in a field stands in it already, being the browser's at any time, as is what opens what has
// the focus; the scripts are told of it. A form is sent when they can have their say in it: a passkey's would go out
// without the passkey.
(() => {
  const waiting = [];
  const written = new Map();
  const sent = new Map();
  const isOurs = (event) => !event.ctrlKey && !event.metaKey && !event.altKey
    && !event.target.closest?.("input, textarea, select, button, summary, a, dialog, [contenteditable]")
    && (event.key.length === 1 || ["ArrowUp", "ArrowDown", "Enter"].includes(event.key));
  const keep = (event) => {
    if (!isOurs(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting.push(event);
  };
  const note = ({ target, type }) => written.set(target, (written.get(target) ?? new Set()).add(type));
  const hold = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    sent.set(event.target, event.submitter);
  };
  addEventListener("submit", hold, true);
  addEventListener("keydown", keep, true);
  addEventListener("input", note, true);
  addEventListener("change", note, true);
  addEventListener("DOMContentLoaded", () => { // at the window: after all modules, and after what they start with it
    removeEventListener("submit", hold, true);
    removeEventListener("input", note, true);
    removeEventListener("change", note, true);
    for (const [field, types] of written) {
      for (const type of types) field.dispatchEvent(new Event(type, { bubbles: true }));
    }
    for (const [form, submitter] of sent) form.requestSubmit(submitter);
    requestAnimationFrame(() => {
      removeEventListener("keydown", keep, true);
      for (const { key, code, shiftKey } of waiting) {
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, code, shiftKey, bubbles: true, cancelable: true }));
      }
    });
  });
})();
