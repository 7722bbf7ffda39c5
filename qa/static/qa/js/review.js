// The Focus Queue: one question large, one key an answer, everything saved as it is given.
import { Form } from "./form.js";
import { Notes } from "./notes.js";
import { Outbox, headers } from "./outbox.js";
import { Player } from "./player.js";

const IDLE = 30_000;
const BEAT = 60_000;
const page = document.querySelector(".review");
const given = JSON.parse(document.getElementById("review-state").textContent);
const urls = JSON.parse(document.getElementById("review-urls").textContent);
const words = document.querySelector("[data-words-for-script]").dataset;
const keybar = document.querySelector(".review-keys");
const say = (text, level = "warning") => document.dispatchEvent(new CustomEvent("bpo:toast", { detail: { text, level } }));
const put = (pattern, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), pattern);

let seq = given.seq;
let active = given.active;
let last = Date.now();
const player = new Player(page);
const form = new Form(page, given, answer, where);
const outbox = new Outbox(given.evaluation, request, { sent, refused, count });
const notes = new Notes(page, player, form, (change) => outbox.add(change), where);

// --- Sending --------------------------------------------------------------------------------------
function request(change) {
  if (change.note) return { method: change.text === null ? "DELETE" : "PUT", address: `${urls.notes}${change.note}/`, body: change };
  return { method: "PATCH", address: urls.answers, body: { ...change, active: Math.round(active), heard: player.share } };
}
function answer(question, value, clear = false) {
  seq += 1;
  outbox.add(clear ? { seq, question, clear: true } : { seq, question, answer: value });
}
function sent(change, told) {
  if (change.note) return;
  if (!outbox.waiting.some((one) => !one.note)) form.standing(told);
}
function refused(change, status, told) {
  if (told.problem === "stale") { stale(told); return; }
  if (status === 409 || status === 404 || status === 403) { lost(told.text || ""); return; }
  outbox.drop(change);
  if (!change.note) { seq -= 1; outbox.waiting.forEach((one) => { if (!one.note) one.seq -= 1; }); }
  say(put(words.refused, { why: told.text || status }), "error");
}
function count(waiting) {
  const saved = keybar.querySelector("[data-saved]");
  const text = waiting ? (navigator.onLine ? saved.dataset.saving : put(saved.dataset.waiting, { n: waiting })) : saved.dataset.done;
  saved.querySelector("[data-saved-text]").textContent = text;
  saved.querySelector("[data-saved-sign]").hidden = waiting > 0;
  saved.classList.toggle("good", waiting === 0);
}
function lost(text) {
  outbox.held = true;
  page.querySelector("[data-lost-text]").textContent = text;
  page.querySelector("[data-lost]").hidden = false;
}

// --- Another window saved something: only what differs is asked -----------------------------------
function stale(told) {
  const mine = new Map(outbox.waiting.filter((one) => !one.note).map((one) => [one.question, one]));
  const other = outbox.waiting.filter((one) => one.note);
  const same = (one) => (one.clear ? !(one.question in told.answers) : JSON.stringify(told.answers[one.question]) === JSON.stringify(one.answer) && one.question in told.answers);
  const differ = [...mine.values()].filter((one) => !same(one) && !form.unchanged(one.question, told.answers));
  const fits = [...mine.values()].filter((one) => !same(one) && form.unchanged(one.question, told.answers));
  const go = (changes) => {
    form.take(told.answers, changes);
    seq = told.seq;
    outbox.replace([...other, ...changes.map((one) => ({ ...one, seq: (seq += 1) }))]);
    form.standing(told);
    page.querySelector("[data-conflict]").hidden = true;
  };
  outbox.held = true;
  if (!differ.length) { go(fits); return; }
  form.conflict(differ, told.answers, () => go([...fits, ...differ]), () => go(fits));
}

// --- Time, life -----------------------------------------------------------------------------------
for (const name of ["keydown", "pointerdown", "wheel"]) document.addEventListener(name, () => { last = Date.now(); }, { passive: true });
setInterval(() => {
  const playing = player.audio && !player.audio.paused;
  if (document.hidden || (!playing && Date.now() - last > IDLE)) return;
  active += 1;
  document.querySelector("[data-active]").textContent = `${Math.floor(active / 60)}:${String(Math.floor(active % 60)).padStart(2, "0")}`;
  const heard = document.querySelector("[data-heard]");
  if (heard && player.share) heard.textContent = heard.textContent.replace(/\d+/, Math.max(Math.round(player.share * 100), parseInt(heard.textContent, 10) || 0));
}, 1000);
setInterval(async () => {
  if (document.hidden || Date.now() - last > BEAT * 5) return;
  const answered = await fetch(urls.beat, { method: "POST", headers: headers(), body: "{}" }).catch(() => null);
  if (answered?.status === 409) lost((await answered.json()).text);
}, BEAT);

// --- Keys that a single character can't be ----------------------------------------------------------
function where() {
  const writing = notes.open;
  for (const hint of keybar.querySelectorAll("[data-when]")) hint.hidden = (hint.dataset.when === "writing") !== writing;
  form.hints(keybar);
}
const typing = (element) => element.matches?.("textarea, select, input:not([type=checkbox])");
document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  if (event.ctrlKey && player.audio) {
    const jump = { j: -5, l: 5 }[event.key.toLowerCase()];
    if (event.key === " ") { event.preventDefault(); player.toggle(); return; }
    if (jump && typing(event.target)) { event.preventDefault(); player.jump(jump); return; }
  }
  if (event.key === "Enter" && event.shiftKey && !event.ctrlKey) { event.preventDefault(); submit(); return; }
  if (typing(event.target)) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); form.move(event.key === "ArrowDown" ? 1 : -1); return; }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && form.confirm()) event.preventDefault();
  if (off()) return;
  if (event.key === "0") form.na();
  if (event.key.toLowerCase() === "u") undo();
});
// Single keys can be turned off in the map of keys.
function off() {
  try { return Boolean(JSON.parse(localStorage.getItem("bpo.keys") || "{}").off); } catch { return false; }
}
function undo() {
  const taken = document.querySelector("#toasts form button");
  if (taken) { taken.click(); return; }
  form.undo();
}

// --- Submitting -------------------------------------------------------------------------------------
let sending = false;
async function submit() {
  if (sending) return;
  const open = form.missing();
  if (open) { form.activate(open.key); say(put(words.unfinished, { n: open.number })); return; }
  sending = true;
  notes.saveOpen();
  await outbox.empty();
  const answered = await fetch(urls.submit, { method: "POST", headers: headers(), body: JSON.stringify({ seq }) }).catch(() => null);
  sending = false;
  if (answered?.ok) { location.assign((await answered.json()).next); return; }
  const told = answered ? await answered.json().catch(() => ({})) : {};
  if (told.problem === "stale") stale(told);
  else if (told.question) form.activate(told.question);
  say(told.text ? put(words.refused, { why: told.text }) : document.getElementById("toasts").dataset.unsent, "error");
}
keybar.querySelector("[data-submit]").addEventListener("click", submit);
keybar.querySelector("[data-note]").addEventListener("click", () => notes.begin());
for (const change of outbox.waiting) if (!change.note) form.show(change.question, change.answer, change.clear);
if (outbox.waiting.some((one) => !one.note)) seq = Math.max(seq, ...outbox.waiting.filter((one) => !one.note).map((one) => one.seq));
count(outbox.waiting.length);
form.standing(given);
where();
outbox.send();
form.focus();
