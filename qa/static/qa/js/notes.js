// Notes at a moment, bound to the active question. The text is kept in this browser with every key that is typed, and with
// the other changes once it is saved.
import { forget, headers, keep, kept } from "./outbox.js";
import { clock } from "./player.js";

const BEFORE = 3000; // a remark comes after what it is about

export class Notes {
  constructor(page, { player, form, given, prefix, changed, moved, snippets }) {
    Object.assign(this, { page, player, form, changed, moved, snippets, editor: null, versions: { ...given.notes } });
    this.prefix = `${prefix}note.`;
    page.addEventListener("click", (event) => {
      const draft = event.target.closest("[data-edit-note]")?.closest("[data-note-id]");
      if (draft) this.edit(draft);
    });
  }

  get open() { return this.editor !== null; }

  // A text that was being typed when the page was lost.
  resume() {
    const found = kept(this.prefix).at(-1)?.value;
    if (!found) return;
    const draft = this.page.querySelector(`[data-note-id="${CSS.escape(found.id)}"]`);
    if (draft && draft.querySelector("[data-note-text]").textContent === found.text) { forget(this.prefix + found.id); return; }
    this.show(found, draft);
  }

  begin() {
    if (this.open) { this.editor.querySelector("textarea").focus(); return; }
    const at = this.player.box || this.player.line ? Math.max(Math.round(this.player.at) - (this.player.audio && this.player.at ? BEFORE : 0), 0) : null;
    this.show({ id: uuid(), at, text: "", question: this.form.active.dataset.question, visibility: "agent" });
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
    const home = this.page.querySelector(`[data-notes-of="${CSS.escape(note.question)}"]`);
    draft ? draft.replaceWith(editor) : home.append(editor);
    Object.assign(this, { editor, note, draft, clip: note.clip || null });
    this.wire(editor, text);
    this.showClip();
    if (note.question) this.form.activate(note.question);
    text.focus();
    editor.scrollIntoView({ block: "nearest", behavior: "instant" });
    this.moved();
  }

  wire(editor, text) {
    const on = (name, call) => editor.querySelector(name).addEventListener("click", call);
    editor.addEventListener("keydown", (event) => this.key(event));
    editor.addEventListener("input", (event) => { if (event.target === text) this.keepTyped(); });
    editor.addEventListener("change", (event) => { if (event.target.matches("[data-editor-visibility]")) this.keepTyped(); });
    on("[data-editor-save]", () => this.save());
    on("[data-editor-leave]", () => this.close());
    on("[data-editor-remove]", () => this.remove());
    on("[data-editor-clip]", () => this.takeClip());
    for (const field of editor.querySelectorAll("[data-snippet]")) {
      field.value = this.snippets.texts[field.dataset.snippet] || "";
      field.addEventListener("change", () => this.keepSnippet(field));
    }
  }

  key(event) {
    const sentence = event.altKey && !event.ctrlKey && /^Digit[1-9]$/.test(event.code) ? event.code.at(-1) : "";
    if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); this.save(); }
    else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.close(); }
    else if (sentence) { event.preventDefault(); this.insert(sentence); }
    else if (event.altKey && event.code === "KeyE") { event.preventDefault(); this.takeClip(); }
  }

  keepTyped() {
    const text = this.editor.querySelector("[data-editor-text]").value;
    const visibility = this.editor.querySelector("[data-editor-visibility]").value;
    keep(this.prefix + this.note.id, { ...this.note, text, visibility, clip: this.clip });
  }

  // A key without a sentence opens the place where it gets one.
  insert(place) {
    const sentence = this.snippets.texts[place];
    if (!sentence) {
      this.editor.querySelector("[data-snippets]").open = true;
      this.editor.querySelector(`[data-snippet="${place}"]`).focus();
      return;
    }
    const text = this.editor.querySelector("[data-editor-text]");
    const before = text.value.slice(0, text.selectionStart);
    text.focus();
    text.setRangeText((before && !/\s$/.test(before) ? " " : "") + sentence, text.selectionStart, text.selectionEnd, "end");
    this.keepTyped();
  }

  async keepSnippet(field) {
    const place = field.dataset.snippet;
    const answer = await fetch(`${this.snippets.address}${place}/`, { method: "PUT", redirect: "manual", headers: headers(), body: JSON.stringify({ text: field.value }) }).catch(() => null);
    if (answer?.ok) this.snippets.texts[place] = field.value.trim();
    else this.snippets.failed();
  }

  takeClip() {
    this.clip = this.clip ? null : this.evidence.stretch();
    this.showClip();
    this.keepTyped();
  }

  showClip() {
    const place = this.editor.querySelector("[data-editor-clip-text]");
    place.textContent = this.clip ? `${clock(this.clip.start_ms)}–${clock(this.clip.end_ms)}` : "";
    this.editor.querySelector("[data-editor-clip]").setAttribute("aria-pressed", String(Boolean(this.clip)));
  }

  save() {
    const text = this.editor.querySelector("[data-editor-text]").value.trim();
    if (!text) { this.close(); return; }
    const { id, at, question } = this.note;
    const visibility = this.editor.querySelector("[data-editor-visibility]").value;
    const who = this.editor.querySelector("[data-editor-visibility]").selectedOptions[0].textContent;
    const version = this.versions[id] ?? 0;
    this.changed({ note: id, text, at_ms: at, question, visibility, version });
    this.versions[id] = version + 1;
    forget(this.prefix + id);
    this.editor.replaceWith(this.drawn(id, at, text, visibility, who));
    this.player.mark(id, at);
    const { clip } = this;
    this.done(question);
    if (clip) this.evidence.add({ evidence: uuid(), question: "", note_id: id, ...clip });
    else this.evidence.draw();
  }

  saveOpen() { if (this.open) this.save(); }

  remove() {
    const { id, question } = this.note;
    this.changed({ note: id, text: null });
    delete this.versions[id];
    forget(this.prefix + id);
    this.player.mark(id, null);
    this.editor.remove();
    this.evidence.forgetNote(id);
    this.done(question);
  }

  close() {
    forget(this.prefix + this.note.id);
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

  // A note as it stands elsewhere, or as it waits in this browser, put into its place.
  put({ note: id, text, at_ms: at, question, visibility, version }) {
    const old = this.page.querySelector(`[data-note-id="${CSS.escape(id)}"]`);
    const select = this.page.querySelector("[data-editor-template]").content.querySelector("[data-editor-visibility]");
    const who = [...select.options].find((option) => option.value === visibility)?.textContent ?? "";
    const home = this.page.querySelector(`[data-notes-of="${CSS.escape(question)}"]`);
    old?.remove();
    if (text === null || !home) return;
    home.append(this.drawn(id, at, text, visibility, who));
    this.player.mark(id, at);
    if (version !== undefined) this.versions[id] = version;
    this.form.row(question)?.querySelector("[data-has-note]").removeAttribute("hidden");
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
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
