// Changes on their way to the server. Each is in localStorage under a key of its own before its key handler returns, is
// sent in order, one at a time, and forgotten only when the server has it. A page opened again goes on where the last one
// stopped; two windows never overwrite each other's. Keys name the person: nobody else's are read or sent.
const RETRY = 2000;
const PATIENCE = 15_000;
const tab = Math.random().toString(36).slice(2, 8);
let counted = 0;

export const keptBy = (person, evaluation) => `bpo.review.${person}.${evaluation}.`;
export const keep = (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } };
export const forget = (key) => { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } };
export const kept = (prefix) => {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix)).sort()
      .map((key) => ({ key, value: JSON.parse(localStorage.getItem(key)) })).filter(({ value }) => value);
  } catch { return []; }
};
export const headers = () => ({ "Content-Type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers") || "{}") });

// `url(change)` gives {method, address, body}; `on` is told: sent(change, answer), refused(change, status, answer),
// signedOut(), count(n, whether all of them are safe in this browser).
export class Outbox {
  constructor(prefix, evaluation, url, on) {
    Object.assign(this, { prefix: `${prefix}change.`, evaluation, url, on, busy: false, held: false, safe: true, ended: false });
    this.items = kept(this.prefix).map(({ key, value }) => ({ key, change: value }));
    this.online = () => this.send();
    window.addEventListener("online", this.online);
  }

  get waiting() { return this.items.map((item) => item.change); }

  add(change) {
    this.put(change);
    this.told();
    this.send();
  }

  put(change) {
    counted += 1;
    const key = `${this.prefix}${Date.now()}.${String(counted).padStart(6, "0")}.${tab}`;
    this.safe = keep(key, change) && this.safe;
    this.items.push({ key, change });
  }

  // A change that was altered on its way.
  again(change) {
    const item = this.items.find((one) => one.change === change);
    if (item) keep(item.key, change);
  }

  told() {
    this.on.count(this.items.length, this.safe);
    document.dispatchEvent(new CustomEvent("bpo:unsent", { detail: { count: navigator.onLine ? 0 : this.items.length } }));
  }

  // The new ones are kept before the old ones are forgotten.
  replace(changes) {
    const old = this.items;
    this.items = [];
    for (const change of changes) this.put(change);
    for (const item of old) forget(item.key);
    this.go();
  }

  go() {
    this.held = false;
    this.told();
    this.send();
    if (!this.items.length) this.settle(true);
  }

  async send() {
    if (this.busy || this.held || this.ended || !this.items.length) return;
    this.busy = true;
    const { change } = this.items[0];
    try {
      const { method, address, body } = this.url(change);
      const answer = await fetch(address, {
        method, body: JSON.stringify(body), keepalive: true, redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
        headers: { ...headers(), "X-Evaluation": this.evaluation },
      });
      if (this.ended) return;
      const told = await answer.json().catch(() => null);
      if (answer.type === "opaqueredirect" || answer.status === 401) { this.held = true; this.on.signedOut(); }
      else if (answer.ok && told) this.done(change, told);
      else if (answer.ok || answer.status >= 500 || answer.status === 429) this.later();
      else this.on.refused(change, answer.status, told || {});
    } catch {
      this.later();
    }
    this.busy = false;
    if (this.held) this.settle(false);
    else if (this.items.length && !this.retry) this.send();
    else if (!this.items.length) this.settle(true);
  }

  done(change, told) {
    this.drop(change);
    this.on.sent(change, told);
  }

  drop(change) {
    for (const item of this.items) if (item.change === change) forget(item.key);
    this.items = this.items.filter((item) => item.change !== change);
    this.told();
  }

  later() {
    if (this.ended) return;
    this.on.count(this.items.length, this.safe);
    this.retry ||= setTimeout(() => { this.retry = 0; this.send(); }, RETRY);
  }

  // True once everything is sent, false where something is in the way.
  empty() {
    if (!this.items.length) return Promise.resolve(true);
    if (this.held) return Promise.resolve(false);
    return new Promise((resolve) => { this.waits = resolve; });
  }

  settle(all) { this.waits?.(all); this.waits = null; }

  end() {
    this.ended = true;
    clearTimeout(this.retry);
    window.removeEventListener("online", this.online);
    this.settle(false);
  }
}
