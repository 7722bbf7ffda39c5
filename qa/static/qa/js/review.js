// The Focus Queue: one question large, one key an answer, everything saved as it is given. The next review takes the place
// of this one without a page being loaded; `bpo:review` says that there is another.
import { Ahead } from "./ahead.js";
import { Evidence } from "./evidence.js";
import { Form } from "./form.js";
import { Notes } from "./notes.js";
import { Outbox, headers, keptBy } from "./outbox.js";
import { Player } from "./player.js";
import { Sense } from "./sense.js";

const BEAT = 60_000;
const LEAST_HEARD = 0.6;
const say = (text, level = "warning", more = {}) => document.dispatchEvent(new CustomEvent("bpo:toast", { detail: { text, level, ...more } }));
const put = (pattern, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), pattern);
const typing = (element) => element.matches?.("textarea, select, input:not([type=checkbox])");

class Review {
  constructor() {
    this.page = document.querySelector("main.review");
    this.given = JSON.parse(document.getElementById("review-state").textContent);
    this.urls = JSON.parse(document.getElementById("review-urls").textContent);
    this.words = document.querySelector("[data-words-for-script]").dataset;
    this.keybar = document.querySelector(".review-keys");
    this.seq = this.given.seq;
    this.sending = false;
    this.warned = false;
    const prefix = keptBy(this.given.person, this.given.evaluation);
    const where = () => this.where();
    const changed = (change) => this.outbox.add(change);
    this.player = new Player(this.page);
    this.sense = new Sense(this.given, this.player);
    this.form = new Form(this.page, this.given, (...answer) => this.answer(...answer), where);
    this.outbox = new Outbox(prefix, this.given.evaluation, (change) => this.request(change), {
      sent: (...all) => this.sent(...all), refused: (...all) => this.refused(...all),
      signedOut: () => this.lost(this.words.signedOut), count: (...all) => this.count(...all),
    });
    this.evidence = new Evidence(this.page, this.player, this.form, this.given, changed, say);
    const snippets = { texts: this.given.snippets, address: this.urls.snippets, failed: () => say(this.words.noSnippet, "error") };
    this.notes = new Notes(this.page, { player: this.player, form: this.form, given: this.given, prefix, changed, moved: where, snippets });
    this.notes.evidence = this.evidence;
    this.ahead = new Ahead(this.urls.ahead);
    this.wire();
    this.begin();
  }

  wire() {
    const on = (name, call) => document.querySelector(name).addEventListener("click", call);
    on("[data-submit]", () => this.submit());
    on("[data-note]", () => this.notes.begin());
    on("[data-evidence-key]", () => this.evidence.attach());
    on("[data-marker]", () => this.evidence.mark());
    on("[data-marker-back]", () => this.evidence.step(-1));
    on("[data-marker-next]", () => this.evidence.step(1));
    on("[data-undo]", () => this.undo());
    on("[data-zero]", () => this.na());
    on("[data-pass]", () => { if (!this.form.pass()) say(this.words.nothingToPass, "info"); });
    this.beat = setInterval(() => this.live(), BEAT);
  }

  begin() {
    const waiting = this.outbox.waiting;
    for (const change of waiting) {
      if (change.note) this.notes.put(change);
      else if ("question" in change && !change.evidence) { this.form.show(change.question, change.answer, change.clear); this.seq = Math.max(this.seq, change.seq); }
    }
    this.count(this.outbox.items.length, true);
    this.form.standing(this.given);
    this.where();
    this.outbox.send();
    this.form.focus();
    this.notes.resume();
    (window.requestIdleCallback || setTimeout)(() => this.ahead.look(), { timeout: 400 });
  }

  end() {
    clearInterval(this.beat);
    for (const part of [this.sense, this.player, this.outbox]) part.end();
  }

