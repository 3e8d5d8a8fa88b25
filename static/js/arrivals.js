// New messages in the timeline. If the reader is at the end, the view follows them. Otherwise the view stays, also when
// rows are loaded or removed, and the button to the newest shows how many new messages are below. Screen readers
// announce each new message once.

const texts = document.querySelector("#texts")?.dataset ?? {};
const { viewer } = document.body.dataset;
const { timeline, scroll, rows, seqOf, isNewest, isAtEnd, middle } = parley.list;
const pill = () => document.querySelector("#to-newest");

// Of each timeline: the last message that is known, and how many of others are below what the reader sees.
const states = new WeakMap();
let news = []; // rows that the current swap brings
let anchor = null; // the row in the middle of the visible part, and the position of its lower edge

function state() {
  if (!states.has(timeline())) states.set(timeline(), { last: seqOf(rows().at(-1)), below: 0 });
  return states.get(timeline());
}

const bottomOf = (element) => element.getBoundingClientRect().bottom;
const isInPlace = ({ row, bottom }) => row.isConnected && Math.abs(bottomOf(row) - bottom) <= 1;

// A browser rounds scroll positions. So the position is not measured again if it differs by no more than that, or the
// differences would add up.
function saveScroll() {
  if (anchor && isInPlace(anchor) && !isAtEnd()) return;
  const row = isAtEnd() ? null : middle();
  anchor = row && { row, bottom: bottomOf(row) };
}

function restoreScroll() {
  if (!anchor?.row.checkVisibility()) anchor = null; // false too if it is no longer on the page
  const moved = anchor ? bottomOf(anchor.row) - anchor.bottom : 0;
  if (Math.abs(moved) > 0.5) scroll().scrollTop += moved;
}

// A reload of the list loads the part around an open form, otherwise around the visible rows; at the end, the newest.
function saveAround() {
  if (!timeline()) return;
  saveScroll();
  const row = rows().find((one) => one.querySelector("form")) ?? anchor?.row ?? (isNewest() ? null : rows().at(-1));
  timeline().dataset.around = row ? `?around=${seqOf(row)}` : "";
}

// The button that leads to the newest end is shown unless the reader is there.
function showBelow() {
  pill().hidden = isAtEnd();
  const label = pill().querySelector("[data-label]");
  label.dataset.label ||= label.textContent;
  const text = state().below ? texts.newCount.replace("{count}", state().below) : label.dataset.label;
  if (label.textContent !== text) label.textContent = text;
}

function beforeSwap({ detail: { ctx, tasks } }) {
  if (!timeline() || ctx.isPlace) return;
  state();
  // Other swaps load older or newer rows.
  const brought = tasks.filter(({ swapSpec, target }) => swapSpec?.style === "upsert" && target?.startsWith?.("#timeline"));
  news = brought.flatMap(({ fragment }) => [...fragment.querySelectorAll(".row")]);
  saveScroll();
}

// Where the newest end is not shown, new messages are not inserted, but counted.
function afterSwap({ detail: { ctx } }) {
  if (!timeline() || ctx.isPlace) return;
  if (ctx.control?.id === "to-newest") toEnd();
  restoreScroll();
  const known = state();
  const added = news.filter((row) => seqOf(row) > known.last);
  const others = added.filter((row) => row.querySelector(".message").dataset.author !== viewer);
  known.last = Math.max(known.last, ...added.map(seqOf), isNewest() ? seqOf(rows().at(-1)) : 0);
  news = [];
  for (const row of others) if (row.isConnected) parley.announce(row);
  if (!isNewest() || anchor) known.below += others.length;
  showBelow();
}

function toEnd() {
  state().below = 0;
  anchor = null;
  scroll().scrollTop = 0;
}

document.addEventListener("htmx:before:swap", beforeSwap);
document.addEventListener("htmx:after:swap", afterSwap);
document.addEventListener("reset", saveAround, { capture: true }); // before live.js handles it
document.addEventListener(
  "scroll",
  ({ target }) => {
    if (target !== scroll() || !timeline()) return;
    if (isAtEnd()) state().below = 0;
    showBelow();
  },
  { capture: true, passive: true },
);
// Before htmx, which would load the newest messages, and the browser, which would load the page.
document.addEventListener(
  "click",
  (event) => {
    const hasModifier = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!event.target.closest?.("#to-newest") || !isNewest() || hasModifier) return;
    event.preventDefault();
    event.stopPropagation();
    toEnd();
  },
  { capture: true },
);
function begin() {
  anchor = null;
  if (timeline()) state();
}
begin();
document.addEventListener("arrived", begin);
