// Menus that close, the offline banner, busy buttons, and small memory: columns chosen for a table.
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (menu !== except) menu.open = false;
};
document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details[data-menu][open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
  event.stopImmediatePropagation();
}, true);

// Work that could not be sent: `bpo:unsent` with a count is told by whoever queues it.
let unsent = 0;
const showLine = () => {
  const banner = document.querySelector("[data-offline]");
  if (!banner) return;
  const text = banner.querySelector("[data-offline-text]");
  text.textContent = unsent ? text.dataset.some.replace("{n}", String(unsent)) : text.dataset.none;
  banner.hidden = navigator.onLine;
};
window.addEventListener("online", showLine);
window.addEventListener("offline", showLine);
document.addEventListener("bpo:unsent", (event) => { unsent = event.detail.count; showLine(); });
showLine();

// A form is sent once. The browser's own back button brings the button back.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (form.dataset.sent === "yes") { event.preventDefault(); return; }
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

// `<div data-columns="table-id">` holds checkboxes whose value is a column's data-col.
const columnKey = (id) => `bpo.columns.${location.pathname}.${id}`;
const showColumns = (chooser) => {
  const hidden = [...chooser.querySelectorAll("input[type=checkbox]")].filter((box) => !box.checked).map((box) => box.value);
  for (const cell of document.querySelectorAll(`#${CSS.escape(chooser.dataset.columns)} [data-col]`)) {
    cell.hidden = hidden.includes(cell.dataset.col);
  }
  return hidden;
};
const restoreColumns = (root) => {
  for (const chooser of root.querySelectorAll("[data-columns]")) {
    let hidden = [];
    try { hidden = JSON.parse(localStorage.getItem(columnKey(chooser.dataset.columns)) || "[]"); } catch { /* nothing kept */ }
    for (const box of chooser.querySelectorAll("input[type=checkbox]")) box.checked = !hidden.includes(box.value);
    showColumns(chooser);
  }
};
document.addEventListener("change", (event) => {
  const chooser = event.target.closest("[data-columns]");
  if (!chooser) return;
  const hidden = showColumns(chooser);
  try { localStorage.setItem(columnKey(chooser.dataset.columns), JSON.stringify(hidden)); } catch { /* lasts for the page */ }
});
restoreColumns(document);
document.addEventListener("htmx:load", () => restoreColumns(document));

// "Copy" buttons: [data-copy] names the element whose text goes to the clipboard; the button's aria-live text says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button || !navigator.clipboard) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  if (button.dataset.copied) document.dispatchEvent(new CustomEvent("bpo:toast", { detail: { text: button.dataset.copied } }));
});
// A select or a filter that applies at once.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

// Typed confirmation: the button wakes when the word is right. The server checks the word again.
const weigh = (form) => {
  const word = form.querySelector("[data-word]");
  form.querySelector("[type=submit]").disabled = word.value.trim() !== word.dataset.word;
};
document.addEventListener("input", (event) => { if (event.target.matches("[data-word]")) weigh(event.target.form); });
for (const form of document.querySelectorAll("[data-confirm]")) weigh(form);
document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  for (const form of [...(elt.matches?.("[data-confirm]") ? [elt] : []), ...(elt.querySelectorAll?.("[data-confirm]") || [])]) weigh(form);
});
