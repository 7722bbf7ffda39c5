// Moving by pointer: a question or a section in the tree, an answer in the editor. Keys do the same with Alt and arrows.
export function dragging(page, move, question) {
  let held = null;
  const rowOf = (event) => event.target.closest?.("[draggable]");
  const kindOf = (row) => ("optionRow" in row.dataset ? "option" : row.dataset.at.split(":")[0]);
  const keyOf = (row) => row.dataset.optionRow || row.dataset.at.split(":")[1];
  const clear = () => page.querySelectorAll(".drop-before, .drop-end").forEach((row) => row.classList.remove("drop-before", "drop-end"));

  page.addEventListener("dragstart", (event) => {
    held = rowOf(event);
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", keyOf(held));
    held.classList.add("dragged");
  });
  page.addEventListener("dragend", () => { held?.classList.remove("dragged"); held = null; clear(); });
  page.addEventListener("dragover", (event) => {
    const place = held && target(event);
    if (!place) return;
    event.preventDefault();
    clear();
    place.row.classList.add(place.before ? "drop-before" : "drop-end");
  });
  page.addEventListener("drop", (event) => {
    const place = held && target(event);
    if (!place) return;
    event.preventDefault();
    const kind = kindOf(held);
    const intent = { do: "move", kind, key: keyOf(held), before: place.before, parent: place.parent };
    move(kind === "option" ? { ...intent, question: question() } : intent);
    clear();
  });

  // Just before a row of the same kind; a question may also go to the end of a section.
  function target(event) {
    const row = rowOf(event);
    const kind = kindOf(held);
    if (row && row !== held && kindOf(row) === kind) return { row, before: keyOf(row), parent: "" };
    const section = event.target.closest?.("[data-drop]");
    if (kind === "question" && section) return { row: section, before: "", parent: section.dataset.drop };
    return null;
  }
}
