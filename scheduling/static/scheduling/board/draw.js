// Draws the board: one lane a person, hours, the ribbon of coverage. Places are percentages, so widths may change.
import { STEP, fill, hours, number, percent } from "./time.js";

const SVG = "http://www.w3.org/2000/svg";
const WHOLE_LABEL = 0.075; // of a lane that "06:00–14:30" takes in a usual window
const START_LABEL = 0.04; // and "06:00"
const MOST_TICKS = 17;
const FIRST = 60; // rows that are drawn at once: more than a screen has

export const make = (tag, className, ...content) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
};
const shape = (tag, attributes) => {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};
const at = (part) => `${(100 * part).toFixed(3)}%`;
const panel = (link, name) => { link.dataset.panel = ""; link.dataset.panelTitle = name; return link; };

export class Drawing {
  constructor(week, root, may) {
    this.week = week;
    this.root = root;
    this.may = may;
    this.lanes = root.querySelector("[data-lanes]");
    this.words = this.lanes.dataset;
    root.classList.toggle("may-move", may);
    this.rows = [];
    for (const row of this.lanes.querySelectorAll(".lane-row")) {
      this.rows[row.dataset.place] = { row, lane: row.querySelector(".lane"), words: row.querySelector(".lane-words"), paid: row.lastElementChild };
    }
    this.ribbon = this.begin();
  }

  // --- Lanes -------------------------------------------------------------------------------------------
  // All of the day or week that is shown; `fresh` where the words of the server don't stand there already.
  all(fresh) {
    const { week, root } = this;
    root.classList.toggle("whole-week", week.whole);
    root.style.setProperty("--hour", `${100 * this.every() / (week.window[1] - week.window[0])}%`);
    this.hours();
    const order = fresh ? week.ordered() : [...this.lanes.querySelectorAll(".lane-row")].map((row) => Number(row.dataset.place));
    if (fresh && order.some((place, index) => this.lanes.children[index] !== this.rows[place].row)) this.lanes.prepend(...order.map((place) => this.rows[place].row));
    this.due = new Set(order);
    this.some(order.slice(0, FIRST), fresh);
    this.coverage();
    root.classList.add("drawn");
    this.rest(order.slice(FIRST), fresh);
  }

  some(places, fresh) { for (const place of places) if (this.due.has(place)) this.lane(this.week.people[place], fresh); }

  // What is out of sight follows in parts, between which the page answers.
  rest(places, fresh) {
    clearTimeout(this.later);
    this.fresh = fresh;
    if (!places.length) return;
    this.later = setTimeout(() => { this.some(places.slice(0, FIRST), fresh); this.rest(places.slice(FIRST), fresh); });
  }

  // A row that somebody is on their way to.
  ensure(row) { if (row) this.some([Number(row.dataset.place)], this.fresh); }

  lane(person, fresh = true) {
    const { week } = this;
    const { row, lane, words, paid } = this.rows[person.place];
    this.due.delete(person.place);
    const shown = week.shown(person);
    const begun = week.begun(person);
    const parts = [];
    for (const [start, end] of person.busy) if (end > week.window[0] && start < week.window[1]) parts.push(this.taken("busy", start, end, this.words.wordsBusy, this.words.wordsElsewhere));
    for (const [start, end] of week.absent(person)) parts.unshift(this.taken("busy absent", start, end, this.words.wordsAbsent, this.words.wordsAway));
    for (const shift of shown) parts.push(this.bar(shift, person));
    if (!begun.length && this.may && !week.whole) parts.push(this.give(person));
    lane.replaceChildren(...parts);
    if (!fresh) return;
    row.classList.toggle("off", !shown.length);
    paid.textContent = begun.length ? number(week.paid(person), 1) : "";
    words.replaceChildren(...this.inWords(person, shown, begun));
  }

  inWords(person, shown, begun) {
    const { week } = this;
    const dated = (shift) => (week.whole ? `${week.days.find(([, , , to]) => shift.start < to)?.[1].split(" ")[0]} ` : "");
    const link = (href, text) => { const made = panel(make("a", "", text), person.name); made.href = href; return made; };
    if (shown.length) return shown.flatMap((one) => [link(this.address("shift", one.id), dated(one) + week.clocks.span(one.start, one.end)), " "]);
    const busy = person.busy.some(([start, end]) => start < week.to && end > week.from);
    const absent = !week.whole && week.absent(person).length;
    const text = absent ? this.words.wordsAbsent : busy ? this.words.wordsBusy : this.words.wordsOff;
    return [this.may && !begun.length && !week.whole ? link(this.giving(person), text) : text];
  }

