// The width of the thread panel: its edge is dragged, or moved by the arrow keys. The browser remembers it. The
// stylesheet keeps it within its limits (shell.css), also when the window becomes narrower.

const STORED = "panel width";
const STEP = 16; // pixels, for one press of an arrow key
const MIN = 320;
const MIN_MAIN = 400; // what is left for the timeline

const root = document.documentElement;
const edge = () => document.querySelector("#panel-edge");
const panel = () => document.querySelector("#panel");
const widthNow = () => Math.round(panel().getBoundingClientRect().width);
const isRightToLeft = () => getComputedStyle(root).direction === "rtl";

function limits() {
  const { width } = document.querySelector("#main").getBoundingClientRect();
  return { min: MIN, max: Math.round(width) + widthNow() - MIN_MAIN };
}

// What assistive technology is told.
function tell() {
  if (!panel()?.firstElementChild) return; // it is closed, and measuring it would take time
  const now = widthNow();
  const { min, max } = limits();
  Object.assign(edge(), { ariaValueMin: min, ariaValueMax: max, ariaValueNow: now });
}

function apply(width) {
  if (width) root.style.setProperty("--panel-width", `${width}px`);
  else root.style.removeProperty("--panel-width");
}

// Without a width it is as wide as at first.
function set(width) {
  const { min, max } = limits();
  const fitting = width && Math.min(Math.max(width, min), max);
  apply(fitting);
  if (fitting) localStorage.setItem(STORED, fitting);
  else localStorage.removeItem(STORED);
  tell();
}

// How wide the panel is with its edge at this place.
function widthTo({ clientX }) {
  const { left, right } = panel().getBoundingClientRect();
  return Math.round(isRightToLeft() ? clientX - left : right - clientX);
}

document.addEventListener("pointerdown", (event) => {
  if (!event.target.matches?.("#panel-edge") || event.button) return;
  event.preventDefault(); // it would select text
  event.target.focus();
  event.target.setPointerCapture(event.pointerId);
});
document.addEventListener("pointermove", (event) => {
  if (event.target.matches?.("#panel-edge") && event.target.hasPointerCapture(event.pointerId)) set(widthTo(event));
});
document.addEventListener("dblclick", ({ target }) => target.matches?.("#panel-edge") && set());

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("#panel-edge") || event.ctrlKey || event.metaKey || event.altKey) return;
  const wider = isRightToLeft() ? "ArrowRight" : "ArrowLeft";
  const narrower = isRightToLeft() ? "ArrowLeft" : "ArrowRight";
  if (event.key === wider) set(widthNow() + STEP);
  else if (event.key === narrower) set(widthNow() - STEP);
  else if (event.key === "Home") set(limits().min);
  else if (event.key === "End") set(limits().max);
  else if (event.key === "Enter") set();
  else return;
  event.preventDefault();
});

apply(Number(localStorage.getItem(STORED)));
document.addEventListener("htmx:after:swap", tell);
addEventListener("resize", tell);
