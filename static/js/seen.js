// A message that was on screen in a focused window for a second was seen. What was seen is told to the server
// gently: some seconds apart, and on leaving.

const DWELL = 1000;
// The more people, the less often: a room in which all are reading tells it twenty times a second.
const members = Number(document.querySelector("[data-members]")?.dataset.members ?? 0);
const APART = Math.min(Math.max(3000, members * 50), 10_000);
const AFTER_A_FAILURE = 15_000;
const AT_ONCE = 500; // ids in one report: the server's limit

const onScreen = new Map(); // row -> since when enough of it is in sight, or null
let watched = new WeakSet(); // rows that are told once
const seen = new Set(); // ids still to be told
let url;
let nextAt = 0;

const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) onScreen.set(target, null);
    else onScreen.delete(target);
  }
});

// Each column says what may be unread in it; what came after it was loaded may be, too.
function mayBeUnread(row) {
  const news = row.closest(".main, .panel")?.querySelector("[data-seen]");
  const message = row.querySelector(".message");
  if (!news || !message || message.dataset.author === news.dataset.viewer) return false;
  const { version, firstUnread, unread, held } = news.dataset;
  const seq = Number(message.dataset.seq);
  if (held && seq >= Number(held)) return false;
  url = news.dataset.seen;
  if (seq > Number(version)) return true;
  if (!row.id.startsWith("t-")) return firstUnread && seq >= Number(firstUnread);
  return row.matches(".indent-0") || unread?.split(" ").includes(row.id.slice(2));
}

function watch() {
  for (const row of document.querySelectorAll(".row[id^='m-'], .row[id^='t-']")) {
    if (watched.has(row) || !mayBeUnread(row)) continue;
    watched.add(row);
    observer.observe(row);
  }
}

// Half of it, or of a long one the end.
function isInSight(row) {
  const place = row.closest(".scroll").getBoundingClientRect();
  const { top, bottom, height } = row.getBoundingClientRect();
  const shown = Math.min(bottom, place.bottom) - Math.max(top, place.top);
  return shown > 0 && (shown >= height / 2 || bottom <= place.bottom + 1);
}

function look() {
  const now = Date.now();
  const isHere = document.visibilityState === "visible" && document.hasFocus();
  for (const [row, since] of onScreen) {
    if (!row.isConnected || !mayBeUnread(row)) forget(row);
    else if (!isHere || !isInSight(row)) onScreen.set(row, null);
    else if (since === null) onScreen.set(row, now);
    else if (now - since >= DWELL) {
      seen.add(row.id.slice(2));
      observer.unobserve(row);
      onScreen.delete(row);
    }
  }
  if (now >= nextAt) tell();
}

function forget(row) {
  observer.unobserve(row);
  onScreen.delete(row);
  watched.delete(row);
}

async function tell(leaving = false) {
  if (!seen.size) return;
  nextAt = Date.now() + APART;
  const ids = [...seen].slice(0, AT_ONCE);
  for (const id of ids) seen.delete(id);
  try {
    const body = new URLSearchParams({ ids: ids.join(" ") });
    // Badges then come by the stream; what else the answer holds is about replies.
    const isLive = "live" in document.body.dataset && !ids.some((id) => document.querySelector(`#t-${id}`));
    if (isLive) body.set("live", "");
    const answer = await fetch(url, { method: "POST", headers: parley.partHeaders(), body, keepalive: leaving });
    if (answer.status === 403) document.dispatchEvent(new Event("refused"));
    if (!answer.ok) throw new Error(answer.status);
    const text = await answer.text();
    if (text) await htmx.swap({ sourceElement: document.body, target: "body", swap: "innerHTML", text });
  } catch {
    // Told again later, however often: reading is never worth a notice.
    for (const id of ids) seen.add(id);
    nextAt = Date.now() + AFTER_A_FAILURE;
  }
}

// "Mark unread from here" holds the messages back until the person has been away.
function release() {
  for (const news of document.querySelectorAll("[data-held]")) delete news.dataset.held;
  watch();
}

function swapped() {
  if (document.querySelector("[data-held]")) {
    watched = new WeakSet(); // once released, they are told anew
    for (const id of seen) {
      const row = document.querySelector(`#m-${id}, #t-${id}`);
      if (row && !mayBeUnread(row)) seen.delete(id);
    }
  }
  watch();
}

watch();
setInterval(look, 250);
addEventListener("focus", release);
addEventListener("pagehide", () => tell(true));
document.addEventListener("visibilitychange", () => document.hidden && tell(true));
document.addEventListener("htmx:after:swap", swapped);