  address(name, id) { return this.week.urls[name].replace("00000000-0000-0000-0000-000000000000", id); }

  giving(person) { return this.address("add", person.id).replace("DAY", this.week.day); }

  place(element, start, end) {
    const [left, right] = [start, end].map((one) => Math.min(Math.max(this.week.part(one), 0), 1));
    element.style.left = at(left);
    element.style.width = at(right - left);
    return right - left;
  }

  bar(shift, person) {
    const { week } = this;
    const made = panel(make("a", "bar-link shift"), person.name);
    made.href = this.address("shift", shift.id);
    made.draggable = false;
    made.dataset.shift = shift.id;
    if (shift.start < week.from) made.classList.add("carried");
    const label = week.clocks.span(shift.start, shift.end);
    made.setAttribute("aria-label", `${person.name}, ${label}`);
    const width = this.place(made, shift.start, shift.end);
    this.inside(made, shift, label, width);
    return made;
  }

  // A bar's breaks and as much of its times as stands clear of the first, so that no number is cut.
  inside(made, shift, label, width) {
    const { week } = this;
    const begins = Math.max(shift.start, week.window[0]);
    const drawn = Math.min(shift.end, week.window[1]) - begins;
    const cuts = [];
    let clear = width;
    if (!week.whole) {
      for (const [number, one] of shift.breaks.entries()) {
        const from = shift.start + one.after - begins;
        if (from < 0 || from >= drawn) continue;
        const cut = make("i", "cut-out");
        cut.title = one.name;
        cut.dataset.break = number;
        cut.style.left = at(from / drawn);
        cut.style.width = at(Math.min(one.minutes, drawn - from) / drawn);
        cuts.push(cut);
        clear = Math.min(clear, width * from / drawn);
      }
    }
    const text = clear >= WHOLE_LABEL ? label : clear >= START_LABEL ? label.slice(0, 5) : "";
    made.replaceChildren(...cuts, ...(text ? [make("span", "bar-text", text)] : []));
  }

  taken(kind, start, end, text, title) {
    const made = make("div", kind);
    made.title = title;
    if (this.place(made, start, end) >= WHOLE_LABEL) made.append(make("span", "busy-text", text));
    return made;
  }

  give(person) {
    const made = panel(make("a", "bar-link add", this.words.wordsGive), person.name);
    made.href = this.giving(person);
    made.setAttribute("aria-label", fill(this.words.wordsGiven, { name: person.name }));
    return made;
  }

  // --- Hours ---------------------------------------------------------------------------------------------
  every() {
    const long = (this.week.window[1] - this.week.window[0]) / 60;
    return this.week.whole ? 1440 : 60 * Math.ceil(long / MOST_TICKS);
  }

  hours() {
    const { week } = this;
    const cell = this.root.querySelector("[data-hours]");
    const ticks = [];
    const tick = (minute, texts, first) => {
      const made = make("span", first || week.whole ? "tick first" : "tick", ...texts.map((text) => make("span", "", text)));
      made.setAttribute("aria-hidden", "true");
      made.style.left = at(week.part(minute));
      ticks.push(made);
    };
    if (week.whole) for (const [, name, from] of week.days) tick(from, [name, ...week.zones.slice(1).map((_, place) => week.clocks.at(from, place + 1))]);
    else for (let minute = week.window[0]; minute < week.window[1]; minute += this.every()) tick(minute, week.zones.map((_, place) => week.clocks.at(minute, place)), minute === week.window[0]);
    cell.replaceChildren(cell.firstElementChild, ...ticks);
  }

