// The key follows the name until somebody writes one of their own. The server makes the same one from an empty field.
const form = document.querySelector("[data-opening]");
const name = form?.elements.namedItem("name");
const key = form?.elements.namedItem("key");

const suggested = (text) => text.normalize("NFKD").replace(/[^\x00-\x7f]/g, "").toLowerCase()
  .replace(/[^a-z0-9]+/g, "-").replace(/^[-0-9]+|[-0-9]+$/g, "").slice(0, 31).replace(/-+$/, "");

if (form) {
  let own = key.value !== "" && key.value !== suggested(name.value);
  name.addEventListener("input", () => { if (!own) key.value = suggested(name.value); });
  key.addEventListener("input", () => { own = key.value !== ""; });
}
