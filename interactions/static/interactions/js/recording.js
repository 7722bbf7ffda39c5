// A recording to hear: bars that follow the sound, lines that follow it too, and a stretch chosen at the playhead.
const box = document.querySelector("[data-sound-box]");
const audio = document.querySelector("[data-player-of]");
const form = document.querySelector("[data-span-form]");
const lines = [...document.querySelectorAll("[data-line]")];
const length = Number(box?.dataset.length || 1);
let chosen = 0;

const clock = (ms) => {
  const tenths = Math.round(ms / 100);
  const rest = tenths % 10 ? `.${tenths % 10}` : "";
  return `${Math.floor(tenths / 600)}:${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}${rest}`;
};
const moment = (text) => {
  const parts = text.trim().replace(",", ".").split(":").map(Number);
  return parts.some(Number.isNaN) || !text.trim() ? null : parts.reduce((sum, part) => sum * 60 + part, 0) * 1000;
};
const at = () => (audio ? audio.currentTime * 1000 : chosen);

function show() {
  if (!box) return;
  const share = Math.min(at() / length, 1);
  const head = box.querySelector("[data-playhead]");
  for (const end of ["x1", "x2"]) head.setAttribute(end, `${(share * 100).toFixed(3)}%`);
  box.querySelector("[data-played]").setAttribute("width", (share * 300).toFixed(2));
  const current = lines.findLast((line) => Number(line.dataset.ms) <= at());
  for (const line of lines) line.toggleAttribute("data-current", line === current && at() > 0);
}

function seek(ms) {
  chosen = Math.min(Math.max(ms, 0), length);
  if (audio) audio.currentTime = chosen / 1000;
  show();
}

function drawChoice() {
  const choice = box?.querySelector("[data-choice]");
  if (!choice || !form) return;
  const from = moment(form.elements.start.value), to = moment(form.elements.end.value);
  const good = from !== null && to !== null && to > from;
  choice.setAttribute("x", good ? `${(from / length) * 100}%` : "0");
  choice.setAttribute("width", good ? `${((Math.min(to, length) - from) / length) * 100}%` : "0");
}

function choose(name, value) {
  form.elements[name].value = value;
  drawChoice();
}

audio?.addEventListener("timeupdate", show);
audio?.addEventListener("seeked", show);
box?.querySelector("[data-wave]").addEventListener("click", (event) => {
  const place = event.currentTarget.getBoundingClientRect();
  seek(((event.clientX - place.left) / place.width) * length);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.seek !== undefined) { seek(Number(button.dataset.seek)); audio?.play().catch(() => {}); }
  if (button.dataset.jump !== undefined) seek(at() + Number(button.dataset.jump) * 1000);
  if (button.dataset.toggleSound !== undefined && audio) { if (audio.paused) audio.play().catch(() => {}); else audio.pause(); }
  if (!form) return;
  if (button.dataset.fromHere !== undefined) choose("start", clock(at()));
  if (button.dataset.toHere !== undefined) { choose("end", clock(at())); form.elements.kind.focus(); }
  if (button.dataset.chooseFrom) { choose("start", button.dataset.chooseFrom); choose("end", button.dataset.chooseTo); form.elements.kind.focus(); }
});
form?.addEventListener("input", drawChoice);
drawChoice();
