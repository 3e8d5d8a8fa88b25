// Keeps where the reader is in the timeline: in the entry of the browser's history and, if the newest page would not
// show it, in the address too. So a reload, and the way back to a page that is gone, lead there.

const SETTLED_MS = 200; // without scrolling
const ON_NEWEST_PAGE = 30; // so many of the newest rows are shown without a place in the address, and some to come
const { timeline, scroll, rows, seqOf, isNewest, isAtEnd, middle } = parley.list;

let timer;
let returnsTo = null; // where the reader was, until it is shown or the reader does something

const home = () => document.querySelector("#to-newest").getAttribute("href");
const isHome = () => timeline() && location.pathname === home();
const heightOf = (row) => row.getBoundingClientRect().bottom - scroll().getBoundingClientRect().bottom;

// Whether the message to which the address leads is in sight.
function isTargetShown() {
  const target = location.hash && timeline().querySelector(`:scope > .row[id="${CSS.escape(location.hash.slice(1))}"]`);
  if (!target) return false;
  const [view, row] = [scroll().getBoundingClientRect(), target.getBoundingClientRect()];
  return row.bottom > view.top && row.top < view.bottom;
}

function save() {
  clearTimeout(timer);
  timer = undefined;
  if (!isHome() || returnsTo) return;
  const row = isAtEnd() ? null : middle();
  const isNear = !row || (isNewest() && rows().indexOf(row) >= rows().length - ON_NEWEST_PAGE);
  const reading = row && { seq: seqOf(row), height: heightOf(row) };
  const address = isNear ? home() : `${home()}?around=${seqOf(row)}`;
  parley.setAddress(isTargetShown() ? location.href : address, reading);
}

function goBack() {
  const row = returnsTo && timeline()?.querySelector(`:scope > .row[data-seq="${returnsTo.seq}"]`);
  if (!row) return;
  scroll().scrollTop += heightOf(row) - returnsTo.height;
  if (Math.abs(heightOf(row) - returnsTo.height) <= 1) returnsTo = null; // otherwise again when more is loaded
}

function begin() {
  returnsTo = (isHome() && history.state?.reading) || null;
  goBack();
}

document.addEventListener(
  "scroll",
  ({ target }) => {
    if (!target.matches?.(".newest-first")) return;
    clearTimeout(timer);
    timer = setTimeout(save, SETTLED_MS);
  },
  { capture: true, passive: true },
);
for (const name of ["wheel", "pointerdown", "touchstart", "keydown"]) {
  document.addEventListener(name, () => (returnsTo = null), { capture: true, passive: true });
}
document.addEventListener("htmx:after:swap", goBack);
addEventListener("pagehide", () => timer && save());
// Called before the address is that of the next place, which may be another one in the same conversation.
parley.saveAddress = () => timer && save();
document.addEventListener("leaving", () => {
  clearTimeout(timer);
  timer = undefined;
});
document.addEventListener("arrived", ({ detail }) => {
  if (!detail.position) begin();
});
begin();
addEventListener("load", goBack); // until then the browser keeps going to the message of the address