  // --- Sending --------------------------------------------------------------------------------------
  request(change) {
    if (change.note) return { method: change.text === null ? "DELETE" : "PUT", address: `${this.urls.notes}${change.note}/`, body: change };
    if (change.evidence) return { method: change.gone ? "DELETE" : "PUT", address: `${this.urls.evidence}${change.evidence}/`, body: change };
    if ("marker" in change) return { method: "PUT", address: this.urls.markers, body: { at_ms: change.marker, on: change.on } };
    return { method: "PATCH", address: this.urls.answers, body: { ...change, active: Math.round(this.sense.active), heard: this.sense.share } };
  }

  answer(question, value, clear = false, source = "") {
    this.seq += 1;
    this.warned = false;
    this.outbox.add(clear ? { seq: this.seq, question, clear: true } : { seq: this.seq, question, answer: value, ...(source && { source }) });
  }

  sent(change, told) {
    if (!("seq" in change)) return;
    if (!this.outbox.waiting.some((one) => "seq" in one)) this.form.standing(told);
  }

  refused(change, status, told) {
    if (told.problem === "stale") { this.stale(told); return; }
    if (told.problem === "stale_note") { this.staleNote(change, told.theirs); return; }
    if ([403, 404, 409].includes(status)) { this.lost(told.text || this.words.notTaken); return; }
    this.outbox.drop(change);
    if ("seq" in change) {
      this.seq -= 1;
      for (const one of this.outbox.waiting) if ("seq" in one) { one.seq -= 1; this.outbox.again(one); }
    }
    say(put(this.words.refused, { why: told.text || status }), "error");
  }

  count(waiting, safe) {
    const saved = this.keybar.querySelector("[data-saved]");
    const some = safe ? saved.dataset.waiting : saved.dataset.unsafe;
    const text = waiting ? (navigator.onLine && safe ? saved.dataset.saving : put(some, { n: waiting })) : saved.dataset.done;
    saved.querySelector("[data-saved-text]").textContent = text;
    saved.querySelector("[data-saved-sign]").hidden = waiting > 0;
    saved.classList.toggle("good", waiting === 0);
    this.sense?.saved(waiting === 0);
  }

  lost(text) {
    this.outbox.held = true;
    this.page.querySelector("[data-lost-text]").textContent = text;
    this.page.querySelector("[data-lost]").hidden = false;
  }

  async live() {
    if (!this.sense.awake(BEAT * 5)) return;
    const answered = await fetch(this.urls.beat, { method: "POST", redirect: "manual", headers: headers(), body: "{}" }).catch(() => null);
    if (answered?.status === 409) this.lost((await answered.json()).text);
  }

  // --- Another window saved something: only what differs is asked -----------------------------------
  stale(told) {
    const mine = new Map(this.outbox.waiting.filter((one) => "seq" in one).map((one) => [one.question, one]));
    const other = this.outbox.waiting.filter((one) => !("seq" in one));
    const same = (one) => (one.clear ? !(one.question in told.answers) : JSON.stringify(told.answers[one.question]) === JSON.stringify(one.answer) && one.question in told.answers);
    const open = [...mine.values()].filter((one) => !same(one));
    const differ = open.filter((one) => !this.form.unchanged(one.question, told.answers));
    const fits = open.filter((one) => this.form.unchanged(one.question, told.answers));
    const go = (changes) => {
      this.form.take(told.answers, changes);
      this.seq = told.seq;
      this.form.standing(told);
      this.outbox.replace([...other, ...changes.map((one) => ({ ...one, seq: (this.seq += 1) }))]);
    };
    this.outbox.held = true;
    if (!differ.length) { go(fits); return; }
    this.form.conflict(differ.map((one) => this.form.both(one, told.answers)), () => go([...fits, ...differ]), () => go(fits));
  }

