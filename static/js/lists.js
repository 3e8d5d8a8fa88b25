// One Tab stop for each list: for the messages or lines of a column, and for the sidebar. It is the item that had the
// focus last; until then the first new message, or else the newest, or the first line or message of the inbox. The
// arrow keys move from item to item, and Tab from an item to its controls. Without script all of them are Tab stops.

const LISTS = ".main, .panel, #sidebar";
const ITEM = ".row[id] > .message, .lines .line, #sidebar :is(a, button, summary)";
const HOLDER = ".row[id], .lines > li"; // an item with its controls
const CONTROL = ":is(.row[id], .lines > li) :is(a[href], button, summary, [tabindex='0'])";
const NEW = ":is(.new-line, .new-line + .day) + .row[id] > .message, .thread .row[id]:has(.new) > .message";

const holderOf = (element) => element.closest(HOLDER);
const itemOf = (element) => element.closest(ITEM) ?? holderOf(element)?.querySelector(ITEM);
const itemsOf = (list) => [...list.querySelectorAll(ITEM)].filter((item) => !item.closest("[hidden], [popover], .gone"));
const keyOf = (item) => item.closest(".row[id]")?.id ?? item.getAttribute("href");
// What scrolls sideways stays a Tab stop: the arrow keys scroll it.
const isControl = (element) => !element.matches(`${ITEM}, .prose :is(pre, table)`) && !element.closest(".slot");
const rowAround = (element) => element.closest(".row[id] > .message")?.parentElement.id ?? null;
const active = () => document.activeElement ?? document.body;
const focusedItem = () => itemOf(active());

let lost = null; // the id of the row in whose message the focus is before a swap

function setTabIndex(element, index) {
  if (element.getAttribute("tabindex") !== String(index)) element.tabIndex = index;
}

function closeControls(open) {
  for (const control of document.querySelectorAll(`${CONTROL}:not([tabindex="-1"])`)) {
    if (isControl(control) && holderOf(control) !== open) control.tabIndex = -1;
  }
}

function openControls(holder) {
  for (const control of holder.querySelectorAll("[tabindex='-1']:not([aria-hidden])")) {
    if (isControl(control)) control.tabIndex = 0;
  }
}

function firstStop(list, items) {
  const isOfMessages = items[0]?.matches(".message:not(.waiting *)"); // the inbox begins with what comes first
  const preferred = list.querySelector(isOfMessages ? NEW : "#sidebar [aria-current]:not([hidden])");
  return preferred ?? items.at(isOfMessages ? -1 : 0);
}

function stopOf(list, items) {
  const focused = list.contains(active()) && focusedItem();
  return focused || items.find((item) => keyOf(item) === list.dataset.stop && item.checkVisibility()) || firstStop(list, items);
}

function refresh() {
  for (const list of document.querySelectorAll(LISTS)) {
    const items = itemsOf(list);
    const stop = stopOf(list, items);
    for (const item of items) setTabIndex(item, item === stop ? 0 : -1);
    // What scrolls is a Tab stop only if nothing in it is one.
    for (const scroll of list.querySelectorAll(".scroll[tabindex]")) setTabIndex(scroll, stop ? -1 : 0);
  }
  closeControls(holderOf(active()));
}

// While a message has the focus, its name for screen readers is its author, its time and its text.
function nameWithText(message) {
  const found = [".moment", ".prose", ".references", ".edited", ".summary"].map((part) => message.querySelector(part));
  const parts = found.map((part) => (part?.querySelector(".custom-emoji, .spoiler") ? parley.words(part) : part?.innerText.trim()));
  message.dataset.called = message.ariaLabel;
  message.ariaLabel = [message.ariaLabel, ...parts].filter(Boolean).join(", ").slice(0, 400);
}

document.addEventListener("focusin", ({ target }) => {
  lost = rowAround(target); // it may be between the two events of a swap
  const item = itemOf(target);
  closeControls(holderOf(target));
  if (!item) return;
  const list = item.closest(LISTS);
  for (const other of list.querySelectorAll(ITEM)) setTabIndex(other, other === item ? 0 : -1);
  list.dataset.stop = keyOf(item) ?? "";
  if (holderOf(target)) openControls(holderOf(target));
  if (target.matches(".message")) nameWithText(target);
});

document.addEventListener("focusout", ({ target }) => {
  if (!target.matches?.(".message[data-called]")) return;
  target.ariaLabel = target.dataset.called;
  delete target.dataset.called;
});

function focusItem(item) {
  item.focus({ preventScroll: true });
  (holderOf(item) ?? item).scrollIntoView({ block: "nearest" });
}

// Whether an item that is taller than the view goes on beyond its edge, so that one goes on reading it.
function goesOn(item, view, step) {
  const [edge, end] = [view, holderOf(item) ?? item].map((one) => one.getBoundingClientRect());
  return end.height > edge.height && (step > 0 ? end.bottom > edge.bottom + 1 : end.top < edge.top - 1);
}

// Moves the focus to the next item of its list, or back; from outside of a list to the Tab stop of the open column.
function move(step) {
  const item = focusedItem();
  if (!item) return enter();
  const view = item.closest(".scroll");
  if (view && goesOn(item, view, step)) return view.scrollBy({ top: step * view.clientHeight * 0.8 });
  const items = itemsOf(item.closest(LISTS)).filter((one) => one === item || one.checkVisibility());
  const next = items[items.indexOf(item) + step];
  if (next) focusItem(next);
}

// Moves the focus into the list of a column; from a section that has the focus to its first item. Returns whether there
// is a list.
function enter(column = active().closest(".main, .panel")) {
  const inSection = active().matches("section") && active().querySelector(ITEM);
  if (inSection) return focusItem(inSection) ?? true;
  const columns = [column, ...document.querySelectorAll("#panel, #main")];
  const stop = columns.map((one) => one?.querySelector(`:is(${ITEM})[tabindex="0"]`)).find(Boolean);
  if (stop) focusItem(stop);
  return Boolean(stop);
}

parley.lists = { enter, focusedItem, focusItem, focusMessage, itemsOf, move, neighbourOf, refresh };

// The item after a message of which nothing is shown, or else the last one.
function neighbourOf(message) {
  const items = itemsOf(message.closest(LISTS));
  const isAfter = (one) => message.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
  return items.find(isAfter) ?? items.at(-1) ?? message;
}

// A message; or, if it was removed and nothing of it is shown, its neighbour.
function focusMessage(message) {
  message.focus({ preventScroll: true });
  if (active() !== message) focusItem(neighbourOf(message));
}

// htmx restores the focus by id, and the message itself has none. A control that is gone leaves it to its message.
document.addEventListener("htmx:before:swap", () => {
  lost = rowAround(active());
});
document.addEventListener("htmx:after:swap", () => {
  refresh();
  const message = lost && active() === document.body && document.querySelector(`#${lost} > .message`);
  if (message) focusMessage(message);
});
document.addEventListener("folded", refresh);

document.addEventListener("keydown", (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const hasModifier = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
  if (!step || hasModifier || event.defaultPrevented || !isInList(event.target)) return;
  if (isAbove(event.target) && step < 0) return;
  if (document.querySelector("dialog[open], [popover]:popover-open:not(#person-card)")) return;
  event.preventDefault();
  move(step);
});

// A field or a scrolling part has its own use for the arrow keys. But from a search field they lead to what it found.
const isInList = (target) =>
  target.matches("body, #main") || target.matches(ITEM) || (itemOf(target) && target.matches("a, button")) || isAbove(target);
const isAbove = (target) => target.matches(".main input[type='search']") && document.querySelector(".main .line");

refresh();
