// The builder: one edit a request, in order, each saved before the next; the server draws what it changed.
import { dragging } from "./builder_drag.js";
import { Preview } from "./builder_try.js";
import { headers } from "./outbox.js";

const WAIT = 700; // ms of rest after which typed text is saved
const RETRY = 3000;
const page = document.querySelector(".builder");
const state = JSON.parse(document.getElementById("builder-state").textContent);
const words = document.querySelector("[data-builder-words]").dataset;
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const say = (text, level = "warning") => document.dispatchEvent(new CustomEvent("bpo:toast", { detail: { text, level } }));
const isText = (element) => element?.matches?.("textarea, input:not([type=checkbox], [type=radio])");
const preview = new Preview(part("preview"), state, (answers) => post("try", { at: state.at, answers }));

// --- One request after the other ------------------------------------------------------------------
const waiting = [];
let busy = false;
let version = state.version;

function queue(kind, body, after) {
  waiting.push({ kind, body, after });
  status(words.saving);
  run();
}
async function run() {
  if (busy || !waiting.length) return;
  busy = true;
  const { kind, body, after } = waiting[0];
  const answered = await post(kind, { version, at: state.at, answers: preview.answers, ...body });
  busy = false;
  if (!answered) { status(words.offline); setTimeout(run, RETRY); return; }
  waiting.shift();
  take(answered, body, after);
  run();
}
async function post(kind, body) {
  const answer = await fetch(state.urls[kind], { method: "POST", headers: headers(), body: JSON.stringify(body) }).catch(() => null);
  if (!answer || answer.status >= 500) return null;
  return { status: answer.status, told: await answer.json().catch(() => ({})) };
}
function status(text) {
  document.querySelector("[data-saved-text]").textContent = text;
  document.querySelector("[data-saved] .icon")?.remove(); // the check mark is for what is saved
}

function take({ status: code, told }, body, after) {
  if (told.parts) draw(told, body);
  if (code === 200) { settle(told); after?.(told); return; }
  if (told.merge) { merge(told, body); return; }
  say(told.text || words.refused, code === 409 ? "warning" : "error");
  if (!told.parts) status(words.refused);
}
function settle(told) {
  if (told.said) document.querySelector("[data-said]").textContent = told.said;
  if (told.meanwhile) say(told.said, "info");
}

// --- Drawing: what a person is typing in stays as it is ------------------------------------------
function draw(told, body) {
  version = told.version;
  state.at = told.at;
  for (const field of document.querySelectorAll("[data-version]")) field.value = version;
  const active = document.activeElement;
  const kept = active?.dataset?.focus;
  const typing = isText(active) && part("editor").contains(active) && body.intent?.do === "set" && body.at === told.at;
  const caret = typing ? null : selection(active);
  for (const [name, html] of Object.entries(told.parts)) {
    if (name === "editor" && typing) { live(html); continue; }
    if (name === "preview") preview.replace(html, told.try);
    else replace(part(name), html);
  }
  if (kept && !document.activeElement?.isConnected || document.activeElement === document.body) focusOn(kept, caret);
  history.replaceState(null, "", `?at=${encodeURIComponent(state.at)}`);
}
function replace(place, html) {
  const open = [...place.querySelectorAll("details[data-keep-open][open]")].map((one) => one.dataset.keepOpen);
  const top = place.closest(".pane")?.scrollTop;
  place.innerHTML = html;
  for (const name of open) place.querySelector(`[data-keep-open="${name}"]`)?.setAttribute("open", "");
  if (top !== undefined) place.closest(".pane").scrollTop = top;
}
// Only the figures beside the fields, and whether there is something to take back.
function live(html) {
  const made = document.createElement("div");
  made.innerHTML = html;
  for (const place of part("editor").querySelectorAll("[data-live]")) {
    const fresh = made.querySelector(`[data-live="${place.dataset.live}"]`);
    if (fresh) place.textContent = fresh.textContent;
  }
  const undo = part("editor").querySelector('[data-do="undo"]');
  if (undo) undo.disabled = made.querySelector('[data-do="undo"]')?.disabled ?? true;
}
const selection = (element) => (isText(element) ? [element.selectionStart, element.selectionEnd] : null);
function focusOn(name, caret) {
  const element = name && document.querySelector(`[data-focus="${CSS.escape(name)}"]`);
  const target = element && !element.disabled ? element : document.querySelector(".tree-row.is-open");
  target?.focus({ preventScroll: Boolean(caret) });
  if (caret && isText(target)) try { target.setSelectionRange(...caret); } catch { /* not of this kind of field */ }
}

