// "Hear it": the sound from a note's moment, three seconds before it.
const sound = document.querySelector("[data-sound]");
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-hear]");
  if (!button || !sound) return;
  sound.currentTime = Math.max(Number(button.dataset.hear) - 3000, 0) / 1000;
  sound.play().catch(() => sound.focus());
});