  staleNote(change, theirs) {
    this.outbox.held = true;
    const keep = () => { change.version = theirs.version; this.notes.versions[change.note] = theirs.version + 1; this.outbox.again(change); this.outbox.go(); };
    const take = () => { this.outbox.drop(change); this.notes.put(theirs); this.evidence.draw(); this.outbox.go(); };
    this.form.conflict([[this.words.noteName, `“${theirs.text}”`, `“${change.text}”`]], keep, take);
  }

  // --- Keys ------------------------------------------------------------------------------------------
  where() {
    const writing = this.notes.open;
    for (const hint of this.keybar.querySelectorAll("[data-when]")) hint.hidden = (hint.dataset.when === "writing") !== writing;
    this.form.hints(this.keybar);
    document.dispatchEvent(new CustomEvent("bpo:hints"));
  }

  key(event) {
    if (event.ctrlKey && this.player.audio) {
      const jump = { j: -5, l: 5 }[event.key.toLowerCase()];
      if (event.key === " ") { event.preventDefault(); this.player.toggle(); return; }
      if (jump && typing(event.target)) { event.preventDefault(); this.player.jump(jump); return; }
    }
    if (event.key === "Enter" && event.shiftKey && !event.ctrlKey) { event.preventDefault(); this.submit(); return; }
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); this.form.move(event.key === "ArrowDown" ? 1 : -1); }
    else if (event.key === "Enter" && this.form.confirm()) event.preventDefault();
  }

  na() {
    if (this.form.active.dataset.naOk !== "yes") say(this.words.notAllowed, "info");
    else this.form.na();
  }

  // The last answer here, or the submission before it.
  undo() {
    if (this.form.past.length) this.form.undo();
    else document.querySelector("#toasts form button")?.click();
  }

  // --- Submitting -------------------------------------------------------------------------------------
  unheard() {
    const critical = this.form.shown().some((row) => row.dataset.critical === "yes" && row.dataset.question in this.form.answers && this.form.answers[row.dataset.question] !== null);
    return this.player.audio && critical && this.sense.share < LEAST_HEARD;
  }

  async submit() {
    if (this.sending) return;
    const open = this.form.missing();
    if (open) { this.form.activate(open.key); say(put(this.words.unfinished, { n: open.number })); return; }
    if (this.unheard() && !this.warned) {
      this.warned = true;
      const box = this.page.querySelector("[data-unheard-box]");
      box.querySelector("[data-unheard-text]").textContent = put(this.words.unheard, { n: Math.round(this.sense.share * 100) });
      box.hidden = false;
      box.scrollIntoView({ block: "nearest", behavior: "instant" });
      return;
    }
    this.sending = true;
    this.notes.saveOpen();
    if (this.outbox.items.length && !navigator.onLine) say(this.words.submitWaits, "info");
    if (await this.outbox.empty()) await this.send();
    this.sending = false;
  }

  async send() {
    const answered = await fetch(this.urls.submit, { method: "POST", redirect: "manual", headers: { ...headers(), "X-Evaluation": this.given.evaluation }, body: JSON.stringify({ seq: this.seq, shows: true }) }).catch(() => null);
    const told = answered ? await answered.json().catch(() => ({})) : {};
    if (answered?.ok) { await this.goOn(told); return; }
    if (told.problem === "stale") this.stale(told);
    else if (told.question) this.form.activate(told.question);
    say(told.text ? put(this.words.refused, { why: told.text }) : document.getElementById("toasts").dataset.unsent, "error");
  }

  async goOn(told) {
    if (!told.evaluation || !await this.ahead.show(told)) { location.assign(told.next); return; }
    this.end();
    begin();
    say(told.said, "success", { undo: told.undo, leads: true });
  }
}

let here = null;
const begin = () => {
  here = new Review();
  window.htmx?.process(document.querySelector("main.review"));
  document.dispatchEvent(new CustomEvent("bpo:review"));
};
document.addEventListener("keydown", (event) => { if (!event.defaultPrevented && !document.querySelector("dialog[open]")) here.key(event); });
window.addEventListener("bpo:leaving", () => here.outbox.end());
begin();
