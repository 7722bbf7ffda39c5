// "Hear it": the sound from a note's moment, three seconds before it; or a piece of evidence, from its start to its end.
const sound = document.querySelector("[data-sound]");
let until = Infinity;
const play = (from, to) => {
  until = to;
  sound.currentTime = Math.max(from, 0) / 1000;
  sound.play().catch(() => sound.focus());
};
document.addEventListener("click", (event) => {
  const note = event.target.closest("[data-hear]");
  const piece = event.target.closest("[data-hear-from]");
  if (!sound) return;
  if (note) play(Number(note.dataset.hear) - 3000, Infinity);
  if (piece) play(Number(piece.dataset.hearFrom), Number(piece.dataset.hearTo));
});
// `timeupdate` comes four times a second; an animation frame stops on the spot while the page is seen.
const stop = () => {
  if (sound.currentTime * 1000 >= until) { sound.pause(); until = Infinity; }
};
const watch = () => { stop(); if (!sound.paused) requestAnimationFrame(watch); };
sound?.addEventListener("timeupdate", stop);
sound?.addEventListener("play", watch);
sound?.addEventListener("seeking", () => { if (sound.currentTime * 1000 > until) until = Infinity; });
