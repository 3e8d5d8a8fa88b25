// Clicks that belong to the browser although htmx listens for them: with a modifier key (a new tab or
// window), and on links to the panel where there is no room for one.

const roomForPanel = matchMedia("(width >= 1100px)");

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("a[href][hx-get]");
    if (!link) return;
    const modified = event.ctrlKey || event.metaKey || event.shiftKey;
    const toPanel = link.getAttribute("hx-target") === "#panel";
    if (modified || (toPanel && !roomForPanel.matches)) event.stopPropagation();
  },
  { capture: true },
);
