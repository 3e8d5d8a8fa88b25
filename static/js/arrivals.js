// New messages in the timeline. If the reader is at the end, the view follows them. If the reader has scrolled up,
// the view stays, and the button to the newest shows how many new messages are below. Screen readers announce each
// new message once. While the view is at the end, the oldest rows are removed, so that the page does not grow without
// limit.

const MAX_ROWS = 200;
const AT_END = 60; // pixels

const scroll = document.querySelector(".newest-first");
const timeline = document.querySelector("#timeline");
const pill = document.querySelector("#to-newest");
const texts = document.querySelector("#texts")?.dataset ?? {};
const { viewer } = document.body.dataset;

const rows = () => [...timeline.querySelectorAll(":scope > .row")];
const seqOf = (row) => Number(row?.dataset.seq ?? 0);
const isAtEnd = () => -scroll.scrollTop < AT_END;
const isNewest = () => !timeline.querySelector(":scope > .newer:last-child");

let last = 0;
let below = 0;
let hasNewRows = false; // whether the current swap adds new messages
let anchor = null; // the row in the middle of the visible part, and the position of its lower edge

const bottomOf = (element) => element.getBoundingClientRect().bottom;
const isInPlace = ({ row, bottom }) => row.isConnected && Math.abs(bottomOf(row) - bottom) <= 1;

// A browser rounds scroll positions. So the position is not measured again if it differs by no more than that, or the
// differences would add up.
function saveScroll() {
  if (anchor && isInPlace(anchor) && !isAtEnd()) return;
  const { top, bottom } = scroll.getBoundingClientRect();
  const row = isAtEnd() ? null : rows().find((one) => bottomOf(one) > (top + bottom) / 2);
  anchor = row && { row, bottom: bottomOf(row) };
}

function restoreScroll() {
  if (anchor?.row.isConnected) scroll.scrollTop += bottomOf(anchor.row) - anchor.bottom;
}

// A reload of the list loads the part around an open form, otherwise around the visible rows; at the end, the newest.
function saveAround() {
  saveScroll();
  const row = rows().find((one) => one.querySelector("form")) ?? anchor?.row ?? (isNewest() ? null : rows().at(-1));
  timeline.dataset.around = row ? `?around=${seqOf(row)}` : "";
}

// The button leads to the newest end, wherever else the reader is.
function showBelow() {
  pill.hidden = isNewest() && isAtEnd();
  const label = pill.querySelector("[data-label]");
  label.dataset.label ||= label.textContent;
  const text = below ? texts.newCount.replace("{count}", below) : label.dataset.label;
  if (label.textContent !== text) label.textContent = text;
}

function trim() {
  const surplus = rows().slice(0, -MAX_ROWS);
  if (!surplus.length) return;
  for (const row of surplus) row.remove();
  timeline.querySelector(":scope > .older")?.remove();
  const query = `?before=${seqOf(rows()[0])}`;
  timeline.insertAdjacentHTML(
    "afterbegin",
    `<div class="more older"><a class="button small plain" href="${query}" hx-get="${timeline.dataset.list}${query}" hx-target="closest .more" hx-swap="outerHTML">${texts.older}</a></div>`,
  );
  htmx.process(timeline.firstElementChild);
}

function afterSwap() {
  restoreScroll();
  if (!isNewest()) return showBelow();
  const added = hasNewRows ? rows().filter((row) => seqOf(row) > last) : [];
  last = Math.max(last, seqOf(rows().at(-1)));
  const others = added.filter((row) => row.querySelector(".message").dataset.author !== viewer);
  others.forEach(parley.announce);
  if (anchor) below += others.length;
  else trim();
  showBelow();
}

if (timeline) {
  last = seqOf(rows().at(-1));
  document.addEventListener("htmx:before:swap", ({ detail: { tasks } }) => {
    hasNewRows = tasks.some(({ swapSpec }) => swapSpec.style === "upsert"); // other swaps load older or newer rows
    saveScroll();
  });
  document.addEventListener("htmx:after:swap", afterSwap);
  document.addEventListener("reset", saveAround, { capture: true }); // before live.js handles it
  scroll.addEventListener("scroll", () => {
    if (isAtEnd()) below = 0;
    showBelow();
  });
  pill.addEventListener("click", (event) => {
    if (!isNewest() || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    scroll.scrollTop = 0;
  });
}