// --- What is meant -------------------------------------------------------------------------------
const here = () => { const [kind, key = ""] = state.at.split(":"); return { kind, key }; };
const edit = (intent, after, at = state.at) => queue("edit", { intent, at }, after);
function open(at, after) {
  flush();
  queue("try", { at }, after);
}
function set(element) {
  const value = element.type === "checkbox" ? element.checked : element.value;
  if (element.dataset.setOption) {
    const key = element.closest("[data-option-row]").dataset.optionRow;
    edit({ do: "set", kind: "option", question: here().key, key, field: element.dataset.setOption, value });
  } else if ("na" in element.dataset) edit({ do: "set", ...here(), field: "na_rule", value });
  else if (element.dataset.set) edit({ do: "set", ...here(), field: element.dataset.set, value });
  else if (element.dataset.of) rows(element.closest("[data-rows]"));
  else if ("conditionOf" in element.dataset) condition(element.value, []);
  else if ("conditionIn" in element.dataset) {
    const box = element.closest("[data-condition]");
    condition(box.querySelector("[data-condition-of]").value, [...box.querySelectorAll("[data-condition-in]:checked")].map((one) => one.value));
  }
}
const condition = (question, chosen) => edit({ do: "set", ...here(), field: "show_if", value: { question, in: chosen } });
const read = (row) => Object.fromEntries([...row.querySelectorAll("[data-of]")].map((field) => [field.dataset.of, field.value]));
function rows(box, change = (found) => found, after) {
  const found = change([...box.querySelectorAll("[data-row]")].map(read));
  edit({ do: "set", ...here(), field: box.dataset.rows, value: found }, after);
}
function act(button) {
  flush();
  const { kind, key } = here();
  const doing = button.dataset.do;
  if (doing === "undo") { queue("undo", {}, () => focusOn(`row:${state.at}`)); return; }
  if (doing === "remove") { edit({ do: "remove", kind, key }, () => focusOn(`row:${state.at}`), beside()); return; }
  if (doing === "duplicate") { edit({ do: "duplicate", kind, key }, () => focusOn("field:text")); return; }
  add(button.dataset.kind);
}
function add(what) {
  const { kind, key } = here();
  if (what === "option") { edit({ do: "add", kind: "option", parent: key }, (told) => focusOn(`option:${told.made}:label`)); return; }
  if (what === "section") { edit({ do: "add", kind: "section", after: kind === "section" ? key : "" }, () => focusOn("field:title")); return; }
  const sections = [...page.querySelectorAll("[data-drop]")];
  if (!sections.length) return;
  const parent = kind === "section" ? key : sections[sections.length - 1].dataset.drop;
  edit({ do: "add", kind: "question", ...(kind === "question" ? { after: key } : { parent }) }, () => focusOn("field:text"));
}
// What stands below, else above, of what is open.
function beside() {
  const all = [...page.querySelectorAll(".tree-row[data-at]")];
  const at = all.findIndex((row) => row.dataset.at === state.at);
  return (all[at + 1] || all[at - 1])?.dataset.at || "form";
}

// --- Typing --------------------------------------------------------------------------------------
let timer = 0;
let dirty = null;
function flush() {
  clearTimeout(timer);
  const element = dirty;
  dirty = null;
  if (element?.isConnected) set(element);
}
page.addEventListener("input", (event) => {
  if (!isText(event.target) || !part("editor").contains(event.target)) return;
  if (dirty && dirty !== event.target) flush();
  dirty = event.target;
  clearTimeout(timer);
  timer = setTimeout(flush, WAIT);
});
page.addEventListener("change", (event) => {
  if (!part("editor").contains(event.target)) return;
  if (isText(event.target)) { if (dirty) flush(); } else set(event.target);
});
window.addEventListener("beforeunload", (event) => { flush(); if (waiting.length) event.preventDefault(); });

