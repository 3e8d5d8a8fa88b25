// A picture of a message is opened above the page. The script that shows it (lightbox.js) is loaded with the first.

document.addEventListener("click", async (event) => {
  const link = event.target.closest(".picture > a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  await import(document.querySelector("#lightbox").dataset.script);
  parley.showPicture(link);
});
