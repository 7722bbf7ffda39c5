// How many notices wait, beside each bell: asked when the page opens, when one comes back to it, and each minute.
const bells = [...document.querySelectorAll("[data-bell]")];
const EACH = 60_000;

const show = (unread) => {
  for (const bell of bells) {
    const count = bell.querySelector("[data-bell-count]");
    const words = unread === 1 ? bell.dataset.one : bell.dataset.many.replace("{n}", String(unread));
    count.textContent = unread > 99 ? "99+" : String(unread);
    count.title = words;
    count.hidden = unread === 0;
    if (unread && bell.hasAttribute("aria-label")) bell.setAttribute("aria-label", words);
  }
};
const ask = async () => {
  if (document.hidden || !navigator.onLine) return;
  try {
    const answer = await fetch(bells[0].dataset.bell, { headers: { Accept: "application/json", "X-Automatic": "1" } });
    if (answer.ok) show((await answer.json()).unread);
  } catch { /* the next minute asks again */ }
};

if (bells.length) {
  ask();
  setInterval(ask, EACH);
  document.addEventListener("visibilitychange", ask);
}
