// Older and newer messages are loaded as the reader nears them. When there are many rows, those at the end that is
// farther from the reader are removed, so that the page never has more than MAX_ROWS. There is more at that end then,
// as if it had never been loaded: new messages are not inserted there, and it has a link again.

const MAX_ROWS = 400;
const KEPT_ROWS = 280;
const NEAR = 1.5; // how far from an end loading begins, in heights of what the reader sees
const NEAR_PIXELS = 1500; // and at most
const RETRY_DELAY_MS = 5000;

const texts = document.querySelector("#texts")?.dataset ?? {};
const { timeline, rows, seqOf } = parley.list;

function loadIfNear(scroll, near) {
  const view = scroll.getBoundingClientRect();
  for (const link of scroll.querySelectorAll(".more a[hx-get][data-htmx-powered]:not([data-loads-itself])")) {
    const { top, bottom } = link.getBoundingClientRect();
    if (bottom < view.top - near || top > view.bottom + near) continue;
    link.dataset.loadsItself = ""; // once, and without an error message (notices.js)
    link.click();
  }
}

const nearness = (scroll) => Math.min(NEAR * scroll.clientHeight, NEAR_PIXELS);

// A form that is open keeps its row on the page, out of sight. When the row is loaded again, htmx puts its slot, with
// the form, in its place.
function remove(row) {
  if (row.contains(document.activeElement)) row.closest(".scroll").focus({ preventScroll: true });
  if (row.querySelector(":scope > .slot form")) document.querySelector("#set-aside").append(row);
  else row.remove();
}

function addLink(place, name, query) {
  const { list } = timeline().dataset;
  const more = document.createElement("div");
  more.classList.add("more", name);
  more.innerHTML = '<a class="button small plain" hx-target="closest .more" hx-swap="outerHTML"></a>';
  more.firstChild.textContent = texts[name];
  more.firstChild.setAttribute("href", query);
  more.firstChild.setAttribute("hx-get", list + query);
  timeline().insertAdjacentElement(place, more);
  htmx.process(more);
}

function removeSurplus() {
  const all = rows();
  if (all.length <= MAX_ROWS) return;
  const view = timeline().closest(".scroll").getBoundingClientRect();
  const above = view.top - all[0].getBoundingClientRect().top;
  const below = all.at(-1).getBoundingClientRect().bottom - view.bottom;
  const [first, last] = above > below ? [all.length - KEPT_ROWS, all.length] : [0, KEPT_ROWS];
  for (const [place, row] of all.entries()) if (place < first || place >= last) remove(row);
  timeline().querySelector(`:scope > .${above > below ? "older" : "newer"}`)?.remove();
  if (above > below) addLink("afterbegin", "older", `?before=${seqOf(all[first])}`);
  else addLink("beforeend", "newer", `?after=${seqOf(all[last - 1])}`);
}

// A part of the list that was inserted has links of its own, to what is shown above and below it.
function afterSwap() {
  const list = timeline();
  if (!list) return;
  for (const link of list.querySelectorAll(":scope > :is(.older:not(:first-child), .newer:not(:last-child))")) link.remove();
  for (const row of document.querySelector("#set-aside")?.children ?? []) if (!row.querySelector(".slot")) row.remove();
  removeSurplus();
}

document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  if (ctx.target?.id !== "timeline" || ctx.swap !== "innerHTML") return;
  ctx.writing = document.activeElement?.closest("#timeline form") && document.activeElement;
  rows().forEach((row) => row.querySelector("form") && remove(row));
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.writing?.isConnected) ctx.writing.focus({ preventScroll: true });
  afterSwap();
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const link = ctx.control;
  if (!link?.matches?.(".more a")) return;
  const again = () => {
    delete link.dataset.loadsItself;
    const scroll = timeline()?.closest(".scroll");
    if (scroll) loadIfNear(scroll, nearness(scroll));
  };
  if (!link.isConnected) again();
  else setTimeout(again, RETRY_DELAY_MS);
});
document.addEventListener(
  "scroll",
  ({ target }) => {
    if (target.matches?.(".newest-first")) loadIfNear(target, nearness(target));
  },
  { capture: true, passive: true },
);
// A list that opens at its newest messages loads older ones only if its end is in sight. A list that opens elsewhere may
// have scrolled there before htmx had processed its links, so it loads what is near. One to which the reader comes back may have been left while it loaded more.
function begin() {
  for (const link of timeline()?.querySelectorAll("[data-loads-itself]") ?? []) delete link.dataset.loadsItself;
  const scroll = timeline()?.closest(".scroll");
  if (scroll) loadIfNear(scroll, scroll.scrollTop ? nearness(scroll) : 0);
}
document.addEventListener("arrived", begin);
setTimeout(begin); // htmx processes the page in a timer that was set earlier
