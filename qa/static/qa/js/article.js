// Writing an article: what is typed is saved as a draft half a second later, and the preview is what the server makes
// of it. A 409 brings the merge view; nothing more is sent before it is answered.
import { headers } from "./outbox.js";

const WAIT = 500;
const RETRY = 3000;
const editor = document.querySelector("[data-editor]");
const place = document.querySelector("[data-saved]");
const state = JSON.parse(document.getElementById("draft-state").textContent);
let { version, fields: known } = state;
let timer = null;
let busy = null;
let stuck = false;

const linked = (kind) => [...editor.querySelectorAll(`[data-link="${kind}"]:checked`)].map((box) => JSON.parse(box.value));
const told = () => ({
  ...Object.fromEntries([...editor.querySelectorAll("[data-field]")].map((field) => [field.dataset.field, field.value])),
  reasons: linked("reasons"), questions: linked("questions"),
});
const say = (text) => { place.textContent = text; };
// Lists come back sorted; a choice no longer offered stays as it was.
const hidden = (kind) => known[kind].filter((one) => ![...editor.querySelectorAll(`[data-link="${kind}"]`)].some((box) => box.value === JSON.stringify(one) || JSON.stringify(JSON.parse(box.value)) === JSON.stringify(one)));
const now = () => { const one = told(); return { ...one, reasons: [...one.reasons, ...hidden("reasons")], questions: [...one.questions, ...hidden("questions")] }; };
const same = (a, b) => JSON.stringify([a.title, a.summary, a.body, [...a.reasons].sort(), [...a.questions].map(String).sort()]) === JSON.stringify([b.title, b.summary, b.body, [...b.reasons].sort(), [...b.questions].map(String).sort()]);

async function send() {
  const mine = now();
  if (stuck || same(mine, known)) return true;
  say(place.dataset.saving);
  const answer = await fetch(editor.dataset.save, { method: "PATCH", headers: headers(), body: JSON.stringify({ version, fields: mine, before: known }) }).catch(() => null);
  if (!answer) { say(place.dataset.unsent); timer = setTimeout(save, RETRY); return false; }
  if (answer.status === 409) { conflict(await answer.text()); return false; }
  const got = await answer.json().catch(() => ({}));
  if (!answer.ok) { say(place.dataset.refused.replace("{why}", got.text || answer.status)); return false; }
  version = got.version;
  known = { ...mine, reasons: got.fields.reasons, questions: got.fields.questions };
  document.querySelector("[data-publish] [name=version]").value = version;
  editor.querySelector("[data-preview]").innerHTML = got.html; // escaped by the server, which makes the tags
  say(place.dataset.done);
  return same(now(), known) || send();
}
function save() {
  clearTimeout(timer);
  busy = (busy || Promise.resolve(true)).then(send);
  return busy;
}
function conflict(html) {
  stuck = true;
  const box = document.querySelector("[data-conflict]");
  box.innerHTML = html; // the merge view, made by the server
  say("");
  box.querySelector("button[type=submit]").focus();
  box.scrollIntoView({ block: "start", behavior: "instant" });
}

editor.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, WAIT); });
window.addEventListener("beforeunload", (event) => { if (!stuck && !same(now(), known)) { save(); event.preventDefault(); } });
document.querySelector("[data-publish]").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await save()) event.target.submit();
});
