// What answers and notes rest on: stretches of the call, shown at their question, on their lines and in the waveform.
// And the reviewer's own markers, which nobody else sees.
import { clock } from "./player.js";
import { uuid } from "./notes.js";

const LAST = 10_000;
const NEAR = 500;
const svg = (tag, values, text) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(values)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
};

export class Evidence {
  constructor(page, player, form, given, changed, say) {
    Object.assign(this, { page, player, form, changed, say });
    this.pieces = new Map(given.evidence.map((piece) => [piece.evidence, piece]));
    this.markers = [...given.markers];
    this.words = page.querySelector("[data-evidence-words]").dataset;
    page.addEventListener("click", (event) => this.clicked(event.target));
    this.draw();
  }

  clicked(target) {
    const id = target.closest("[data-evidence]")?.dataset.evidence;
    if (id && target.closest("[data-evidence-remove]")) { this.remove(id); this.form.focus(); }
    else if (id && target.closest("[data-evidence-seek]")) this.player.seek(this.pieces.get(id).start_ms);
  }

  // The chosen line until the sound has moved on from it, else the last ten seconds; null before anything was heard.
  stretch() {
    const { at, chosenLine } = this.player;
    if (chosenLine) return { start_ms: Number(chosenLine.dataset.ms), end_ms: Number(chosenLine.dataset.until) };
    const end = Math.round(at);
    return end > 0 ? { start_ms: Math.max(end - LAST, 0), end_ms: end } : null;
  }

  // The same again takes it away.
  attach() {
    const stretch = this.stretch();
    if (!stretch) { this.say(this.words.nothing); return; }
    const question = this.form.active.dataset.question;
    const same = [...this.pieces.values()].find((one) => one.question === question && one.start_ms === stretch.start_ms && one.end_ms === stretch.end_ms);
    if (same) { this.remove(same.evidence); return; }
    this.add({ evidence: uuid(), question, note_id: null, ...stretch });
  }

  // What the eye sees in the waveform, for who listens to the screen.
  tell(pattern, at, name = "") {
    this.page.querySelector("[data-told]").textContent = pattern.replace("{at}", clock(at)).replace("{name}", name);
  }

  add(piece) {
    this.pieces.set(piece.evidence, { ...piece, quote: this.said(piece) });
    this.tell(this.words.attached, piece.start_ms, this.name(piece));
    this.changed(piece);
    this.draw();
  }

  remove(id) {
    const piece = this.pieces.get(id);
    this.tell(this.words.gone, piece.start_ms, this.name(piece));
    this.pieces.delete(id);
    this.changed({ evidence: id, gone: true });
    this.draw();
  }

  forgetNote(note) {
    for (const [id, piece] of this.pieces) if (piece.note_id === note) this.pieces.delete(id);
    this.draw();
  }

  said({ start_ms, end_ms }) {
    const within = (line) => Number(line.dataset.ms) >= start_ms && Number(line.dataset.ms) < end_ms;
    const lines = this.player.lines.filter(within);
    const begun = this.player.lines.findLast((line) => Number(line.dataset.ms) <= start_ms);
    return (lines.length ? lines : [begun].filter(Boolean)).map((line) => line.querySelector(".text").textContent).join(" ");
  }

  draw() {
    const pieces = [...this.pieces.values()].sort((a, b) => a.start_ms - b.start_ms);
    for (const list of this.page.querySelectorAll("[data-evidence-of]")) {
      const own = pieces.filter((piece) => piece.question === list.dataset.evidenceOf);
      list.replaceChildren(...own.map((piece) => this.chip(piece)));
    }
    for (const note of this.page.querySelectorAll("[data-note-id]")) {
      note.querySelector("[data-evidence-list]")?.replaceChildren(...pieces.filter((piece) => piece.note_id === note.dataset.noteId).map((piece) => this.chip(piece)));
    }
    for (const row of this.form.rows) {
      const has = row.querySelector("[data-has-evidence]");
      if (has) has.hidden = !pieces.some((piece) => piece.question === row.dataset.question);
    }
    this.tag(pieces);
    this.paint(pieces);
  }

  chip(piece) {
    const made = this.page.querySelector("[data-evidence-template]").content.firstElementChild.cloneNode(true);
    made.dataset.evidence = piece.evidence;
    made.querySelector("[data-evidence-at]").textContent = `${clock(piece.start_ms)}–${clock(piece.end_ms)}`;
    made.querySelector("[data-evidence-quote]").textContent = piece.quote;
    return made;
  }

  name(piece) {
    const row = piece.question ? this.form.row(piece.question) : null;
    return row ? this.words.of.replace("{n}", row.dataset.number) : this.words.ofNote;
  }

  tag(pieces) {
    for (const line of this.player.lines) {
      const on = pieces.filter((piece) => Number(line.dataset.ms) < piece.end_ms && Number(line.dataset.until) > piece.start_ms);
      line.querySelector(".evidence-tags")?.remove();
      if (!on.length) continue;
      const tags = document.createElement("span");
      tags.className = "evidence-tags";
      tags.replaceChildren(...[...new Set(on.map((piece) => this.name(piece)))].map((name) => {
        const made = document.createElement("span");
        made.className = "tag tag-mark";
        made.textContent = name;
        return made;
      }));
      line.append(tags);
    }
  }

  paint(pieces) {
    if (!this.player.box) return;
    const share = (ms) => `${(Math.min(ms / this.player.length, 1) * 100).toFixed(3)}%`;
    const spans = pieces.map((piece) => svg("rect", { class: "span", x: share(piece.start_ms), y: 20, width: share(piece.end_ms - piece.start_ms), height: 96 }));
    this.page.querySelector("[data-spans]").replaceChildren(...spans);
    const marks = this.markers.map((ms, place) => {
      const group = svg("g", { class: "marker", "data-mark": "", "data-ms": ms });
      const box = svg("svg", { x: share(ms), y: 0, overflow: "visible" });
      box.append(svg("rect", { x: -8, y: 1, width: 16, height: 16, rx: 4 }), svg("text", { x: 0, y: 13, "text-anchor": "middle" }, place + 1));
      group.append(svg("line", { x1: share(ms), x2: share(ms), y1: 17, y2: 116 }), box);
      return group;
    });
    this.page.querySelector("[data-own-markers]").replaceChildren(...marks);
  }

  // --- Markers: dropped at the playhead, lifted there again -----------------------------------------
  mark() {
    const at = Math.round(this.player.at);
    const near = this.markers.find((ms) => Math.abs(ms - at) <= NEAR);
    this.markers = near === undefined ? [...this.markers, at].sort((a, b) => a - b) : this.markers.filter((ms) => ms !== near);
    this.changed({ marker: near ?? at, on: near === undefined });
    this.paint([...this.pieces.values()]);
    this.tell(near === undefined ? this.words.marked : this.words.lifted, near ?? at);
  }

  step(direction) {
    const { at } = this.player;
    const to = direction > 0 ? this.markers.find((ms) => ms > at + NEAR) : this.markers.findLast((ms) => ms < at - NEAR);
    if (to !== undefined) this.player.seek(to);
  }
}
