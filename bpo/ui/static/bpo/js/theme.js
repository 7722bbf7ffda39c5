// Colours and rail as this person left them. A classic script in the head: it must run before the first paint.
(() => {
  "use strict";
  const root = document.documentElement;
  const given = root.dataset.theme || "";
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const write = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window: lasts for the page */ } };

  const apply = (choice) => {
    if (choice === "light" || choice === "dark") root.dataset.theme = choice;
    else if (choice === "system" || !given) delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === (root.dataset.theme || "system")));
    }
  };
  const openRail = (open) => {
    for (const frame of document.querySelectorAll("[data-frame]:not(.is-operator)")) frame.classList.toggle("is-open", open);
  };

  apply(read("bpo.theme"));
  document.addEventListener("DOMContentLoaded", () => {
    apply(read("bpo.theme"));
    const rail = read("bpo.rail");
    if (rail) openRail(rail === "open");
  });
  document.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-theme-choice]");
    if (choice) { write("bpo.theme", choice.dataset.themeChoice); apply(choice.dataset.themeChoice); }
    if (event.target.closest("[data-rail-toggle]")) {
      const open = !document.querySelector("[data-frame].is-open");
      write("bpo.rail", open ? "open" : "folded");
      openRail(open);
    }
  });
})();
