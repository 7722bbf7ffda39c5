// Moving a shift of a draft, or one of its breaks, by the mouse or by keys. While it moves nothing is read from the
// layout: places are counted from what was measured when it was taken up, and only transforms change from frame to
// frame. Coverage is counted here, the rules are the server's; on release the server decides.
import { Card, Refusal, step } from "./card.js";
import { make } from "./draw.js";
import { STEP, count, fill, room } from "./time.js";

const SLACK = 4; // px before a press is a drag
const EDGE = 28; // px from the upper and lower edge where rows scroll by
const SCROLL = 14; // px a frame
const SETTLED = 600; // ms after the last move until the rest of the page is asked anew

const headers = () => ({ Accept: "application/json", ...JSON.parse(document.body.getAttribute("hx-headers") || "{}") });

export class Mover {
  constructor(week, drawing, words) {
    Object.assign(this, { week, drawing, words });
    this.wrap = document.querySelector("[data-board-wrap]");
    this.over = make("div", "board-over");
    drawing.lanes.append(this.over);
    this.card = new Card(week, words);
    this.refusal = new Refusal(words);
    this.held = null;
    this.press = null;
    this.frame = 0;
    this.last = "";
    this.listen();
  }

  listen() {
    const { lanes } = this.drawing;
    lanes.addEventListener("pointerdown", (event) => this.down(event));
    lanes.addEventListener("pointermove", (event) => this.moved(event));
    lanes.addEventListener("pointerup", () => this.up());
    lanes.addEventListener("pointercancel", () => this.back());
    lanes.addEventListener("click", (event) => { if (this.dragged) { event.preventDefault(); event.stopPropagation(); } }, true);
    lanes.addEventListener("focusin", (event) => { const bar = event.target.closest("[data-shift]"); if (bar) this.last = bar.dataset.shift; });
    this.wrap.addEventListener("scroll", () => { if (this.held) { this.scrolled = this.wrap.scrollTop; this.later(); } }, { passive: true });
    document.addEventListener("keydown", (event) => this.key(event), true);
    window.addEventListener("resize", () => this.back());
  }

  barOf(shift) {
    this.drawing.ensure(this.drawing.rows[shift.place].row);
    return this.drawing.rows[shift.place].lane.querySelector(`[data-shift="${shift.id}"]`);
  }

  // --- Taking up ---------------------------------------------------------------------------------------------
  // `number` is a break's, or null for the shift itself.
  take(shift, mode, number = null) {
    const bar = this.barOf(shift);
    if (!bar || shift.start < this.week.from || this.held || this.sending) return false;
    this.refusal.close();
    bar.scrollIntoView({ block: "nearest" });
    this.measure();
    const trial = { ...shift, breaks: shift.breaks };
    const held = {
      shift, trial, mode, number, bar, kind: number === null ? "shift" : "break",
      scheduled: this.week.scheduled, base: this.week.scheduled.slice(),
      url: this.drawing.address("move", shift.id),
      spot: () => (number === null ? [held.trial.start, held.trial.end] : [shift.start + held.after, shift.start + held.after + shift.breaks[number].minutes]),
    };
    if (number !== null) held.after = shift.breaks[number].after;
    count(held.base, shift, -1);
    bar.classList.add(number === null ? "ghost" : "lending");
    held.flyer = this.flyer(held);
    this.over.append(held.flyer);
    this.held = held;
    this.over.classList.add("moving");
    this.card.show(held);
    this.drawn = "";
    this.draw();
    return true;
  }

