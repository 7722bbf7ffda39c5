// Arrows on the board: up and down go from agent to agent, left and right along one agent's shifts and at their
// ends from day to day. Enter opens the shift (it is a link to the side panel).
const board = document.querySelector("[data-board]");
const rows = () => [...board.querySelectorAll(".lane-row")];
const stops = (row) => [...row.querySelectorAll(".lane .bar-link")];

const move = (from, by) => {
  const all = rows();
  for (let at = all.indexOf(from.closest(".lane-row")) + by; at >= 0 && at < all.length; at += by) {
    const [first] = stops(all[at]);
    if (first) { first.focus(); all[at].scrollIntoView({ block: "nearest" }); return; }
  }
};
const along = (from, by) => {
  const mine = stops(from.closest(".lane-row"));
  const next = mine[mine.indexOf(from) + by];
  if (next) { next.focus(); return; }
  const current = document.querySelector(".board-days [aria-current]");
  (by > 0 ? current?.nextElementSibling : current?.previousElementSibling)?.click();
};

if (board) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const here = document.activeElement?.closest?.(".bar-link");
    if (!here) {
      if (event.key === "ArrowDown" && document.activeElement === document.body) { event.preventDefault(); board.querySelector(".lane .bar-link")?.focus(); }
      return;
    }
    const acts = { ArrowDown: () => move(here, 1), ArrowUp: () => move(here, -1), ArrowRight: () => along(here, 1), ArrowLeft: () => along(here, -1) };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
}
