// The sound, its waveform and the transcript that follows it. Works without sound too: then only lines are chosen.
const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2, 2.5];
const KEPT = "bpo.player"; // speed and silence, from one review to the next
const remembered = () => { try { return JSON.parse(localStorage.getItem(KEPT) || "{}"); } catch { return {}; } };
const PENCIL = "M-4 13l.6-2.6L2 5l2 2-5.4 5.4z";
const clock = (ms) => {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n) => String(n).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
};

export class Player {
  constructor(page) {
    this.box = page.querySelector("[data-player]");
    this.transcript = page.querySelector("[data-transcript]");
    this.lines = [...page.querySelectorAll(".line")];
    this.back = page.querySelector("[data-follow]");
    this.following = true;
    this.line = null;
    this.chosenLine = null; // by hand, until the sound moves on from it
    this.chosen = 0;
    this.heard = new Set();
    if (this.box) this.wire();
    this.transcript.addEventListener("click", (event) => {
      const line = event.target.closest(".line");
      if (!line) return;
      this.choose(line);
      this.seek(Number(line.dataset.ms));
    });
    this.transcript.addEventListener("keydown", (event) => this.walk(event));
    for (const kind of ["wheel", "touchmove"]) this.transcript.addEventListener(kind, () => this.leave(), { passive: true });
    this.back.addEventListener("click", () => { this.following = true; this.back.hidden = true; this.show(); });
  }

  wire() {
    this.audio = this.box.querySelector("[data-audio]");
    this.audio.preservesPitch = true;
    this.audio.preload = "auto"; // the review is in hand: the first sound is here before it is asked for
    this.length = Number(this.box.dataset.length);
    this.skips = JSON.parse(document.getElementById("sound-skips").textContent);
    const on = (name, call) => this.box.querySelector(name)?.addEventListener("click", call);
    on("[data-play]", () => this.toggle());
    for (const button of this.box.querySelectorAll("[data-jump]")) button.addEventListener("click", () => this.jump(Number(button.dataset.jump)));
    on("[data-speed]", () => this.speed(SPEEDS[(SPEEDS.indexOf(this.rate) + 1) % SPEEDS.length]));
    on("[data-slower]", () => this.speed(SPEEDS[Math.max(SPEEDS.indexOf(this.rate) - 1, 0)]));
    on("[data-faster]", () => this.speed(SPEEDS[Math.min(SPEEDS.indexOf(this.rate) + 1, SPEEDS.length - 1)]));
    const wave = this.box.querySelector("[data-wave]");
    wave.addEventListener("click", (event) => {
      const mark = event.target.closest("[data-mark]");
      const place = wave.getBoundingClientRect();
      this.seek(mark ? Number(mark.dataset.ms) : (event.clientX - place.left) / place.width * this.length);
    });
    this.audio.addEventListener("timeupdate", () => this.tick());
    this.audio.addEventListener("error", () => { this.box.querySelector("[data-no-sound]").hidden = false; });
    for (const name of ["play", "pause", "ended"]) this.audio.addEventListener(name, () => this.state());
    const skip = this.box.querySelector("[data-skip]");
    skip.checked = Boolean(remembered().skip);
    skip.addEventListener("change", () => this.remember());
    this.audio.addEventListener("loadedmetadata", () => { this.audio.playbackRate = this.rate; });
    this.speed(SPEEDS.includes(remembered().rate) ? remembered().rate : 1);
  }

  remember() {
    try { localStorage.setItem(KEPT, JSON.stringify({ rate: this.rate, skip: this.box.querySelector("[data-skip]").checked })); } catch { /* lasts for the page */ }
  }

  end() {
    if (!this.audio) return;
    this.audio.pause();
    delete this.audio.dataset.again;
    this.audio.removeAttribute("src");
    this.audio.load();
  }

  choose(line) {
    this.chosenLine?.classList.remove("is-chosen");
    this.chosenLine = line;
    line?.classList.add("is-chosen");
  }

