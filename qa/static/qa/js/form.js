// The scorecard: which question is active, what is answered, and the score the server gives.
const MULTI = "multi";

export class Form {
  constructor(page, given, changed, moved) {
    this.page = page;
    this.changed = changed;
    this.moved = moved;
    this.answers = { ...given.answers };
    this.known = { ...given.answers }; // as the server had them when the page was drawn or last agreed
    this.past = [];
    this.rows = [...page.querySelectorAll("[data-question]")];
    for (const row of this.rows) this.wire(row);
    this.active = page.querySelector("[data-question].is-active") || this.rows[0];
  }

  wire(row) {
    row.querySelector("[data-open-question]").addEventListener("click", () => this.activate(row.dataset.question));
    for (const button of row.querySelectorAll("[data-option]")) button.addEventListener("click", () => this.pick(row, button.dataset.option));
    row.querySelector("[data-option-na]").addEventListener("click", () => this.na(row));
    const number = row.querySelector("[data-number-answer]");
    number?.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.number(row, number.value); }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); this.move(event.key === "ArrowDown" ? 1 : -1); }
    });
  }

  row(key) { return this.rows.find((row) => row.dataset.question === key); }
  shown() { return this.rows.filter((row) => !row.hidden); }

  pick(row, option) {
    if (row.dataset.kind !== MULTI) { this.answer(row, option); this.next(row); return; }
    const before = this.answers[row.dataset.question];
    const chosen = Array.isArray(before) ? before : [];
    this.answer(row, chosen.includes(option) ? chosen.filter((one) => one !== option) : [...chosen, option]);
  }

  number(row, text) {
    const value = Number(text.trim().replace(",", "."));
    if (text.trim() === "" || Number.isNaN(value)) return;
    this.answer(row, value);
    this.next(row);
  }

  na(row = this.active) {
    if (row.dataset.naOk !== "yes") return;
    this.answer(row, null);
    this.next(row);
  }

  confirm() {
    if (this.active.dataset.kind !== MULTI || document.activeElement?.matches("[data-option], [data-option-na]") === false) return false;
    if (!(this.active.dataset.question in this.answers)) this.answer(this.active, []);
    this.next(this.active);
    return true;
  }

  answer(row, value, source = "", step = {}) {
    const key = row.dataset.question;
    this.past.push([key, key in this.answers, this.answers[key], step]);
    this.show(key, value);
    this.changed(key, value, false, source);
  }

  // One step back; what was passed together goes back together.
  undo() {
    const last = this.past.at(-1)?.[3];
    while (this.past.length && this.past.at(-1)[3] === last) {
      const [key, had, value] = this.past.pop();
      this.show(key, value, !had);
      this.changed(key, value, !had, "");
      this.activate(key);
    }
  }

  // Every question of the active one's section that has no answer and isn't critical gets its best one.
  pass() {
    const open = this.shown().filter((row) => row.dataset.inSection === this.active.dataset.inSection && row.dataset.critical !== "yes"
      && row.dataset.kind === "choice" && !(row.dataset.question in this.answers));
    const step = {};
    for (const row of open) this.answer(row, row.querySelector('[data-best="yes"]').dataset.option, "bulk", step);
    if (open.length) this.next(open.at(-1));
    return open.length;
  }

  // Draw one answer: the pressed option, the line above, its sign.
  show(key, value, clear = false) {
    const row = this.row(key);
    if (!row) return;
    if (clear) delete this.answers[key];
    else this.answers[key] = value;
    const given = clear ? [] : [value].flat();
    const buttons = [...row.querySelectorAll("[data-option]")];
    for (const button of buttons) button.setAttribute("aria-pressed", String(given.includes(button.dataset.option)));
    row.querySelector("[data-option-na]").setAttribute("aria-pressed", String(!clear && value === null));
    const number = row.querySelector("[data-number-answer]");
    if (number && !clear && value !== null) number.value = value;
    const chosen = buttons.filter((button) => given.includes(button.dataset.option));
    const place = row.querySelector("[data-given]");
    const grey = document.createElement("span");
    grey.className = "ink3";
    grey.textContent = place.dataset.none;
    if (clear) place.replaceChildren(grey);
    else if (value === null) place.replaceChildren(place.dataset.na);
    else if (chosen.length) place.replaceChildren(...chosen.flatMap((button) => this.chip(button)));
    else { const b = document.createElement("b"); b.textContent = String(value); place.replaceChildren(b); }
    const best = chosen.length ? chosen.every((button) => button.dataset.best === "yes") : !buttons.length;
    row.querySelector("[data-tone]").dataset.tone = clear ? "" : value === null ? "na" : best ? "good" : "warn";
  }

  chip(button) {
    const cap = document.createElement("kbd");
    cap.textContent = button.dataset.cap;
    cap.dataset.hint = button.dataset.cap;
    const label = document.createElement("b");
    label.textContent = button.querySelector("span").textContent;
    return [cap, " ", label];
  }

  next(row) {
    const shown = this.shown();
    const open = (one) => !(one.dataset.question in this.answers);
    const after = shown.slice(shown.indexOf(row) + 1).find(open) || shown.find(open);
    if (after) this.activate(after.dataset.question);
    else this.activate(row.dataset.question);
  }

  move(step) {
    const shown = this.shown();
    const to = shown[Math.min(Math.max(shown.indexOf(this.active) + step, 0), shown.length - 1)];
    if (to) this.activate(to.dataset.question);
  }

  activate(key) {
    const row = this.row(key);
    if (!row) return;
    this.active.classList.remove("is-active");
    row.classList.add("is-active");
    this.active.querySelector("[data-open-question]").setAttribute("aria-expanded", "false");
    row.querySelector("[data-open-question]").setAttribute("aria-expanded", "true");
    this.active = row;
    this.focus();
    this.moved();
  }

  // Focus goes to the answer given, or the first; the page scrolls only when the question is out of sight.
  focus() {
    const target = this.active.querySelector("[data-number-answer]") || this.active.querySelector('.answer[aria-pressed="true"]') || this.active.querySelector(".answer");
    target?.focus({ preventScroll: true });
    this.active.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  missing() {
    const row = this.shown().find((one) => !(one.dataset.question in this.answers));
    return row ? { key: row.dataset.question, number: row.dataset.number } : null;
  }

  // The server's word on the score, and on which questions are asked at all.
  standing(told) {
    // Written only where it differs: what doesn't change isn't read out again.
    const write = (place, text) => { if (place && place.textContent !== text) place.textContent = text; };
    write(document.querySelector("[data-score]"), told.score);
    write(document.querySelector("[data-reach]"), told.reach);
    const words = document.querySelector("[data-words]");
    if (words) { words.dataset.tone = told.tone; write(words.querySelector("[data-text]"), told.words); }
    const scores = new Map(told.sections);
    for (const place of this.page.querySelectorAll("[data-section]")) {
      const score = scores.get(place.dataset.section);
      place.classList.toggle("ink3", score === undefined);
      place.textContent = score ?? place.dataset.none;
    }
    for (const row of this.rows) row.hidden = !told.visible.includes(row.dataset.question);
    this.known = { ...told.answers };
    if (this.active.hidden) this.next(this.active);
    const count = document.querySelector("[data-count]");
    if (count) count.textContent = count.dataset.pattern.replace("{n}", told.answered).replace("{all}", told.asked);
  }

  hints(keybar) {
    const options = this.active.querySelectorAll("[data-option]").length;
    const cap = keybar.querySelector("[data-last-cap]");
    cap.dataset.hint = cap.textContent = String(Math.min(Math.max(options, 1), 9));
    const label = keybar.querySelector("[data-answers-label]");
    label.textContent = label.dataset.answersLabel.replace("{n}", this.active.dataset.number);
  }

  unchanged(key, theirs) { return JSON.stringify(this.known[key]) === JSON.stringify(theirs[key]) && (key in this.known) === (key in theirs); }

  // An answer in words, and a question with both sides of it.
  words(key, value, has) {
    const list = this.page.querySelector("[data-conflict-rows]");
    if (!has) return list.dataset.none;
    if (value === null) return list.dataset.na;
    return [value].flat().map((one) => this.row(key).querySelector(`[data-option="${CSS.escape(String(one))}"] span`)?.textContent ?? String(one)).join(", ");
  }

  both({ question, answer, clear }, theirs) {
    const row = this.row(question);
    const there = this.words(question, theirs[question], question in theirs);
    return [`${row.dataset.number} ${row.querySelector(".short").textContent}`, there, this.words(question, answer, !clear)];
  }

  // What differs, as [name, there, here]; nothing is lost before one side is chosen.
  conflict(differ, keep, take) {
    const box = this.page.querySelector("[data-conflict]");
    const list = box.querySelector("[data-conflict-rows]");
    list.replaceChildren(...differ.map(([name, there, here]) => {
      const item = document.createElement("li");
      item.textContent = `${name}: ${list.dataset.theirs} ${there}, ${list.dataset.mine} ${here}`;
      return item;
    }));
    const choose = (call) => () => { box.hidden = true; call(); this.focus(); };
    box.querySelector("[data-keep]").onclick = choose(keep);
    box.querySelector("[data-theirs]").onclick = choose(take);
    box.hidden = false;
  }

  take(theirs, mine) {
    for (const row of this.rows) {
      const key = row.dataset.question;
      this.show(key, theirs[key], !(key in theirs));
    }
    for (const one of mine) this.show(one.question, one.answer, one.clear);
  }
}
