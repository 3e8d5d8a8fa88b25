// Clicks that belong to the browser although htmx listens for them: with a modifier key (a new tab or
// window), and on links to the panel where there is no room for one, or no timeline beside which it would stand.

const wide = matchMedia("(width >= 1100px)");
const hasPanel = () => wide.matches && document.querySelector("#timeline");

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("a[href][hx-get]");
    if (!link) return;
    const modified = event.ctrlKey || event.metaKey || event.shiftKey;
    const toPanel = link.getAttribute("hx-target") === "#panel";
    if (modified || (toPanel && !hasPanel())) event.stopPropagation();
  },
  { capture: true },
);