  measure() {
    const box = this.over.getBoundingClientRect();
    const wrap = this.wrap.getBoundingClientRect();
    const rows = [...this.drawing.lanes.querySelectorAll(".lane-row:not([hidden])")];
    this.order = rows.map((row) => Number(row.dataset.place));
    this.tall = rows.length > 1 ? rows[1].offsetTop - rows[0].offsetTop : rows[0].offsetHeight;
    this.scrolled = this.wrap.scrollTop;
    this.most = this.wrap.scrollHeight - this.wrap.clientHeight;
    this.box = { left: box.left, top: box.top + this.scrolled, width: box.width };
    this.edges = [wrap.top + this.drawing.root.querySelector(".board-head").offsetHeight, wrap.bottom];
    this.px = box.width / (this.week.window[1] - this.week.window[0]);
  }

  flyer(held) {
    const [start, end] = held.spot();
    const made = make("div", held.kind === "break" ? "flyer cut-out" : "flyer shift");
    if (held.kind === "shift") this.drawing.inside(made, held.shift, this.week.clocks.span(start, end), (end - start) / (this.week.window[1] - this.week.window[0]));
    held.label = made.querySelector(".bar-text");
    held.short = held.label?.textContent.length === 5;
    made.style.width = `${(end - start) * this.px}px`;
    return made;
  }

  // --- By the mouse --------------------------------------------------------------------------------------------
  down(event) {
    const bar = event.target.closest("[data-shift]");
    if (!bar || event.button || event.pointerType === "touch" || event.ctrlKey || event.metaKey || event.shiftKey || this.held) return;
    this.dragged = false;
    const number = event.target.closest("[data-break]")?.dataset.break;
    this.press = { x: event.clientX, y: event.clientY, bar, id: event.pointerId, number: number === undefined ? null : Number(number) };
  }

  moved(event) {
    const { press } = this;
    if (!press) return;
    press.toX = event.clientX;
    press.toY = event.clientY;
    if (!this.dragged) {
      if (Math.hypot(press.toX - press.x, press.toY - press.y) < SLACK) return;
      const shift = this.week.byId.get(press.bar.dataset.shift);
      if (!this.take(shift, "mouse", press.number)) { this.press = null; return; }
      this.dragged = true;
      press.row = this.order.indexOf(shift.place);
      press.scrolled = this.scrolled;
      this.over.setPointerCapture(press.id); // events come by it, and a cursor alone is another style
    }
    this.later();
  }

  up() {
    const { held, dragged } = this;
    const ours = dragged && held?.mode === "mouse";
    if (ours) { this.follow(); this.draw(); }
    this.press = null;
    if (dragged) setTimeout(() => { this.dragged = false; });
    if (ours) this.place();
  }

