// Ctrl/Cmd K: go to a place, find a person or thing, do an action of this page. Only what the person may see:
// places are the links of the page's own frame, results come from data-find-url as
// [{"group", "items": [{"label", "sub", "url"}]}].
const palette = document.getElementById("palette");
const input = palette?.querySelector("input");
const list = document.getElementById("palette-list");
let items = [];
let at = 0;
let asked = 0;
let timer = 0;

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const labelOf = (element) => (element.dataset.goLabel || element.dataset.keyLabel || element.querySelector(".label")?.textContent || element.textContent).trim();

const places = () => {
  const seen = new Set();
  return [...document.querySelectorAll("a[data-go]")].filter((link) => !seen.has(link.href) && seen.add(link.href))
    .map((link) => ({ label: labelOf(link), url: link.href, mark: link.querySelector(".icon")?.cloneNode(true) }));
};
const actions = () => [...document.querySelectorAll(".page [data-key], .page [data-do]")].filter((element) => !element.disabled)
  .map((element) => ({ label: labelOf(element), sub: "", key: element.dataset.key, run: () => element.click() }));

const lit = (label, wanted) => {
  const span = document.createElement("span");
  const start = wanted ? fold(label).indexOf(wanted) : -1;
  if (start < 0 || fold(label).length !== label.length) { span.textContent = label; return span; }
  const bold = document.createElement("b");
  bold.textContent = label.slice(start, start + wanted.length);
  span.append(label.slice(0, start), bold, label.slice(start + wanted.length));
  return span;
};
const option = (item, wanted) => {
  const made = document.createElement("div");
  made.className = "palette-item";
  made.setAttribute("role", "option");
  made.id = `palette-${items.length}`;
  made.append(item.mark || document.getElementById("palette-icons").content.firstElementChild.cloneNode(true), lit(item.label, wanted));
  if (item.sub) { const sub = document.createElement("span"); sub.className = "sub"; sub.textContent = item.sub; made.append(sub); }
  if (item.key) { const cap = document.createElement("kbd"); cap.textContent = item.key.toUpperCase(); made.append(cap); }
  made.addEventListener("click", () => run(item));
  items.push({ ...item, made });
  return made;
};
const group = (name, found, wanted) => {
  if (!found.length) return;
  const box = document.createElement("div");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", name);
  const head = document.createElement("div");
  head.className = "palette-group";
  head.textContent = name;
  head.setAttribute("aria-hidden", "true");
  box.append(head, ...found.map((item) => option(item, wanted)));
  list.append(box);
};
const select = (index) => {
  at = items.length ? (index + items.length) % items.length : 0;
  items.forEach((item, number) => item.made.setAttribute("aria-selected", String(number === at)));
  const current = items[at]?.made;
  current ? input.setAttribute("aria-activedescendant", current.id) : input.removeAttribute("aria-activedescendant");
  current?.scrollIntoView({ block: "nearest" });
};
const draw = (remote) => {
  const wanted = fold(input.value.trim());
  const fits = (item) => fold(item.label).includes(wanted);
  items = [];
  list.replaceChildren();
  for (const found of remote) group(found.group, found.items, wanted);
  group(palette.dataset.groupGo, places().filter(fits), wanted);
  group(palette.dataset.groupDo, actions().filter(fits), wanted);
  if (!items.length) {
    const none = document.createElement("p");
    none.className = "palette-none";
    none.textContent = palette.dataset.none;
    list.append(none);
  }
  select(0);
};
const ask = async () => {
  const wanted = input.value.trim();
  const mine = ++asked;
  if (!palette.dataset.findUrl || wanted.length < 2) { draw([]); return; }
  let remote = [];
  try {
    const url = new URL(palette.dataset.findUrl, location.href);
    url.searchParams.set("q", wanted);
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (answer.ok) remote = await answer.json();
  } catch { /* offline: places and actions still work */ }
  if (mine === asked && palette.open) draw(remote);
};
const run = (item) => {
  palette.close();
  if (item.run) item.run();
  else location.assign(item.url);
};
const show = () => {
  if (palette.open) return;
  input.value = "";
  palette.showModal(); // the browser keeps focus inside and gives it back on close
  draw([]);
  input.focus();
};

// A slash opens it too, as long as nobody is typing, no dialog is open and single keys are on.
const slashOpens = (target) => {
  if (document.querySelector("dialog[open]") || target.isContentEditable) return false;
  if (target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=range])")) return false;
  return !document.documentElement.classList.contains("keys-off");
};

if (palette) {
  input.addEventListener("input", () => { draw([]); clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener("keydown", (event) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) { event.preventDefault(); select(at + move); }
    if (event.key === "Home" && !input.value) select(0);
    if (event.key === "Enter" && items[at]) { event.preventDefault(); run(items[at]); }
  });
  palette.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-open-palette]")) show(); });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") { event.preventDefault(); show(); }
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented && slashOpens(event.target)) { event.preventDefault(); show(); }
  });
}
