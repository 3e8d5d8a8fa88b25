// Marks messages as read. A message counts as seen after a second on the screen in a focused window. The page
// reports what was seen every few seconds, and when it is left.

const DWELL_MS = 1000;
// The more members, the less often: twenty reports a second in a room of up to 200 members where everybody reads.
const memberCount = () => Number(document.querySelector("[data-members]")?.dataset.members ?? 0);
const intervalMs = () => Math.min(Math.max(3000, memberCount() * 50), 10_000);
const RETRY_DELAY_MS = 15_000;
const MAX_IDS = 500; // in one report: the server's limit

const onScreen = new Map(); // row -> the time since which enough of it is visible, or null
let watched = new WeakSet(); // rows that are observed or were reported
const observed = new Set();
const seen = new Set(); // ids that have not been reported yet
let read = new WeakSet(); // rows that were seen
let url;
let nextAt = 0;

const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) onScreen.set(target, null);
    else onScreen.delete(target);
  }
});

// Each column contains data about what may be unread in it. Messages that arrived after the column was loaded may
// also be unread.
function mayBeUnread(row) {
  const state = row.closest(".main, .panel")?.querySelector("[data-seen]");
  const message = row.querySelector(".message");
  if (!state || !message || message.dataset.author === state.dataset.viewer) return false;
  const { version, firstUnread, unread, held } = state.dataset;
  const seq = Number(message.dataset.seq);
  if (held && seq >= Number(held)) return false;
  url = state.dataset.seen;
  if (seq > Number(version)) return true;
  if (!row.id.startsWith("t-")) return firstUnread && seq >= Number(firstUnread);
  return row.matches(".indent-0") || unread?.split(" ").includes(row.id.slice(2));
}

function watch() {
  for (const row of document.querySelectorAll(".row[id^='m-'], .row[id^='t-']")) {
    if (watched.has(row) || !mayBeUnread(row)) continue;
    watched.add(row);
    observed.add(row);
    observer.observe(row);
  }
}

// Whether at least half of the row, or its lower end, is visible: half of a very long row may not fit on the screen.
function isVisible(row) {
  const view = row.closest(".scroll").getBoundingClientRect();
  const { top, bottom, height } = row.getBoundingClientRect();
  const shown = Math.min(bottom, view.bottom) - Math.max(top, view.top);
  return shown > 0 && (shown >= height / 2 || bottom <= view.bottom + 1);
}

function check() {
  const now = Date.now();
  const isHere = document.visibilityState === "visible" && document.hasFocus();
  for (const [row, since] of onScreen) {
    if (!row.isConnected || !mayBeUnread(row)) unwatch(row);
    else if (!isHere || !isVisible(row)) onScreen.set(row, null);
    else if (since === null) onScreen.set(row, now);
    else if (now - since >= DWELL_MS) {
      seen.add(row.id.slice(2));
      read.add(row);
      release(row);
    }
  }
  if (now >= nextAt) report();
}

parley.isUnread = (row) => mayBeUnread(row) && !read.has(row);

function release(row) {
  observer.unobserve(row);
  observed.delete(row);
  onScreen.delete(row);
}

function unwatch(row) {
  release(row);
  watched.delete(row);
}

async function report(leaving = false) {
  if (!seen.size) return;
  nextAt = Date.now() + intervalMs();
  const ids = [...seen].slice(0, MAX_IDS);
  for (const id of ids) seen.delete(id);
  const place = parley.placeNumber();
  try {
    const body = new URLSearchParams({ ids: ids.join(" ") });
    // With `live` the response is empty, since the stream brings the badges. Marks at replies are not streamed.
    const isLive = "live" in document.body.dataset && !ids.some((id) => document.querySelector(`#t-${id}`));
    if (isLive) body.set("live", "");
    const response = await fetch(url, { method: "POST", headers: parley.partHeaders(), body, keepalive: leaving });
    if (response.status === 403) document.dispatchEvent(new Event("refused"));
    if (!response.ok) throw new Error(response.status);
    const text = await response.text();
    const isHere = place === parley.placeNumber();
    if (text && isHere) await htmx.swap({ sourceElement: document.body, target: "body", swap: "innerHTML", text });
  } catch {
    // Try again later, without an error message: this is not important enough to interrupt the reader.
    for (const id of ids) seen.add(id);
    nextAt = Date.now() + RETRY_DELAY_MS;
  }
}

// After "Mark as unread from here" these messages are marked as read only when the window was left and focused again.
function endHold() {
  for (const state of document.querySelectorAll("[data-held]")) delete state.dataset.held;
  watch();
}

function afterSwap() {
  for (const row of observed) if (!row.isConnected) unwatch(row);
  if (document.querySelector("[data-held]")) {
    watched = new WeakSet(); // after the release they are reported again
    read = new WeakSet();
    for (const id of seen) {
      const row = document.querySelector(`#m-${id}, #t-${id}`);
      if (row && !mayBeUnread(row)) seen.delete(id);
    }
  }
  watch();
}

watch();
setInterval(check, 250);
addEventListener("focus", endHold);
addEventListener("pagehide", () => report(true));
document.addEventListener("leaving", () => {
  report(true);
  seen.clear();
  onScreen.clear();
  observed.clear();
  observer.disconnect();
  watched = new WeakSet();
});
document.addEventListener("visibilitychange", () => document.hidden && report(true));
document.addEventListener("htmx:after:swap", afterSwap);
