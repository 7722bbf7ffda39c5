// Signing out takes along what pages kept in this browser for the person, on every tab. What isn't saved yet is said once
// before it goes.
const KEPT = "bpo.review.";
const GONE = "bpo.signed-out";
const LEAVING = "bpo.leaving";
const keys = () => { try { return Object.keys(localStorage).filter((key) => key.startsWith(KEPT)); } catch { return []; } };
const clear = () => { for (const key of keys()) localStorage.removeItem(key); };

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-sign-out]")) return;
  const own = keys().filter((key) => key.startsWith(`${KEPT}${form.dataset.person}.`)).length;
  if (own && form.dataset.sure !== "yes") {
    event.preventDefault();
    form.dataset.sure = "yes";
    document.dispatchEvent(new CustomEvent("bpo:toast", { detail: { text: form.dataset.unsent.replace("{n}", own), level: "error" } }));
    return;
  }
  window.dispatchEvent(new Event("bpo:leaving"));
  clear();
  try { sessionStorage.setItem(LEAVING, "yes"); } catch { /* no other tab to tell */ }
}, true);

// The page after it: from here on nobody is signed in, and the other tabs may be told.
if (!document.querySelector("[data-sign-out]")) {
  try {
    if (sessionStorage.getItem(LEAVING)) {
      sessionStorage.removeItem(LEAVING);
      clear();
      localStorage.setItem(GONE, String(Date.now()));
    }
  } catch { /* nothing was kept */ }
}

// Another tab signed out: this one shows nothing of it any more.
window.addEventListener("storage", (event) => {
  if (event.key !== GONE || !document.querySelector("[data-sign-out]")) return;
  window.dispatchEvent(new Event("bpo:leaving"));
  clear();
  location.reload();
});
