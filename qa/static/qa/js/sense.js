// Whether somebody is there: active time, what share of the sound was heard, how long ago the last answer was saved.
const IDLE = 30_000;
const KINDS = ["keydown", "pointerdown", "wheel"];

export class Sense {
  constructor(given, player) {
    Object.assign(this, { player, active: given.active, before: given.share, last: Date.now(), savedAt: 0 });
    this.seen = () => { this.last = Date.now(); };
    for (const kind of KINDS) document.addEventListener(kind, this.seen, { passive: true });
    this.timer = setInterval(() => this.tick(), 1000);
  }

  // Of the whole sound; what an earlier sitting heard isn't counted twice, and never lost.
  get share() { return this.player.audio ? Math.max(this.player.share, this.before) : null; }

  awake(within) { return !document.hidden && Date.now() - this.last <= within; }

  saved(all) {
    this.savedAt = all ? Date.now() : 0;
    const place = document.querySelector("[data-saved-ago]");
    if (place) place.textContent = "";
  }

  tick() {
    const place = document.querySelector("[data-saved-ago]");
    const ago = this.savedAt ? Math.floor((Date.now() - this.savedAt) / 1000) : 0;
    if (place) place.textContent = ago && ago < 60 ? place.dataset.savedAgo.replace("{n}", ago) : "";
    const playing = this.player.audio && !this.player.audio.paused;
    if (document.hidden || !document.hasFocus() || (!playing && !this.awake(IDLE))) return;
    this.active += 1;
    document.querySelector("[data-active]").textContent = `${Math.floor(this.active / 60)}:${String(Math.floor(this.active % 60)).padStart(2, "0")}`;
    const heard = document.querySelector("[data-heard]");
    if (heard) heard.textContent = heard.textContent.replace(/\d+/, Math.round(this.share * 100));
  }

  end() {
    clearInterval(this.timer);
    for (const kind of KINDS) document.removeEventListener(kind, this.seen);
  }
}
