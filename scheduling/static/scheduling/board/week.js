// The week as it was sent, in objects, and what a day of it shows.
import { Clocks, STEP, count } from "./time.js";

export class Week {
  constructor(data) {
    Object.assign(this, data);
    this.clocks = new Clocks(data.begins, data.zones);
    this.people = data.people.map(([id, name, team, busy, away = []], place) => ({ id, name, team, busy, away, place, shifts: [] }));
    this.byId = new Map();
    for (const [id, place, start, end, zone, breaks, template] of data.shifts) {
      const shift = { id, place, start, end, zone, template, breaks: breaks.map(([after, minutes, name, paid]) => ({ after, minutes, paid, name: data.breaks[name] })) };
      this.byId.set(id, shift);
      this.people[place].shifts.push(shift);
    }
    this.placeOf = new Map(this.people.map((one) => [one.id, one.place]));
    this.show(data.day);
  }

  // Which day, or the whole week, and the window that is drawn of it: the hours worked, with one to spare.
  show(day) {
    this.day = day;
    this.whole = day === "week";
    const found = this.days.find(([iso]) => iso === day);
    [this.from, this.to] = this.whole ? [0, this.length] : [found[2], found[3]];
    this.dayName = this.whole ? "" : found[4];
    this.window = this.whole ? [0, this.length] : this.around();
  }

  around() {
    let first = Infinity;
    let last = -Infinity;
    for (const shift of this.byId.values()) {
      if (shift.start < this.from || shift.start >= this.to) continue;
      first = Math.min(first, shift.start);
      last = Math.max(last, shift.end);
    }
    if (first === Infinity) return [this.from, this.to];
    const start = Math.max(this.from, this.from + Math.floor((first - this.from) / 60) * 60 - 60);
    const end = this.from + Math.ceil((last - this.from) / 60) * 60 + 60;
    return [start, Math.max(end, start + 480)];
  }

  // Let the window hold a start that a key has moved out of it. Whether it had to grow.
  reach(start, end) {
    const [from, to] = this.window;
    const next = [Math.min(from, this.from + Math.floor((start - this.from) / 60) * 60), Math.max(to, this.from + Math.ceil((end - this.from) / 60) * 60)];
    if (next[0] === from && next[1] === to) return false;
    this.window = next;
    return true;
  }

  // The days shown on which somebody is absent, each from midnight to midnight.
  absent(person) { return person.away.map((place) => this.days[place]).filter(([iso]) => this.whole || iso === this.day).map(([, , from, to]) => [from, to]); }

  part(minute) { return (minute - this.window[0]) / (this.window[1] - this.window[0]); }

  shown(person) { return person.shifts.filter((one) => one.end > this.window[0] && one.start < Math.min(this.window[1], this.to)); }

  begun(person) { return person.shifts.filter((one) => one.start >= this.from && one.start < this.to); }

  paid(person) {
    const minutes = (one) => one.end - one.start - one.breaks.reduce((sum, gap) => sum + (gap.paid ? 0 : gap.minutes), 0);
    return this.begun(person).reduce((sum, one) => sum + minutes(one), 0) / 60;
  }

  // Everybody by when they start, then by name; who does not work comes last.
  ordered() {
    const first = (person) => Math.min(...this.begun(person).map((one) => one.start), this.to);
    return this.people.map((one) => [first(one), one.place]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, place]) => place);
  }

  // A shift as the server has it now. Returns the places whose lanes changed.
  settle({ id, actor, start, end, after }) {
    const shift = this.byId.get(id);
    const before = shift.place;
    count(this.scheduled, shift, -1);
    this.people[before].shifts = this.people[before].shifts.filter((one) => one !== shift);
    Object.assign(shift, { start, end, place: this.placeOf.get(actor), breaks: shift.breaks.map((one, number) => ({ ...one, after: after[number] })) });
    this.people[shift.place].shifts.push(shift);
    this.people[shift.place].shifts.sort((a, b) => a.start - b.start);
    count(this.scheduled, shift, +1);
    return [before, shift.place];
  }

  clamp(start) { return Math.min(Math.max(start, 0), this.length - STEP); }
}
