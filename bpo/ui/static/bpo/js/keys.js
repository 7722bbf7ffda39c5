// Single keys: any element with data-key="r" is clicked by R, "shift+p" by Shift and P, "g q" by G and then Q
// (data-key-do="focus" focuses it). They act only outside text fields and dialogs, and each person can turn them off or
// choose others (WCAG 2.1.4), which is kept with their sign-in. `?` opens the map; [data-hint="r"] shows the key there is.
// data-key-also="enter" also takes Enter where nothing has the focus.
const map = document.getElementById("keymap");
const MOMENT = 2000; // between two keys in turn
let kept = { off: false, map: {} };
try { kept = { ...kept, ...JSON.parse(map?.dataset.kept || "{}") }; } catch { /* the given keys */ }
let prefix = "";
let timer = 0;

const isText = (element) => element.isContentEditable
  || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=range])");
const usable = (element) => !element.disabled && element.getAttribute("aria-disabled") !== "true" && element.getClientRects().length > 0;
const labelOf = (element) => element.dataset.keyLabel || element.getAttribute("aria-label") || element.textContent.trim();
const also = (name) => [...document.querySelectorAll(`[data-key-also="${name}"]`)].find(usable);

// The key that is in force for a given one; the second of two in turn follows the first when that is changed.
const inForce = (given) => {
  const chosen = kept.map[given] || given;
  if (given.length !== 3 || given[1] !== " ") return chosen;
  return `${kept.map[given[0]] || given[0]} ${chosen.at(-1)}`;
};
const cap = (key) => {
  if (key === " ") return map.dataset.space;
  if (key.startsWith("shift+")) return `${map.dataset.shift} ${key.at(-1).toUpperCase()}`;
  return key.toUpperCase();
};
const pressedKey = (event) => {
  const key = event.key.toLowerCase();
  return event.shiftKey && key !== event.key.toUpperCase() ? `shift+${key}` : key;
};
const all = () => [...document.querySelectorAll("[data-key]")];
const find = (pressed) => all().find((element) => inForce(element.dataset.key) === pressed && usable(element));
const prefixes = () => new Set(all().filter((element) => element.dataset.key.length === 3 && element.dataset.key[1] === " ").map((element) => element.dataset.key[0]));

// --- What is shown of them --------------------------------------------------------------------------
const hint = () => {
  document.documentElement.classList.toggle("keys-off", kept.off);
  for (const place of document.querySelectorAll("kbd[data-hint]")) if (place.dataset.hint) place.textContent = cap(inForce(place.dataset.hint));
  for (const element of all()) {
    const place = element.querySelector("kbd:not([data-hint])");
    if (place && element.dataset.key.length === 1) place.textContent = cap(inForce(element.dataset.key));
  }
};
const cell = (tag, ...content) => { const made = document.createElement(tag); made.append(...content); return made; };
const row = (given, label) => {
  const change = cell("button", map.dataset.change);
  change.type = "button";
  change.className = "link";
  change.dataset.changeKey = given;
  change.setAttribute("aria-label", `${map.dataset.change}: ${label}`);
  const name = cell("th", label);
  name.scope = "row";
  const at = cell("td", cell("kbd", cap(inForce(given))));
  at.className = "n";
  const last = cell("td", change);
  last.className = "shrink";
  return cell("tr", name, at, last);
};
const draw = () => {
  const seen = new Map();
  for (const first of prefixes()) seen.set(first, map.dataset.first);
  for (const element of all()) if (!seen.has(element.dataset.key) && usable(element)) seen.set(element.dataset.key, labelOf(element));
  map.querySelector("[data-key-rows]").replaceChildren(...[...seen].map(([given, label]) => row(given, label)));
  map.querySelector("[data-keys-on]").checked = !kept.off;
  hint();
};
const status = (text) => { map.querySelector("[data-key-status]").textContent = text; };

// --- Choosing others ----------------------------------------------------------------------------------
const save = async (next) => {
  kept = next;
  draw();
  status("");
  if (!map.dataset.url) return;
  const headers = { "Content-Type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers") || "{}") };
  const answer = await fetch(map.dataset.url, { method: "PUT", redirect: "manual", headers, body: JSON.stringify(kept) }).catch(() => null);
  if (!answer?.ok) status(map.dataset.failed);
};
// What a key does here already; null where it is free.
const taken = (pressed, given) => {
  if (pressed === "?" || pressed === "/") return map.dataset.reserved;
  for (const first of prefixes()) if (first !== given && inForce(first) === pressed) return map.dataset.first;
  const other = all().find((element) => element.dataset.key !== given && inForce(element.dataset.key) === pressed);
  return other ? labelOf(other) : null;
};
const rename = (given) => {
  status(map.dataset.press);
  const end = (text) => { map.removeEventListener("keydown", take, true); status(text); };
  const take = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.key === "Escape") { end(""); return; }
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    const alone = pressedKey(event);
    const pressed = given.length === 3 && given[1] === " " ? `${inForce(given[0])} ${alone.at(-1)}` : alone;
    const by = taken(pressed, given);
    if (by !== null) { status(map.dataset.taken.replace("{key}", cap(pressed)).replace("{what}", by)); return; }
    end("");
    save({ ...kept, map: { ...kept.map, [given]: pressed } });
    map.querySelector(`[data-change-key="${CSS.escape(given)}"]`)?.focus();
  };
  map.addEventListener("keydown", take, true);
};

// --- Pressing them ------------------------------------------------------------------------------------
const act = (element) => {
  if (element.dataset.keyDo === "focus" || isText(element)) element.focus();
  else element.click();
};
const press = (event) => {
  const pressed = prefix ? `${prefix} ${pressedKey(event).at(-1)}` : pressedKey(event);
  prefix = "";
  clearTimeout(timer);
  const element = find(pressed);
  if (element) { event.preventDefault(); act(element); return; }
  if (![...prefixes()].some((first) => inForce(first) === pressed)) return;
  event.preventDefault();
  prefix = pressed;
  timer = setTimeout(() => { prefix = ""; }, MOMENT);
};

if (map) {
  const show = () => { draw(); status(""); map.showModal(); };
  map.addEventListener("click", (event) => {
    if (event.target === map || event.target.closest("[data-close]")) map.close();
    const change = event.target.closest("[data-change-key]");
    if (change) rename(change.dataset.changeKey);
    if (event.target.closest("[data-keys-reset]")) save({ off: false, map: {} });
  });
  map.querySelector("[data-keys-on]").addEventListener("change", (event) => save({ ...kept, off: !event.target.checked }));
  document.addEventListener("click", (event) => { if (event.target.closest("[data-open-keys]")) show(); });
  document.addEventListener("bpo:hints", hint);
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isText(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && event.target.matches("body, main") && !event.shiftKey && !kept.off) {
      const opened = also("enter");
      if (opened) { event.preventDefault(); opened.click(); }
      return;
    }
    if (event.key.length !== 1) return;
    if (event.key === "?") { event.preventDefault(); show(); return; }
    if (!kept.off) press(event);
  });
  hint();
}
