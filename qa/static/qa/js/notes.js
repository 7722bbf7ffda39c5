// Notes at a moment, bound to the active question. The text is kept with the other changes before it is sent.
import { clock } from "./player.js";

const BEFORE = 3000; // a remark comes after what it is about

export class Notes {
  constructor(page, player, form, changed, moved) {
    Object.assign(this, { page, player, form, changed, moved, editor: null });
    page.addEventListener("click", (event) => {
      const draft = event.target.closest("[data-edit-note]")?.closest("[data-note-id]");
      if (draft) this.edit(draft);
    });
  }

  get open() { return this.editor !== null; }

  begin() {
    if (this.open) { this.editor.querySelector("textarea").focus(); return; }
    const at = this.player.box || this.player.line ? Math.max(Math.round(this.player.at) - (this.player.audio && this.player.at ? BEFORE : 0), 0) : null;
    this.show({ id: crypto.randomUUID?.() ?? uuid(), at, text: "", question: this.form.active.dataset.question, visibility: "agent" });
  }

  edit(draft) {
    if (this.open) return;
    const at = draft.dataset.at === "" ? null : Number(draft.dataset.at);
    const question = draft.closest("[data-notes-of]").dataset.notesOf;
    this.show({ id: draft.dataset.noteId, at, text: draft.querySelector("[data-note-text]").textContent, question, visibility: draft.dataset.visibility }, draft);
  }

  show(note, draft = null) {
    const editor = this.page.querySelector("[data-editor-template]").content.firstElementChild.cloneNode(true);
    const words = this.page.querySelector("[data-note-template]").content.querySelector("[data-note-at]").dataset;
    editor.querySelector("[data-editor-at]").textContent = note.at === null ? words.without : `${words.with} ${clock(note.at)}`;
    const text = editor.querySelector("[data-editor-text]");
    text.value = note.text;
    editor.querySelector("[data-editor-visibility]").value = note.visibility;
    editor.querySelector("[data-editor-remove]").hidden = !draft;
    editor.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); this.save(); }
      if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.close(); }
    });
    editor.querySelector("[data-editor-save]").addEventListener("click", () => this.save());
    editor.querySelector("[data-editor-leave]").addEventListener("click", () => this.close());
    editor.querySelector("[data-editor-remove]").addEventListener("click", () => this.remove());
    const home = this.page.querySelector(`[data-notes-of="${CSS.escape(note.question)}"]`);
    draft ? draft.replaceWith(editor) : home.append(editor);
    Object.assign(this, { editor, note, draft });
    text.focus();
    editor.scrollIntoView({ block: "nearest", behavior: "instant" });
    this.moved();
  }

  save() {
    const text = this.editor.querySelector("[data-editor-text]").value.trim();
    if (!text) { this.close(); return; }
    const { id, at, question } = this.note;
    const visibility = this.editor.querySelector("[data-editor-visibility]").value;
    this.changed({ note: id, text, at_ms: at, question, visibility });
    const who = this.editor.querySelector("[data-editor-visibility]").selectedOptions[0].textContent;
    this.editor.replaceWith(this.drawn(id, at, text, visibility, who));
    this.player.mark(id, at);
    this.done(question);
  }

  saveOpen() { if (this.open) this.save(); }

  remove() {
    this.changed({ note: this.note.id, text: null });
    this.player.mark(this.note.id, null);
    this.editor.remove();
    this.done(this.note.question);
  }

  close() {
    this.draft ? this.editor.replaceWith(this.draft) : this.editor.remove();
    this.done(this.note.question);
  }

  done(question) {
    this.editor = null;
    const row = this.form.row(question);
    if (row) row.querySelector("[data-has-note]").hidden = !row.querySelector("[data-note-id]");
    this.form.focus();
    this.moved();
  }

  drawn(id, at, text, visibility, who) {
    const made = this.page.querySelector("[data-note-template]").content.firstElementChild.cloneNode(true);
    Object.assign(made.dataset, { noteId: id, at: at ?? "", visibility });
    const place = made.querySelector("[data-note-at]");
    place.textContent = at === null ? place.dataset.without : `${place.dataset.with} ${clock(at)}`;
    made.querySelector("[data-note-who]").textContent = who;
    made.querySelector("[data-note-text]").textContent = text;
    return made;
  }
}

// randomUUID exists only on secure origins; a client's plain-http demo host is none.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
