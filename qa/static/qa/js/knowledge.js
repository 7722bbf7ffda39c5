// K beside a review: articles about the active question and the interaction's reason, in the side panel. Whatever had
// the focus before has it again when the panel closes.
const opener = () => document.querySelector("[data-knowledge]"); // another with each review
const panel = document.getElementById("panel");
const body = document.getElementById("panel-body");
let before = null;
let ours = false;

const point = () => {
  const button = opener();
  const active = document.querySelector("[data-question].is-active");
  const asked = new URLSearchParams({ reason: button.dataset.reason });
  if (active) asked.set("question", `${button.dataset.scorecard}:${active.dataset.question}`);
  button.dataset.panel = `${button.dataset.knowledge}?${asked}`;
};
// Before the panel's own listener, which reads the address.
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-knowledge]")) { if (event.target.closest?.("[data-panel]")) ours = false; return; }
  point();
  if (!panel.contains(document.activeElement)) before = document.activeElement === opener() ? activeAnswer() : document.activeElement;
  ours = true;
}, true);
const activeAnswer = () => document.querySelector("[data-question].is-active :is([data-number-answer], .answer)");
// The search has the focus once it is there, so that one can type at once; the arrows then are its own.
body?.addEventListener("htmx:afterSwap", (event) => { if (ours && event.target === body) body.querySelector("[type=search]")?.focus(); });
new MutationObserver(() => {
  if (!panel.hidden || !ours) return;
  ours = false;
  const back = before?.isConnected && before !== document.body ? before : activeAnswer();
  requestAnimationFrame(() => back?.focus({ preventScroll: true }));
}).observe(panel, { attributes: true, attributeFilter: ["hidden"] });
