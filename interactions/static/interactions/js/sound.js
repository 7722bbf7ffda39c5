// An address of a sound is good for ten minutes, a page stays open for longer: a player at rest gets another address in
// time, and one that is refused asks for it and goes on where it was. Loaded before what drives the player, so that
// nobody else sees the refusal.
const OLD = 8 * 60_000;
const TWICE = 20_000;
const since = new WeakMap();
const refused = new WeakMap();
const players = () => document.querySelectorAll("audio[data-again]");

async function another(audio, automatic) {
  const headers = { Accept: "application/json", ...(automatic ? { "X-Automatic": "1" } : {}) };
  const answer = await fetch(audio.dataset.again, { headers });
  return answer.ok ? (await answer.json()).url : "";
}

function change(audio, url, { at, rate }) {
  since.set(audio, Date.now());
  audio.src = url;
  audio.load();
  audio.defaultPlaybackRate = audio.playbackRate = rate;
  if (at) audio.currentTime = at;
}

async function goOn(audio) {
  const was = { at: audio.currentTime, rate: audio.playbackRate };
  const playing = !audio.paused;
  const url = await another(audio, false).catch(() => "");
  if (!url) { audio.dispatchEvent(new Event("error")); return; }
  change(audio, url, was);
  audio.addEventListener("playing", () => { const note = audio.closest("[data-player]")?.querySelector("[data-no-sound]"); if (note) note.hidden = true; }, { once: true });
  if (playing) audio.play().catch(() => {});
}

document.addEventListener("error", (event) => {
  const audio = event.target;
  if (!(audio instanceof HTMLAudioElement) || !audio.dataset.again || !event.isTrusted) return;
  if (Date.now() - (refused.get(audio) || 0) < TWICE) return;
  refused.set(audio, Date.now());
  event.stopImmediatePropagation();
  goOn(audio);
}, true);

async function keepFresh() {
  for (const audio of players()) {
    if (!since.has(audio)) since.set(audio, Date.now());
    if (!audio.paused || Date.now() - since.get(audio) < OLD) continue;
    const url = await another(audio, true).catch(() => "");
    if (url && audio.paused) change(audio, url, { at: audio.currentTime, rate: audio.playbackRate });
  }
}
keepFresh();
setInterval(keepFresh, 60_000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) keepFresh(); });
