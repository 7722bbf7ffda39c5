// The form to try: the queue's own component, and the score that the server gives for what is answered.
import { Form } from "./form.js";

export class Preview {
  constructor(place, state, ask) {
    this.place = place;
    this.ask = ask;
    this.answers = {};
    this.begin(state.try);
  }

  begin(given) {
    this.form = null;
    this.answers = { ...given?.answers };
    if (!given || !this.place.querySelector("[data-question]")) return;
    this.form = new Form(this.place, given, () => this.changed(), () => {});
    this.form.standing(given);
  }

  // Drawn anew after each edit; the cursor stays where it is.
  replace(html, given) {
    const inside = this.place.contains(document.activeElement);
    const key = inside && this.form ? this.form.active.dataset.question : "";
    this.place.innerHTML = html;
    this.begin(given);
    if (key && this.form) this.form.activate(key);
  }

  async changed() {
    this.answers = { ...this.form.answers };
    const sent = JSON.stringify(this.answers);
    const answered = await this.ask(this.answers);
    if (!answered?.told.try || sent !== JSON.stringify(this.answers)) return; // something newer is on its way
    this.form.standing(answered.told.try);
    this.place.querySelector("[data-full]").textContent = answered.told.full.score;
    const tag = this.place.querySelector("[data-full-tag]");
    tag.textContent = answered.told.full.label;
    tag.className = `tag tag-${answered.told.full.tone}`;
  }

  clear() { this.answers = {}; }
  focus() { this.form?.focus(); }
  move(step) { this.form?.move(step); }
  na() { this.form?.na(); }
  confirm() { return this.form?.confirm() ?? false; }
}