  later() { this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.next(); }); }

  next() {
    const { held, press } = this;
    if (!held) return;
    if (press && held.mode === "mouse") {
      const by = press.toY < this.edges[0] + EDGE ? -SCROLL : press.toY > this.edges[1] - EDGE ? SCROLL : 0;
      const to = Math.min(Math.max(this.scrolled + by, 0), this.most);
      if (by && to !== this.scrolled) { this.scrolled = to; this.wrap.scrollTop = to; this.later(); }
      this.follow();
    }
    this.draw();
  }

  // Where the pointer has taken it: whole steps from where it was, within what is drawn; and whose lane it is over.
  follow() {
    const { held, week } = this;
    const { x, y, toX, toY, row, scrolled } = this.press;
    if (held.kind === "break") { this.rest(held.shift.breaks[held.number].after + step((toX - x) / this.px)); return; }
    const first = Math.max(week.window[0], 0);
    const start = held.shift.start + step((toX - x) / this.px);
    held.trial.start = week.clamp(Math.min(Math.max(start, first), week.window[1] - STEP));
    held.trial.end = held.trial.start + held.shift.end - held.shift.start;
    const index = row + Math.round((toY - y + this.scrolled - scrolled) / this.tall);
    held.trial.place = this.order[Math.min(Math.max(index, 0), this.order.length - 1)];
  }

  // --- Every frame, and every step ------------------------------------------------------------------------------
  draw() {
    const { held, week } = this;
    const [start, end] = held.spot();
    const top = this.order.indexOf(held.trial.place) * this.tall;
    const left = (start - week.window[0]) * this.px;
    const now = `${start} ${held.trial.place}`;
    if (now !== this.drawn) {
      this.drawn = now;
      held.flyer.style.transform = `translate(${left}px, ${top}px)`;
      if (held.label) held.label.textContent = held.short ? week.clocks.at(start) : week.clocks.span(start, end);
      this.mark(held.trial.place);
      const after = held.base.slice();
      count(after, this.asItWere(held), +1);
      this.drawing.coverage(after, held.scheduled);
      this.card.say(held, after);
    }
    if (held.mode === "mouse" && this.press) this.card.put(this.press.toX + 12, this.press.toY + 8);
    else this.card.put(this.box.left + left + 24, this.box.top - this.scrolled + top + this.tall, 8);
  }

  asItWere({ kind, trial, shift, number, after }) {
    if (kind === "shift") return trial;
    return { ...shift, breaks: shift.breaks.map((one, at) => (at === number ? { ...one, after } : one)) };
  }

  mark(place) {
    if (this.marked !== undefined) this.drawing.rows[this.marked].row.classList.remove("taking");
    this.marked = place;
    if (place !== undefined) this.drawing.rows[place].row.classList.add("taking");
  }

  // --- By keys ---------------------------------------------------------------------------------------------------
  // M and B, through the buttons of the key bar: on the bar that has the focus, or had it last.
  act(name) {
    if (name === "undo") { if (!this.held) this.undo(); return; }
    const shift = this.week.byId.get(document.activeElement?.dataset?.shift || this.last);
    if (!shift || this.held) return;
    if (name === "move") this.take(shift, "keys");
    else if (shift.breaks.length && !this.week.whole) this.take(shift, "keys", 0);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const stop = () => { event.preventDefault(); event.stopImmediatePropagation(); };
    const { held } = this;
    if (!held) { if (event.key === "Escape" && this.refusal.close()) stop(); return; }
    if (event.key === "Tab") { this.back(); return; }
    const far = event.shiftKey ? 4 * STEP : STEP;
    const acts = {
      ArrowLeft: () => this.nudge(-far), ArrowRight: () => this.nudge(far), ArrowUp: () => this.hop(-1), ArrowDown: () => this.hop(1),
      Enter: () => this.place(), Escape: () => this.back(), b: () => this.other(),
    };
    stop();
    if (!this.sending && (held.mode === "keys" || event.key === "Escape")) acts[event.key]?.();
  }

  nudge(by) {
    const { held, week } = this;
    if (held.kind === "break") {
      this.rest(held.after + by);
    } else {
      held.trial.start = week.clamp(held.trial.start + by);
      held.trial.end = held.trial.start + held.shift.end - held.shift.start;
      if (week.reach(held.trial.start, held.trial.end)) this.widened();
    }
    this.draw();
  }

  // A break within its room; one that lies outside it may stay there, and come nearer.
  rest(after) {
    const { held } = this;
    const [low, high] = room(held.shift, held.number);
    held.after = Math.min(Math.max(after, Math.min(low, held.after)), Math.max(high, held.after));
  }

  // The window grew under it: all is drawn in the new one, and the shift is taken up where it was.
  widened() {
    const { held } = this;
    held.flyer.remove();
    this.drawing.all(false);
    held.bar = this.barOf(held.shift);
    held.bar.classList.add("ghost");
    held.bar.focus({ preventScroll: true });
    this.measure();
    held.flyer = this.flyer(held);
    this.over.append(held.flyer);
    this.drawn = "";
  }

  hop(by) {
    const { held } = this;
    if (held.kind === "break") return;
    const index = Math.min(Math.max(this.order.indexOf(held.trial.place) + by, 0), this.order.length - 1);
    held.trial.place = this.order[index];
    this.drawing.rows[held.trial.place].row.scrollIntoView({ block: "nearest" });
    this.scrolled = this.wrap.scrollTop;
    this.draw();
  }

  other() {
    const { held } = this;
    if (held.kind !== "break") return;
    const next = (held.number + 1) % held.shift.breaks.length;
    const { shift } = held;
    this.back();
    this.take(shift, "keys", next);
  }

  // --- Putting down ------------------------------------------------------------------------------------------------
  back() {
    const { held } = this;
    this.press = null;
    if (!held || this.sending) return;
    this.let();
    this.drawing.coverage();
    held.bar.focus({ preventScroll: true });
  }

  let() {
    const { held } = this;
    if (this.frame) { cancelAnimationFrame(this.frame); this.frame = 0; }
    this.held = null;
    this.mark(undefined);
    held.flyer.remove();
    held.bar.classList.remove("ghost", "lending");
    this.over.classList.remove("moving");
    this.card.hide();
  }

  place() {
    const { held, week } = this;
    const { shift, trial } = held;
    const same = held.kind === "break" ? held.after === shift.breaks[held.number].after : trial.start === shift.start && trial.place === shift.place;
    if (same) { this.back(); return; }
    if (held.kind === "break") this.send(this.drawing.address("break", shift.id), { number: held.number, after: held.after });
    else this.send(held.url, { start: week.clocks.iso(trial.start), actor: week.people[trial.place].id });
  }

  async send(url, values) {
    const { held, week } = this;
    this.sending = true;
    held?.flyer.classList.add("sending");
    const body = new URLSearchParams({ ...values, version: week.version });
    const answer = await fetch(url, { method: "POST", headers: headers(), body }).then((one) => (one.ok || one.status === 409 ? one.json() : null)).catch(() => null);
    this.sending = false;
    const [x, y] = [this.box ? this.box.left + 24 : 24, this.wrap.getBoundingClientRect().top + 160];
    if (answer?.shift) { if (held) this.let(); this.settle(answer); return; }
    this.refuse(answer || { told: this.words.unsent }, held, values.actor, [x, y]);
  }

  settle(answer) {
    const { week, drawing } = this;
    week.version = answer.version;
    for (const place of new Set(week.settle(answer.shift))) drawing.lane(week.people[place]);
    drawing.coverage();
    const shift = week.byId.get(answer.shift.id);
    this.last = shift.id;
    this.barOf(shift)?.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("bpo:toast", { detail: { text: answer.told } }));
    clearTimeout(this.settled);
    this.settled = setTimeout(() => {
      window.htmx.ajax("GET", week.urls.after, { source: document.body, swap: "none" });
      document.body.dispatchEvent(new CustomEvent("board:settled"));
    }, SETTLED);
  }

  // The shift is where it was; where it was not placed stays marked until the reason is read.
  refuse(answer, held, actor, spot) {
    const { week } = this;
    let mark = null;
    let at = spot;
    if (held) {
      const [start, end] = held.spot();
      const top = this.order.indexOf(held.trial.place) * this.tall;
      mark = make("div", "refused-mark", fill(this.words.refused, { time: week.clocks.at(start) }));
      mark.style.width = `${(end - start) * this.px}px`;
      mark.style.transform = `translate(${(start - week.window[0]) * this.px}px, ${top}px)`;
      at = [this.box.left + Math.max((start - week.window[0]) * this.px, 0) + 24, this.box.top - this.scrolled + top + this.tall + 4];
      this.let();
      this.over.append(mark);
    }
    this.drawing.coverage();
    const day = week.days.find(([, , from, to]) => held && held.trial.start >= from && held.trial.start < to);
    this.refusal.show(answer, at, day?.[0], {
      place: (start) => this.send(this.drawing.address("move", held.shift.id), { start, actor }),
      again: () => window.location.reload(),
      closed: () => { mark?.remove(); if (held) this.barOf(held.shift)?.focus({ preventScroll: true }); },
    });
  }

  undo() { if (!this.sending) { this.refusal.close(); this.send(this.week.urls.undo, {}); } }
}