  // --- Coverage --------------------------------------------------------------------------------------------
  begin() {
    const cell = this.root.querySelector("[data-ribbon]");
    const upper = shape("svg", { class: "ribbon-upper", viewBox: "0 0 1000 100", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" });
    const lower = shape("svg", { class: "ribbon-lower", viewBox: "0 0 1000 28", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" });
    const found = { cell, scale: this.root.querySelector("[data-scale]") };
    for (const name of ["scheduled", "before", "required"]) { found[name] = shape("path", { class: name }); upper.append(found[name]); }
    for (const name of ["short", "over"]) { found[name] = shape("path", { class: name }); lower.append(found[name]); }
    lower.append(shape("path", { class: "base", d: "M0 14H1000" }));
    found.name = make("span", "ribbon-name required-name", cell.dataset.required);
    found.area = make("span", "ribbon-name area-name", cell.dataset.scheduled);
    found.told = make("span", "visually-hidden");
    cell.replaceChildren(upper, lower, found.name, found.area, found.told);
    return found;
  }

  // The ribbon; while a shift moves, with what was before beneath it. The scale stays as it was then.
  coverage(scheduled = this.week.scheduled, before = null) {
    const { week, ribbon } = this;
    const { required } = week;
    const first = Math.max(Math.floor(week.window[0] / STEP), 0);
    const last = Math.min(Math.ceil(week.window[1] / STEP), required.length);
    if (!before) this.scale(first, last);
    const { top, most } = this;
    const x = (step) => (1000 * week.part(step * STEP)).toFixed(1);
    const line = (values) => {
      let path = `M${x(first)} ${(100 - 100 * (values[first] || 0) / top).toFixed(1)}`;
      for (let step = first; step < last; step += 1) path += `V${(100 - 100 * values[step] / top).toFixed(1)}H${x(step + 1)}`;
      return path;
    };
    let short = "";
    let over = "";
    const wide = 1000 * STEP / (week.window[1] - week.window[0]);
    for (let step = first; step < last; step += 1) {
      const gap = scheduled[step] - required[step];
      const tall = Math.min(13, 13 * Math.abs(gap) / most);
      if (gap < 0) short += `M${x(step)} 15h${(wide * 0.9).toFixed(1)}v${tall.toFixed(1)}h-${(wide * 0.9).toFixed(1)}z`;
      else if (gap > 0) over += `M${x(step)} 13h${(wide * 0.9).toFixed(1)}v-${tall.toFixed(1)}h-${(wide * 0.9).toFixed(1)}z`;
    }
    ribbon.required.setAttribute("d", line(required));
    ribbon.scheduled.setAttribute("d", `${line(scheduled)}V100H${x(first)}z`);
    ribbon.before.setAttribute("d", before ? line(before) : "");
    ribbon.short.setAttribute("d", short);
    ribbon.over.setAttribute("d", over);
    ribbon.area.textContent = before ? ribbon.cell.dataset.after : ribbon.cell.dataset.scheduled;
    this.sum(scheduled);
  }

  scale(first, last) {
    const { week, ribbon } = this;
    let top = 2;
    let most = 1;
    for (let step = first; step < last; step += 1) {
      top = Math.max(top, week.required[step], week.scheduled[step]);
      most = Math.max(most, Math.abs(week.required[step] - week.scheduled[step]));
    }
    this.top = Math.ceil((top + 1) / 2) * 2;
    this.most = most;
    ribbon.scale.replaceChildren(...[this.top, this.top / 2, 0].map((value) => make("span", "", String(value))));
    // The names stand where the lines leave room: over the required line's first rise, and at the foot of the area where
    // it is tallest.
    let tallest = first;
    for (let step = first; step < last; step += 1) if (week.scheduled[step] > week.scheduled[tallest]) tallest = step;
    ribbon.area.hidden = !week.scheduled[tallest];
    ribbon.area.style.left = at(Math.min(Math.max(week.part(tallest * STEP), 0.1), 0.9));
    const there = week.required.findIndex((value, step) => step >= first + 4 && step < last && value > 0);
    ribbon.name.hidden = there < 0;
    if (there >= 0) { ribbon.name.style.left = at(Math.min(week.part(there * STEP), 0.9)); ribbon.name.style.top = `${Math.max(72 - 72 * week.required[there] / this.top - 18, 0)}px`; }
  }

  sum(scheduled) {
    const { week } = this;
    const shown = hours(week.required, scheduled, week.from, week.to);
    const whole = hours(week.required, scheduled, 0, week.length);
    const share = (one) => (one.required ? 1 - one.short / one.required : null);
    const put = (name, text) => { const place = document.querySelector(`[data-sum="${name}"]`); if (place && place.textContent !== text) place.textContent = text; };
    put("share", percent(share(shown)));
    put("required", number(shown.required));
    put("short", number(shown.short));
    put("over", number(shown.over));
    put("week-share", percent(share(whole)));
    put("week-short", number(whole.short));
    this.ribbon.told.textContent = `${percent(share(shown))}, ${number(shown.short)} h, ${number(shown.over)} h`;
  }
}
