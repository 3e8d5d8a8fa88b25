// What arrives in the timeline: at its end the view follows, further up it stays where it is and says how much
// is new below; each new message is read out once; and the page never grows beyond what it needs.

const MOST_ROWS = 200;
const AT_END = 60; // pixels

const scroll = document.querySelector(".newest-first");
const timeline = document.querySelector("#timeline");
const pill = document.querySelector("#to-newest");
const log = document.querySelector("#arrivals");
const texts = document.querySelector("#texts")?.dataset ?? {};
const { viewer } = document.body.dataset;

const rows = () => [...timeline.querySelectorAll(":scope > .row")];
const seqOf = (row) => Number(row?.dataset.seq ?? 0);
const isAtEnd = () => -scroll.scrollTop < AT_END;
const isNewest = () => !timeline.querySelector(":scope > .newer:last-child");

let last = 0;
let below = 0;
let births = false; // whether the swap brings any
let kept = null; // the row in the middle of what is in sight, and where it ended

function keepPlace() {
  const { top, bottom } = scroll.getBoundingClientRect();
  const row = isAtEnd() ? null : rows().find((one) => one.getBoundingClientRect().bottom > (top + bottom) / 2);
  kept = row && { row, bottom: row.getBoundingClientRect().bottom };
}

function restorePlace() {
  if (kept?.row.isConnected) scroll.scrollTop += kept.row.getBoundingClientRect().bottom - kept.bottom;
}

// A page that is loaded anew stays at what is being written in or read, unless that is the end.
function notePlace() {
  keepPlace();
  const row = rows().find((one) => one.querySelector("form")) ?? kept?.row ?? (isNewest() ? null : rows().at(-1));
  timeline.dataset.around = row ? `?around=${seqOf(row)}` : "";
}

function announce(row) {
  const said = document.createElement("p");
  const name = row.querySelector(".name")?.textContent ?? "";
  said.textContent = `${name}: ${row.querySelector(".prose")?.textContent.trim() ?? texts.removed}`;
  log.append(said);
  while (log.children.length > 20) log.firstElementChild.remove();
}

function showBelow() {
  pill.hidden = !below && isNewest();
  const said = pill.querySelector("[data-said]");
  said.dataset.said ||= said.textContent;
  said.textContent = below ? texts.newCount.replace("{count}", below) : said.dataset.said;
}

function trim() {
  const surplus = rows().slice(0, -MOST_ROWS);
  if (!surplus.length) return;
  for (const row of surplus) row.remove();
  timeline.querySelector(":scope > .older")?.remove();
  const place = `?before=${seqOf(rows()[0])}`;
  timeline.insertAdjacentHTML(
    "afterbegin",
    `<div class="more older"><a class="button small plain" href="${place}" hx-get="${timeline.dataset.list}${place}" hx-target="closest .more" hx-swap="outerHTML">${texts.older}</a></div>`,
  );
  htmx.process(timeline.firstElementChild);
}

function look() {
  restorePlace();
  if (!isNewest()) return showBelow();
  const born = births ? rows().filter((row) => seqOf(row) > last) : [];
  last = Math.max(last, seqOf(rows().at(-1)));
  const others = born.filter((row) => row.querySelector(".message").dataset.author !== viewer);
  others.forEach(announce);
  if (kept) below += others.length;
  else trim();
  showBelow();
}

if (timeline) {
  last = seqOf(rows().at(-1));
  document.addEventListener("htmx:before:swap", ({ detail: { tasks } }) => {
    births = tasks.some(({ swapSpec }) => swapSpec.style === "upsert"); // what is loaded is not new
    keepPlace();
  });
  document.addEventListener("htmx:after:swap", look);
  document.addEventListener("reset", notePlace, { capture: true }); // before live.js acts on it
  scroll.addEventListener("scroll", () => {
    if (!below || !isAtEnd()) return;
    below = 0;
    showBelow();
  });
  pill.addEventListener("click", (event) => {
    if (!isNewest() || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    scroll.scrollTop = 0;
  });
}
