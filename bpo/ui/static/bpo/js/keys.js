// Single keys: any element with data-key="r" is clicked by R (data-key-do="focus" focuses it). They act only outside
// text fields and dialogs, and each person can turn them off or choose others (WCAG 2.1.4). `?` opens the map.
const map = document.getElementById("keymap");
const KEPT = "bpo.keys";
const read = () => { try { return JSON.parse(localStorage.getItem(KEPT) || "{}"); } catch { return {}; } };
const write = (kept) => { try { localStorage.setItem(KEPT, JSON.stringify(kept)); } catch { /* lasts for the page */ } };

const isText = (element) => element.isContentEditable
  || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=range])");
const usable = (element) => !element.disabled && element.getAttribute("aria-disabled") !== "true" && element.getClientRects().length > 0;
const keyOf = (element, kept) => (kept.map?.[element.dataset.key] || element.dataset.key).toLowerCase();
const labelOf = (element) => element.dataset.keyLabel || element.getAttribute("aria-label") || element.textContent.trim();
const find = (pressed) => {
  const kept = read();
  return [...document.querySelectorAll("[data-key]")].find((element) => keyOf(element, kept) === pressed && usable(element));
};

const cell = (tag, ...content) => { const made = document.createElement(tag); made.append(...content); return made; };
const row = (element, kept) => {
  const change = cell("button", map.dataset.change);
  change.type = "button";
  change.className = "link";
  change.dataset.changeKey = element.dataset.key;
  const pressed = keyOf(element, kept);
  const cap = cell("kbd", pressed === " " ? map.dataset.space : pressed.toUpperCase());
  const name = cell("th", labelOf(element));
  name.scope = "row";
  const at = cell("td", cap);
  at.className = "n";
  const last = cell("td", change);
  last.className = "shrink";
  return cell("tr", name, at, last);
};
const draw = () => {
  const kept = read();
  const seen = new Set();
  const rows = [...document.querySelectorAll("[data-key]")].filter((element) => {
    if (seen.has(element.dataset.key) || !usable(element)) return false;
    return seen.add(element.dataset.key);
  });
  map.querySelector("[data-key-rows]").replaceChildren(...rows.map((element) => row(element, kept)));
  map.querySelector("[data-keys-on]").checked = !kept.off;
};
const status = (text) => { map.querySelector("[data-key-status]").textContent = text; };

const rename = (given) => {
  status(map.dataset.press);
  const take = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.key === "Escape") { status(""); map.removeEventListener("keydown", take, true); return; }
    if (event.key.length !== 1 || event.key === " ") return;
    const pressed = event.key.toLowerCase();
    const kept = read();
    const taken = [...document.querySelectorAll("[data-key]")].some((element) => element.dataset.key !== given && keyOf(element, kept) === pressed);
    if (taken || pressed === "?") { status(map.dataset.taken); return; }
    write({ ...kept, map: { ...kept.map, [given]: pressed } });
    map.removeEventListener("keydown", take, true);
    status("");
    draw();
    map.querySelector(`[data-change-key="${CSS.escape(given)}"]`)?.focus();
  };
  map.addEventListener("keydown", take, true);
};

if (map) {
  const show = () => { draw(); status(""); map.showModal(); };
  map.addEventListener("click", (event) => {
    if (event.target === map || event.target.closest("[data-close]")) map.close();
    const change = event.target.closest("[data-change-key]");
    if (change) rename(change.dataset.changeKey);
    if (event.target.closest("[data-keys-reset]")) { write({}); draw(); }
  });
  map.querySelector("[data-keys-on]").addEventListener("change", (event) => write({ ...read(), off: !event.target.checked }));
  document.addEventListener("click", (event) => { if (event.target.closest("[data-open-keys]")) show(); });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    if (isText(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") { event.preventDefault(); show(); return; }
    if (read().off) return;
    const element = find(event.key.toLowerCase());
    if (!element) return;
    event.preventDefault();
    if (element.dataset.keyDo === "focus" || isText(element)) element.focus();
    else element.click();
  });
}
