// Changes on their way to the server. Each is written to localStorage before it is sent, sent in order, one at a time,
// and forgotten only when the server has it. A page opened again goes on where the last one stopped.
const RETRY = 3000;
const read = (key) => { try { return JSON.parse(localStorage.getItem(key) || "[]"); } catch { return []; } };
const write = (key, waiting) => {
  try { waiting.length ? localStorage.setItem(key, JSON.stringify(waiting)) : localStorage.removeItem(key); } catch { /* lasts for the page */ }
};

export const headers = () => ({ "Content-Type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers") || "{}") });

// `url(change)` gives {method, address, body}; `on` is told: sent(change, answer), refused(change, status, answer), count(n).
export class Outbox {
  constructor(name, url, on) {
    this.key = `bpo.review.${name}`;
    this.url = url;
    this.on = on;
    this.waiting = read(this.key);
    this.busy = false;
    this.held = false;
    window.addEventListener("online", () => this.send());
  }

  add(change) {
    this.waiting.push(change);
    this.keep();
    this.send();
  }

  keep() {
    write(this.key, this.waiting);
    this.on.count(this.waiting.length);
    document.dispatchEvent(new CustomEvent("bpo:unsent", { detail: { count: navigator.onLine ? 0 : this.waiting.length } }));
  }

  replace(waiting) {
    this.waiting = waiting;
    this.held = false;
    this.keep();
    this.send();
  }

  async send() {
    if (this.busy || this.held || !this.waiting.length) return;
    this.busy = true;
    const change = this.waiting[0];
    try {
      const { method, address, body } = this.url(change);
      const answer = await fetch(address, { method, headers: headers(), body: JSON.stringify(body), keepalive: true });
      const told = await answer.json().catch(() => ({}));
      if (answer.ok) this.done(change, told);
      else if (answer.status >= 500) this.later();
      else this.on.refused(change, answer.status, told);
    } catch {
      this.later();
    }
    this.busy = false;
    if (this.waiting.length && !this.retry && !this.held) this.send();
    if (!this.waiting.length) this.emptied?.();
  }

  done(change, told) {
    if (this.waiting[0] === change) this.waiting.shift();
    this.keep();
    this.on.sent(change, told);
  }

  drop(change) {
    this.waiting = this.waiting.filter((one) => one !== change);
    this.keep();
  }

  later() {
    this.on.count(this.waiting.length);
    this.retry ||= setTimeout(() => { this.retry = 0; this.send(); }, RETRY);
  }

  empty() {
    if (!this.waiting.length) return Promise.resolve();
    return new Promise((resolve) => { this.emptied = () => { this.emptied = null; resolve(); }; });
  }
}
