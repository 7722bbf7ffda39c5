// The board: days without a page load, somebody found by name, arrows from shift to shift, and moves on a draft.
// Up and down go from agent to agent, left and right along one agent's shifts and at their ends from day to day.
// Enter opens the shift (it is a link to the side panel).
import { Drawing } from "./board/draw.js";
import { Mover } from "./board/move.js";
import { fill } from "./board/time.js";
import { Week } from "./board/week.js";

const PLAIN = { ł: "l", đ: "d", ø: "o", ß: "ss", æ: "ae", œ: "oe", ı: "i" }; // letters that are no letter with a mark
const root = document.querySelector("[data-board]");
const sent = document.getElementById("board-data");

const start = () => {
  const week = new Week(JSON.parse(sent.textContent));
  const words = document.querySelector("[data-words]")?.dataset;
  const may = week.draft && Boolean(words);
  const drawing = new Drawing(week, root, may);
  drawing.all(false);
  const mover = may ? new Mover(week, drawing, words) : null;
  days(week, drawing, mover);
  find(week, drawing, mover);
  keys(drawing, mover);
  document.addEventListener("click", (event) => { const button = event.target.closest("[data-board-do]"); if (button) mover?.act(button.dataset.boardDo); });
  performance.mark("board-ready");
};

// --- Days --------------------------------------------------------------------------------------------------
const days = (week, drawing, mover) => {
  const links = [...document.querySelectorAll("[data-day]")];
  const show = (day) => {
    mover?.back();
    mover?.refusal.close();
    week.show(day);
    drawing.all(true);
    for (const link of links) { if (link.dataset.day === day) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current"); }
  };
  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      history.replaceState(history.state, "", link.href);
      show(link.dataset.day);
    });
  }
};

// --- Somebody by name --------------------------------------------------------------------------------------
const find = (week, drawing, mover) => {
  const field = document.querySelector("[data-find]");
  const told = document.querySelector("[data-found]");
  const nobody = root.querySelector("[data-nobody]");
  if (!field) return;
  field.closest("[data-find-box]").hidden = false;
  const plain = (text) => text.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/[łđøßæœı]/g, (one) => PLAIN[one]);
  const names = week.people.map((one) => plain(`${one.name} ${one.team}`));
  const whole = told.textContent;
  const apply = () => {
    mover?.back();
    const asked = plain(field.value.trim());
    let n = 0;
    for (const { place } of week.people) {
      const shown = names[place].includes(asked);
      drawing.rows[place].row.hidden = !shown;
      n += shown;
    }
    told.textContent = asked ? fill(told.dataset.pattern, { n, all: week.people.length }) : whole;
    nobody.hidden = n > 0;
  };
  field.addEventListener("input", apply);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && field.value) { field.value = ""; apply(); event.stopPropagation(); }
    if (event.key === "ArrowDown" || event.key === "Enter") { event.preventDefault(); drawing.ensure(root.querySelector(".lane-row:not([hidden])")); root.querySelector(".lane-row:not([hidden]) .bar-link")?.focus(); }
  });
};

// --- Arrows --------------------------------------------------------------------------------------------------
const keys = (drawing, mover) => {
  const rows = () => [...root.querySelectorAll(".lane-row:not([hidden])")];
  const stops = (row) => { drawing.ensure(row); return [...row.querySelectorAll(".lane .bar-link")]; };
  const move = (from, by) => {
    const all = rows();
    for (let at = all.indexOf(from.closest(".lane-row")) + by; at >= 0 && at < all.length; at += by) {
      const [first] = stops(all[at]);
      if (first) { first.focus({ preventScroll: true }); all[at].scrollIntoView({ block: "nearest" }); return; }
    }
  };
  const along = (from, by) => {
    const mine = stops(from.closest(".lane-row"));
    const next = mine[mine.indexOf(from) + by];
    if (next) { next.focus({ preventScroll: true }); return; }
    const { place } = from.closest(".lane-row").dataset;
    const current = document.querySelector("[data-board-days] [aria-current]");
    (by > 0 ? current?.nextElementSibling : current?.previousElementSibling)?.click();
    const row = root.querySelector(`.lane-row[data-place="${place}"]`);
    (stops(row).at(by > 0 ? 0 : -1) || root.querySelector(".lane .bar-link"))?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || mover?.held || document.querySelector("dialog[open]")) return;
    const here = document.activeElement?.closest?.(".bar-link");
    if (!here) {
      if (event.key === "ArrowDown" && document.activeElement?.matches("body, [data-day]")) { event.preventDefault(); root.querySelector(".lane-row:not([hidden]) .bar-link")?.focus(); }
      return;
    }
    const acts = { ArrowDown: () => move(here, 1), ArrowUp: () => move(here, -1), ArrowRight: () => along(here, 1), ArrowLeft: () => along(here, -1) };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
};

if (root && sent) start();
