// Minutes of a week in real time: what the clocks show then, and who serves in which step of 15 minutes.
export const STEP = 15;
const DAY = 1440;

// The clocks of a week's zones, the plan's first. `begins` is the week's beginning in minutes since 1970.
export class Clocks {
  constructor(begins, zones) { this.begins = begins; this.zones = zones; }

  at(minute, zone = 0) {
    let ahead = this.zones[zone].offsets[0][1];
    for (const [from, offset] of this.zones[zone].offsets) { if (from > minute) break; ahead = offset; }
    const local = (((this.begins + minute + ahead) % DAY) + DAY) % DAY;
    return `${String(Math.floor(local / 60)).padStart(2, "0")}:${String(local % 60).padStart(2, "0")}`;
  }

  span(start, end, zone = 0) { return `${this.at(start, zone)}–${this.at(end, zone)}`; }

  iso(minute) { return new Date((this.begins + minute) * 60000).toISOString(); }

  minute(iso) { return Math.round(Date.parse(iso) / 60000) - this.begins; }
}

// The stretches of a shift in which its person serves.
export const serving = ({ start, end, breaks }) => {
  const found = [];
  let at = start;
  for (const one of [...breaks].sort((a, b) => a.after - b.after)) {
    const begins = start + one.after;
    if (begins > at) found.push([at, Math.min(begins, end)]);
    at = Math.max(at, begins + one.minutes);
  }
  if (at < end) found.push([at, end]);
  return found;
};

// Count a shift into steps, or out of them; a step served in part is not counted.
export const count = (steps, shift, by) => {
  for (const [start, end] of serving(shift)) {
    const last = Math.min(Math.floor(end / STEP), steps.length);
    for (let step = Math.max(Math.ceil(start / STEP), 0); step < last; step += 1) steps[step] += by;
  }
};

// Agent hours between two minutes of the week: required, short, over. Never netted.
export const hours = (required, scheduled, from, to) => {
  const found = { required: 0, short: 0, over: 0 };
  for (let step = Math.max(Math.floor(from / STEP), 0); step < Math.min(Math.ceil(to / STEP), required.length); step += 1) {
    const gap = scheduled[step] - required[step];
    found.required += required[step];
    if (gap < 0) found.short -= gap; else found.over += gap;
  }
  for (const name of Object.keys(found)) found[name] *= STEP / 60;
  return found;
};

// Where hours short change: unbroken stretches, each with its hours before and after, the largest change first.
export const changes = (required, before, after) => {
  const found = [];
  let open = null;
  for (let step = 0; step < required.length; step += 1) {
    const was = Math.max(required[step] - before[step], 0);
    const is = Math.max(required[step] - after[step], 0);
    if (was === is || (open && Math.sign(is - was) !== open.sign)) open = null;
    if (was === is) continue;
    if (!open) { open = { start: step * STEP, end: 0, before: 0, after: 0, sign: Math.sign(is - was) }; found.push(open); }
    open.end = (step + 1) * STEP;
    open.before += was * STEP / 60;
    open.after += is * STEP / 60;
  }
  return found.sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
};

// The first and last minute of a shift that one of its breaks may begin: a step of work before, between and after.
export const room = ({ start, end, breaks }, number) => {
  const low = number ? breaks[number - 1].after + breaks[number - 1].minutes + STEP : STEP;
  const high = (breaks[number + 1]?.after ?? end - start) - breaks[number].minutes - STEP;
  return [low, high];
};

const language = document.documentElement.lang || "en";
const two = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const one = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
export const number = (value, digits = 2) => (digits === 2 ? two : one).format(value);
export const percent = (share) => (share === null ? "–" : `${one.format(share * 100)}\u202f%`);
export const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