  // Arrows walk the lines once the transcript has the focus; Enter hears the one chosen.
  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !this.lines.length) return;
    event.preventDefault();
    event.stopPropagation();
    const from = this.chosenLine || this.line;
    const to = from ? this.lines[Math.min(Math.max(this.lines.indexOf(from) + step, 0), this.lines.length - 1)] : this.lines[0];
    this.choose(to);
    to.focus({ preventScroll: true });
    this.reveal(to);
  }

  get at() { return this.audio ? this.audio.currentTime * 1000 : this.chosen; }

  // Of the whole sound, each second once; kept apart from the element, whose own memory goes with another address.
  listen() {
    const { played } = this.audio;
    for (let at = 0; at < played.length; at += 1) {
      for (let second = Math.round(played.start(at)); second < Math.round(played.end(at)); second += 1) this.heard.add(second);
    }
  }

  get share() {
    if (!this.audio) return null;
    this.listen();
    return Math.min(this.heard.size * 1000 / Math.max(this.length, 1), 1);
  }

  toggle() {
    if (!this.audio) return;
    this.audio.paused ? this.audio.play().catch(() => { this.box.querySelector("[data-no-sound]").hidden = false; }) : this.audio.pause();
  }

  jump(seconds) { this.seek(this.at + seconds * 1000); }

  seek(ms) {
    this.chosen = Math.max(ms, 0);
    if (this.audio) this.audio.currentTime = Math.min(Math.max(ms, 0), this.length) / 1000;
    this.following = true;
    this.back.hidden = true;
    this.show();
  }

  speed(rate) {
    this.rate = rate;
    this.audio.defaultPlaybackRate = rate;
    this.audio.playbackRate = rate;
    this.remember();
    this.box.querySelector("[data-speed-text]").textContent = `${rate}×`;
  }

  state() {
    const playing = !this.audio.paused;
    this.box.querySelector("[data-when-playing]").hidden = !playing;
    this.box.querySelector("[data-when-paused]").hidden = playing;
  }

  tick() {
    this.listen();
    const at = this.at;
    const skip = this.box.querySelector("[data-skip]").checked && this.skips.find(([from, to]) => at >= from + 200 && at < to - 400);
    if (skip && !this.audio.paused) { this.audio.currentTime = (skip[1] - 200) / 1000; return; }
    this.show();
  }

  // One place moves: the playhead, the played part, the clock and the current line.
  show() {
    const at = this.at;
    if (this.box) {
      const share = Math.min(at / this.length, 1);
      const head = this.box.querySelector("[data-playhead]");
      for (const end of ["x1", "x2"]) head.setAttribute(end, `${(share * 100).toFixed(3)}%`);
      this.box.querySelector("[data-played]").setAttribute("width", (share * 300).toFixed(2));
      this.box.querySelector("[data-clock]").textContent = clock(at);
    }
    const line = this.lines.findLast((one) => Number(one.dataset.ms) <= at) || null;
    if (line === this.line) return;
    if (this.audio && !this.audio.paused && this.chosenLine && this.chosenLine !== line) this.choose(null);
    this.line?.removeAttribute("aria-current");
    line?.setAttribute("aria-current", "true");
    this.line = line;
    if (line && this.following) this.reveal(line);
    else if (line) { this.back.hidden = false; this.back.querySelector("[data-follow-at]").textContent = clock(Number(line.dataset.ms)); }
  }

  reveal(line) {
    const box = this.transcript;
    const top = line.offsetTop - box.offsetTop;
    if (top < box.scrollTop + 40 || top + line.offsetHeight > box.scrollTop + box.clientHeight - 40) box.scrollTop = top - box.clientHeight / 3;
  }

  leave() {
    this.following = false;
  }

  mark(id, ms) {
    const marks = this.box?.querySelector("[data-marks]");
    if (!marks) return;
    marks.querySelector(`[data-mark="${CSS.escape(id)}"]`)?.remove();
    if (ms === null) return;
    const svg = (tag, values) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(values)) made.setAttribute(name, value);
      return made;
    };
    const x = `${(ms / this.length * 100).toFixed(3)}%`;
    const group = svg("g", { class: "mark", "data-mark": id, "data-ms": ms });
    const box = svg("svg", { x, y: 0, overflow: "visible" });
    box.append(svg("rect", { x: -8, y: 1, width: 16, height: 16, rx: 4 }), svg("path", { d: PENCIL }));
    group.append(svg("line", { x1: x, x2: x, y1: 17, y2: 116 }), box);
    marks.append(group);
  }
}
export { clock };
