// What a move would do, said while it is made: times on both clocks, rules as the server answers, hours short.
import { make } from "./draw.js";
import { STEP, changes, fill, hours, number, room } from "./time.js";

const MOST_STRETCHES = 2;
const PATIENCE = 120; // ms without another step before the server is asked

export class Card {
  constructor(week, words) {
    this.week = week;
    this.words = words;
    this.element = document.querySelector("[data-card]");
    this.element.append(document.querySelector("template[data-card-parts]").content.cloneNode(true).firstElementChild);
    this.parts = {};
    for (const name of ["now", "was", "there", "rules", "cover", "sign", "people"]) this.parts[name] = this.element.querySelector(`[data-${name}]`);
    this.timer = 0;
    this.asking = null;
  }

  show(held) {
    this.held = held;
    this.parts.people.hidden = held.kind === "break";
    this.element.hidden = false;
    this.size = [this.element.offsetWidth, this.element.offsetHeight];
    this.room = [window.innerWidth, window.innerHeight];
  }

  hide() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.element.hidden = true;
  }

  // Beneath a point of the window, or above it where there is no room.
  put(x, y, gap = 16) {
    const [width, height] = this.size;
    const left = Math.max(Math.min(x, this.room[0] - width - 8), 8);
    const top = y + gap + height > this.room[1] - 8 ? Math.max(y - gap - height, 8) : y + gap;
    this.element.style.transform = `translate(${left}px, ${top}px)`;
  }

  say(held, scheduled) {
    const { week, words, parts } = this;
    const { shift, trial } = held;
    parts.there.textContent = week.zones.map(({ name }, zone) => (zone ? `${week.clocks.span(...held.spot(), zone)} ${name}` : "")).filter(Boolean).join(", ");
    if (held.kind === "break") {
      const began = shift.start + shift.breaks[held.number].after;
      parts.now.textContent = fill(words.break, { times: week.clocks.span(...held.spot()), before: week.clocks.span(began, began + shift.breaks[held.number].minutes) });
      parts.was.textContent = "";
      const [low, high] = room(shift, held.number);
      this.judge(fill(words.mayBegin, { times: week.clocks.span(shift.start + low, shift.start + high) }), []);
    } else {
      const before = week.people[shift.place].name;
      const was = { times: week.clocks.span(shift.start, shift.end), before, name: week.people[trial.place].name };
      parts.now.textContent = week.clocks.span(trial.start, trial.end);
      parts.was.textContent = fill(trial.place === shift.place ? words.was : words.whose, was);
      this.ask(held);
    }
    this.cover(held, scheduled);
  }

  cover(held, scheduled) {
    const { week, words } = this;
    const lines = [];
    const told = (from, to, day) => {
      const before = hours(week.required, held.scheduled, from, to).short;
      const after = hours(week.required, scheduled, from, to).short;
      const by = after - before;
      const text = Math.abs(by) < 0.005 ? words.same : fill(by < 0 ? words.less : words.more, { h: number(Math.abs(by)) });
      return [by, make("p", "", make("b", "", text), ` ${fill(words.fromto, { day, before: number(before), after: number(after) })}`)];
    };
    const [here, line] = told(week.from, week.to, week.whole ? words.week : week.dayName);
    lines.push(line);
    if (!week.whole) {
      const [all, more] = told(0, week.length, words.week);
      if (Math.abs(all - here) > 0.005) lines.push(more);
    }
    const found = changes(week.required, held.scheduled, scheduled).slice(0, MOST_STRETCHES);
    if (found.length) lines.push(make("p", "ink2", found.map((one) => fill(words.at, { times: week.clocks.span(one.start, one.end), before: number(one.before), after: number(one.after) })).join("; ")));
    this.parts.cover.replaceChildren(...lines);
  }

  // --- Rules: asked of the server once the hand rests -------------------------------------------------------
  ask(held) {
    clearTimeout(this.timer);
    this.asking?.abort();
    const { shift, trial } = held;
    if (trial.start === shift.start && trial.place === shift.place) { this.judge("", []); return; }
    this.judge(this.words.checking, []);
    this.timer = setTimeout(async () => {
      this.asking = new AbortController();
      const query = new URLSearchParams({ start: this.week.clocks.iso(trial.start), actor: this.week.people[trial.place].id });
      const answer = await fetch(`${held.url}?${query}`, { signal: this.asking.signal, headers: { Accept: "application/json" } }).then((one) => (one.ok ? one.json() : null)).catch((error) => (error.name === "AbortError" ? undefined : null));
      if (answer === undefined) return;
      if (answer === null) { this.judge(this.words.unchecked, []); return; }
      this.judge(answer.broken.length ? "" : fill(this.words.kept, { figures: answer.kept }), answer.broken);
    }, PATIENCE);
  }

  judge(text, broken) {
    const { rules, sign } = this.parts;
    rules.replaceChildren(text, ...broken.map((one) => make("p", "", make("b", "bad", one.rule), one.whom ? ` ${one.whom}` : "")));
    sign.classList.toggle("bad", broken.length > 0);
  }
}

// Where a shift may not be: said where it was dropped, with the nearest start that is legal.
export class Refusal {
  constructor(words) {
    this.words = words;
    this.element = document.querySelector("[data-refusal]");
    this.end = null;
    this.element.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) this.close(); });
  }

  get open() { return !this.element.hidden; }

  show(answer, [x, y], day, { place, again, closed }) {
    const { words, element } = this;
    const parts = [make("p", "refused-rule", make("b", "", answer.told))];
    for (const one of answer.broken || []) if (one.whom) parts.push(make("p", "ink2", one.whom));
    const foot = make("p", "row tight");
    let first = null;
    const button = (text, act) => { const made = make("button", "button", text); made.type = "button"; made.addEventListener("click", act); first ??= made; foot.append(made); };
    if (answer.offer) {
      button(fill(words.offer, { time: answer.offer.time }), () => { this.close(); place(answer.offer.start); });
      foot.append(make("span", "ink2", answer.offer.date === day ? words.nearest : fill(words.nearestOn, { day: answer.offer.day })));
    }
    if (answer.stale) button(words.reload, again);
    const close = make("button", "button plain", words.close);
    close.type = "button";
    close.dataset.close = "";
    foot.append(close);
    element.replaceChildren(...parts, foot);
    element.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = element;
    const left = Math.max(Math.min(x, window.innerWidth - width - 8), 8);
    const top = y + height > window.innerHeight - 8 ? Math.max(y - height - 44, 8) : y;
    element.style.transform = `translate(${left}px, ${top}px)`;
    this.end = closed;
    (first || close).focus();
  }

  close() {
    if (!this.open) return false;
    this.element.hidden = true;
    this.end?.();
    this.end = null;
    return true;
  }
}

export const step = (minutes) => Math.round(minutes / STEP) * STEP;
