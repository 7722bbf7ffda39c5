// The side panel: click or Enter on [data-panel] loads a fragment by htmx; Esc closes and gives focus back.
// The address is data-panel's value, or the link's href, so the link works without script too.
const panel = document.getElementById("panel");
const body = document.getElementById("panel-body");
const title = document.getElementById("panel-title");
const given = title?.textContent;
let opener = null;
let address = "";

const load = async () => {
  body.replaceChildren(document.getElementById("panel-waiting").content.cloneNode(true));
  await window.htmx.ajax("GET", address, { target: "#panel-body", swap: "innerHTML", source: panel });
};
const open = (source) => {
  address = source.dataset.panel || source.getAttribute("href") || "";
  if (!address) return;
  opener = source;
  title.textContent = source.dataset.panelTitle || given;
  panel.hidden = false;
  panel.focus();
  load();
};
export const close = () => {
  if (!panel || panel.hidden) return false;
  panel.hidden = true;
  body.replaceChildren();
  if (opener?.isConnected) opener.focus();
  opener = null;
  return true;
};

if (panel) {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (event.target.closest("[data-panel-close]")) { close(); return; }
    if (event.target.closest("[data-panel-again]")) { load(); return; }
    const source = event.target.closest("[data-panel]");
    if (!source) return;
    // A row may open the panel, but its own links and controls keep their meaning.
    const inner = event.target.closest("a, button, input, select, textarea, label");
    if (inner && inner !== source && source.contains(inner)) return;
    event.preventDefault();
    open(source);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches?.("[data-panel]:not(a, button)")) { event.preventDefault(); open(event.target); }
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]") && close()) event.preventDefault();
  });
  // The fragment may name the panel: an element with data-panel-title, or its first heading.
  body.addEventListener("htmx:afterSwap", () => {
    const named = body.querySelector("[data-panel-title]");
    if (named) title.textContent = named.dataset.panelTitle;
  });
  for (const wrong of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(wrong, (event) => {
      if (event.detail.target === body) body.replaceChildren(document.getElementById("panel-failed").content.cloneNode(true));
    });
  }
}
