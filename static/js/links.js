// Clicks that the browser must handle and not htmx: with a modifier key (for a new tab or window), and on links
// that open the panel, if the window is too narrow for it or the page has no timeline.

const wide = matchMedia("(width >= 1100px)");
parley.hasPanel = () => wide.matches && document.querySelector("#timeline");

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("a[href][hx-get]");
    if (!link) return;
    const hasModifier = event.ctrlKey || event.metaKey || event.shiftKey;
    const toPanel = link.getAttribute("hx-target") === "#panel";
    if (hasModifier || (toPanel && !parley.hasPanel())) event.stopPropagation();
  },
  { capture: true },
);
