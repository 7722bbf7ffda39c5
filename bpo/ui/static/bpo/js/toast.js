// One toast at a time, 10 s, paused by hover or focus; errors stay. From Django messages, from an htmx response's
// HX-Trigger {"toast": {...}}, or from a `bpo:toast` event on the document.
const SECONDS = 10;
const region = document.getElementById("toasts");
const waiting = [];
let shown = null;

const sign = (name) => document.getElementById("toast-icons").content.querySelector(`[data-icon="${name}"]`).firstElementChild.cloneNode(true);

const next = () => {
  shown?.remove();
  shown = waiting.shift() || null;
  if (!shown) return;
  region.append(shown);
  if (!shown.classList.contains("error")) count(shown);
};

const count = (toast) => {
  let left = SECONDS * 1000;
  let since = 0;
  let timer = 0;
  const pause = () => { if (!timer) return; clearTimeout(timer); timer = 0; left -= performance.now() - since; };
  const run = () => {
    if (timer || toast.matches(":hover, :focus-within")) return;
    since = performance.now();
    timer = setTimeout(() => { if (shown === toast) next(); }, Math.max(left, 500));
  };
  toast.addEventListener("pointerenter", pause);
  toast.addEventListener("focusin", pause);
  toast.addEventListener("pointerleave", run);
  toast.addEventListener("focusout", () => setTimeout(run));
  run();
};

const finish = (toast) => {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.setAttribute("aria-label", region.dataset.close);
  close.append(sign("close"));
  close.addEventListener("click", () => { toast === shown ? next() : toast.remove(); });
  const time = document.createElement("span");
  time.className = "toast-time";
  toast.append(close, time);
  waiting.push(toast);
  // A new word goes before an old one, but an error stays until it is read.
  if (!shown || !shown.classList.contains("error")) next();
};

const undo = (url) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = region.dataset.undo;
  button.addEventListener("click", () => {
    next();
    window.htmx.ajax("POST", url, { source: document.body, swap: "none" })
      .then(() => document.dispatchEvent(new CustomEvent("bpo:undone", { detail: { url } })));
  });
  return button;
};

// Taking back that leads to another page: a form, as the server would have drawn it.
const back = (url) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  const token = document.createElement("input");
  Object.assign(token, { type: "hidden", name: "csrfmiddlewaretoken", value: JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "" });
  const button = document.createElement("button");
  button.className = "link";
  button.textContent = region.dataset.undo;
  form.append(token, button);
  return form;
};

export const say = ({ text, level = "success", undo: url = "", leads = false }) => {
  const toast = document.createElement("div");
  toast.className = `toast ${level}`;
  toast.setAttribute("data-toast", "");
  const words = document.createElement("span");
  words.className = "text";
  words.textContent = text;
  toast.append(sign(level), words);
  if (url) toast.append(leads ? back(url) : undo(url));
  finish(toast);
};

if (region) {
  // Rendered by the server: taken out and put back, so that a polite live region speaks them.
  const given = [...region.querySelectorAll("[data-toast]")];
  given.forEach((toast) => toast.remove());
  requestAnimationFrame(() => given.forEach(finish));
  document.addEventListener("bpo:toast", (event) => say(event.detail));
  document.body.addEventListener("toast", (event) => say(event.detail));
  document.body.addEventListener("htmx:sendError", () => say({ text: region.dataset.unsent, level: "error" }));
  document.body.addEventListener("htmx:timeout", () => say({ text: region.dataset.unsent, level: "error" }));
  document.body.addEventListener("htmx:responseError", (event) => {
    if (event.detail.target?.id === "panel-body") return; // the panel says it in its own place
    say({ text: region.dataset.failed, level: "error" });
  });
}
