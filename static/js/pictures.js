// A picture of a message is opened above the page, and a voice message is played. The scripts for it (lightbox.js,
// voice.js) are loaded with the first.

document.addEventListener("click", async (event) => {
  const link = event.target.closest(".picture > a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (!(await parley.load(document.querySelector("#lightbox").dataset.script))) return;
  // The message may have been drawn again meanwhile; or the person has gone to another place.
  const isSame = ({ href }) => href === link.href;
  const shown = link.isConnected ? link : [...document.querySelectorAll(".picture > a")].find(isSame);
  if (shown) parley.showPicture(shown);
});

for (const name of ["click", "input"]) {
  document.addEventListener(name, async ({ target }) => {
    const player = target.closest(".voice-player");
    if (player && (await parley.load(document.querySelector("#uploads").dataset.voice))) parley.useVoice(player, target);
  });
}
