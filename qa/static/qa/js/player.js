// The sound, its waveform and the transcript that follows it. Works without sound too: then only lines are chosen.
const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2, 2.5];
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
    this.chosen = 0;
    this.heard = new Set();
    if (this.box) this.wire();
    this.transcript.addEventListener("click", (event) => {
      const line = event.target.closest(".line");
      if (line) this.seek(Number(line.dataset.ms));
    });
    for (const kind of ["wheel", "touchmove"]) this.transcript.addEventListener(kind, () => this.leave(), { passive: true });
    this.back.addEventListener("click", () => { this.following = true; this.back.hidden = true; this.show(); });
  }

  wire() {
    this.audio = this.box.querySelector("[data-audio]");
    this.length = Number(this.box.dataset.length);
    this.skips = JSON.parse(document.getElementById("sound-skips").textContent);
    const on = (name, call) => this.box.querySelector(name)?.addEventListener("click", call);
    on("[data-play]", () => this.toggle());
    for (const button of this.box.querySelectorAll("[data-jump]")) button.addEventListener("click", () => this.jump(Number(button.dataset.jump)));
    on("[data-speed]", () => this.speed(SPEEDS[(SPEEDS.indexOf(this.audio.playbackRate) + 1) % SPEEDS.length]));
    on("[data-slower]", () => this.speed(SPEEDS[Math.max(SPEEDS.indexOf(this.audio.playbackRate) - 1, 0)]));
    on("[data-faster]", () => this.speed(SPEEDS[Math.min(SPEEDS.indexOf(this.audio.playbackRate) + 1, SPEEDS.length - 1)]));
    const wave = this.box.querySelector("[data-wave]");
    wave.addEventListener("click", (event) => {
      const mark = event.target.closest("[data-mark]");
      const place = wave.getBoundingClientRect();
      this.seek(mark ? Number(mark.dataset.ms) : (event.clientX - place.left) / place.width * this.length);
    });
    this.audio.addEventListener("timeupdate", () => this.tick());
    this.audio.addEventListener("error", () => { this.box.querySelector("[data-no-sound]").hidden = false; });
    for (const name of ["play", "pause", "ended"]) this.audio.addEventListener(name, () => this.state());
  }

  get at() { return this.audio ? this.audio.currentTime * 1000 : this.chosen; }

  get share() { return this.audio ? this.heard.size / Math.max(Math.ceil(this.length / 1000), 1) : null; }

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
    this.audio.playbackRate = rate;
    this.box.querySelector("[data-speed-text]").textContent = `${rate}×`;
  }

  state() {
    const playing = !this.audio.paused;
    this.box.querySelector("[data-when-playing]").hidden = !playing;
    this.box.querySelector("[data-when-paused]").hidden = playing;
  }

  tick() {
    if (!this.audio.paused) this.heard.add(Math.floor(this.audio.currentTime));
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
    group.append(svg("line", { x1: x, x2: x, y1: 14, y2: 116 }), svg("circle", { cx: x, cy: 10, r: 6 }));
    marks.append(group);
  }
}
export { clock };
