// Rows to choose from: arrows move, X chooses, Q queues what is chosen or else the row, Enter opens it, U undoes.
// The rows may be replaced by fresh ones at any time; the place in the list stays.
let at = 0;
const section = () => document.querySelector("[data-rows]");
const rows = () => [...document.querySelectorAll("[data-row]")];
const boxOf = (row) => row.querySelector("input[type=checkbox]");
const chosen = () => rows().map(boxOf).filter((box) => box.checked);

const show = (focus = false) => {
  const all = rows();
  at = Math.max(0, Math.min(at, all.length - 1));
  all.forEach((row, place) => row.classList.toggle("is-selected", place === at));
  const told = document.querySelector("[data-chosen]");
  const many = chosen().length;
  if (told) told.textContent = many ? told.dataset.pattern.replace("{n}", String(many)) : "";
  if (!focus || !all[at]) return;
  all[at].querySelector("[data-open]").focus({ preventScroll: true });
  all[at].scrollIntoView({ block: "nearest" });
};
const mark = () => {
  const row = rows()[at];
  if (!row || boxOf(row).disabled) return;
  boxOf(row).checked = !boxOf(row).checked;
  show();
};
const queue = () => {
  const row = rows()[at];
  if (!row) return;
  if (!chosen().length && !boxOf(row).disabled) boxOf(row).checked = true;
  if (chosen().length) section().querySelector("form").requestSubmit();
};
const undo = () => document.querySelector("#toasts .toast:not(.error) .link")?.click();

document.querySelector("[data-mark]").addEventListener("click", mark);
document.querySelector("[data-queue]").addEventListener("click", queue);
document.querySelector("[data-undo]").addEventListener("click", undo);
const typing = (element) => element.matches?.("textarea, select, input:not([type=checkbox])");
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) { event.preventDefault(); at += step; show(true); }
  if (event.key === "Enter" && !event.target.closest("a, button, input, summary")) { event.preventDefault(); rows()[at]?.querySelector("[data-open]").click(); }
});
document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-row]");
  if (row) { at = rows().indexOf(row); show(); }
});
document.addEventListener("change", (event) => { if (event.target.closest("[data-row]")) show(); });
document.body.addEventListener("htmx:afterSettle", (event) => { if (event.target.closest?.("[data-rows]")) show(true); });
document.addEventListener("bpo:undone", () => {
  const address = section()?.dataset.address;
  if (address) window.htmx.ajax("GET", address, { target: "#found", swap: "outerHTML" }); else location.reload();
});
show();