// --- Pointer -------------------------------------------------------------------------------------
page.addEventListener("click", (event) => {
  const target = event.target.closest("button");
  if (!target) return;
  if (target.dataset.at) open(target.dataset.at, () => focusOn(target.classList.contains("tree-row") ? `row:${state.at}` : ""));
  else if (target.dataset.do) act(target);
  else if ("optionRemove" in target.dataset) edit({ do: "remove", kind: "option", question: here().key, key: target.closest("[data-option-row]").dataset.optionRow }, () => focusOn("add:option"));
  else if ("rowRemove" in target.dataset) { const row = target.closest("[data-row]"); const box = row.closest("[data-rows]"); const at = [...box.querySelectorAll("[data-row]")].indexOf(row); rows(box, (found) => found.toSpliced(at, 1), () => focusOn(`rows:${box.dataset.rows}:add`)); }
  else if ("rowAdd" in target.dataset) addRow(target.closest("[data-rows]"));
  else if ("tryClear" in target.dataset) { preview.clear(); open(state.at); }
});
function addRow(box) {
  const of = box.dataset.rows;
  const name = of === "ranges" ? "range" : "example";
  const count = box.querySelectorAll("[data-row]").length;
  const last = of === "ranges" && count ? read([...box.querySelectorAll("[data-row]")].at(-1)) : null;
  const made = of === "ranges" ? { from: last ? Number(last.to) + 1 : 0, to: "", points: 0 } : { text: "", argues_for: "" };
  rows(box, (found) => [...found, made], () => focusOn(`${name}:${count}:${of === "ranges" ? "to" : "text"}`));
}

// --- Keys ----------------------------------------------------------------------------------------
const nudge = (intent, name) => { flush(); edit({ do: "nudge", ...intent }, () => focusOn(name)); };
document.addEventListener("keydown", (event) => {
  const on = event.target;
  if (!page.contains(on) || document.querySelector("dialog[open]")) return;
  const arrow = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && part("editor").contains(on)) { event.preventDefault(); flush(); add("question"); return; }
  if (event.key === "Escape" && part("editor").contains(on)) { event.preventDefault(); flush(); focusOn(`row:${state.at}`); return; }
  if (arrow && event.altKey) {
    const option = on.closest("[data-option-row]");
    const at = here();
    event.preventDefault();
    if (option) nudge({ kind: "option", question: at.key, key: option.dataset.optionRow, by: arrow }, on.dataset.focus);
    else if (at.kind !== "form" && (part("tree").contains(on) || part("editor").contains(on))) nudge({ ...at, by: arrow }, on.dataset.focus);
    return;
  }
  if (arrow && on.matches(".tree-row")) { event.preventDefault(); step(on, arrow); return; }
  if (event.key === "Enter" && on.matches(".tree-row.is-open")) { event.preventDefault(); focusOn({ question: "field:text", section: "field:title" }[here().kind] || "field:pass_mark"); return; }
  if (arrow && part("preview").contains(on) && !isText(on)) { event.preventDefault(); preview.move(arrow); return; }
  if (event.key.toLowerCase() === "p" && !event.ctrlKey && !event.metaKey && !event.altKey && !isText(on) && !off()) { event.preventDefault(); preview.focus(); }
});
const off = () => { try { return Boolean(JSON.parse(localStorage.getItem("bpo.keys") || "{}").off); } catch { return false; } };
function step(row, by) {
  const all = [...page.querySelectorAll(".tree-row[data-at]")];
  const to = all[all.indexOf(row) + by];
  if (!to) return;
  to.focus();
  open(to.dataset.at, () => focusOn(`row:${state.at}`));
}
// In the preview N answers N/A, as in the queue, and isn't a new question.
part("preview").addEventListener("keydown", (event) => {
  if (["n", "0"].includes(event.key.toLowerCase()) && !event.ctrlKey && !isText(event.target) && !off()) { event.preventDefault(); preview.na(); }
  else if (event.key === "Enter" && preview.confirm()) event.preventDefault();
}, true);

// --- Somebody was faster: only the field in conflict is asked about ---------------------------------
function merge(told, body) {
  const place = document.querySelector("[data-merge]");
  place.innerHTML = told.merge;
  const form = place.querySelector("form");
  form.querySelector("input[type=radio]:checked")?.focus();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const mine = [...form.querySelectorAll("input[type=radio]")].findIndex((one) => one.checked) === 1;
    place.replaceChildren();
    if (mine) edit(body.intent, undefined, body.at);
    else open(body.at);
  });
  form.querySelector("a.button").addEventListener("click", (event) => { event.preventDefault(); place.replaceChildren(); open(body.at); });
}

dragging(page, (intent) => { flush(); edit(intent, () => focusOn(`row:${state.at}`)); }, () => here().key);
focusOn(`row:${state.at}`);
