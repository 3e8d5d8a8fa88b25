// The stream of the page: its cursor, how it reconnects, and the messages about the connection. The events
// themselves are swapped in by htmx.

const SILENCE_MS = 35_000; // the server sends an event at least every 15 s
const NOTICE_DELAY_MS = 2000; // shorter interruptions are not shown

const texts = document.querySelector("#texts")?.dataset ?? {};
const live = () => document.querySelector("#live");
const isLive = ({ target }) => target === live();
const status = document.querySelector("#connection");
// Hidden tabs are paused, except for the one that watches for all of them (notify.js).
const isPaused = () => ended || (document.hidden && !("watch" in document.body.dataset));
const cursor = () => document.querySelector("#cursor")?.dataset;

let applied = cursor()?.cursor;
let connection;
let beganHidden = false; // the server does not count a hidden tab as somebody who looks at a page
let isOutdated = false; // whether the stream that is open, or is being opened, began at another cursor
let lastEventAt = Date.now();
let ended = false;
let isSignedOut = false;
let notice;
let retry;

function show(text, after = 0, ...more) {
  clearTimeout(notice);
  notice = setTimeout(() => status.replaceChildren(text, ...more), after);
}

function onLost() {
  delete document.body.dataset.live;
  if (!status.textContent && !isPaused()) show(texts.lost, NOTICE_DELAY_MS);
}

function onConnected() {
  if (!status.textContent) return show("");
  status.textContent = texts.found;
  show("", 3000);
}

function end(text, ...more) {
  ended = true;
  connection?.reader?.cancel();
  show(text, 0, ...more);
}

// To sign in again in another tab, where it leads to what is open here.
function signInLink() {
  const link = document.createElement("a");
  const here = location.pathname + location.search;
  Object.assign(link, { className: "link", target: "_blank", textContent: texts.signIn });
  link.href = `${texts.signInHref}?next=${encodeURIComponent(here)}`;
  return link;
}

const END_TEXTS = {
  401: texts.signedOut,
  404: texts.notAMember,
};

function endWith(status) {
  isSignedOut = status === 401;
  if (isSignedOut) end(END_TEXTS[status], " ", signInLink());
  else end(END_TEXTS[status]);
  if (isSignedOut) document.dispatchEvent(new Event("refused")); // token.js checks whether it is a new session
}

parley.appliedVersion = () => Number(applied?.split(".")[2]);

function setApplied(value) {
  applied = value;
  if (value && cursor()) cursor().cursor = value; // so that a person who comes back to this place goes on from here
}

// "Mark as read" reads up to the last change that the page shows.
function showApplied() {
  const until = document.querySelector("#mark-read [name=until]");
  if (until && "live" in document.body.dataset) until.value = parley.appliedVersion();
}
document.addEventListener("htmx:after:swap", showApplied);

// The stream begins anew, at this cursor. It may just be waiting to reconnect.
function goOnFrom(cursor) {
  setApplied(cursor);
  if (!connection) return;
  connection.lastEventId = cursor;
  isOutdated = !connection.delayCanceller;
  connection.reader?.cancel();
}

// After a `reset`: load the whole list again, and reconnect with its cursor.
async function refresh() {
  const before = document.querySelector("#cursor");
  const place = parley.placeNumber();
  if (!before || ended) return;
  const address = before.dataset.fresh + (document.querySelector("#timeline")?.dataset.around ?? "");
  clearTimeout(retry);
  await htmx.ajax("GET", address, { source: "#connection", swap: "none" });
  if (before.isConnected || place !== parley.placeNumber()) return; // it failed, and will be tried again; or the place was left
  for (const { dataset } of document.querySelectorAll(".replies")) htmx.trigger(document.body, `thread-${dataset.root}`);
  goOnFrom(cursor().cursor);
}

document.addEventListener("htmx:config:request", ({ target, detail: { ctx } }) => {
  if (target !== live()) return;
  if (applied) ctx.request.headers["Last-Event-ID"] = applied;
  beganHidden = document.hidden;
  if (beganHidden) ctx.request.headers["Parley-Hidden"] = "1";
});

document.addEventListener("htmx:before:request", (event) => {
  if (isLive(event) && isPaused()) event.preventDefault();
});

for (const name of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(name, ({ target, detail: { ctx } }) => {
    const status = ctx?.response?.status;
    if (target.matches?.("[data-renewed]:not(#sidebar)") && status !== 404) {
      clearTimeout(retry);
      retry = setTimeout(refresh, 5000);
    }
    if (target !== live()) return;
    if (END_TEXTS[status]) endWith(status);
    else onLost();
  });
}

// A change that arrives while a part of the list is being loaded may miss the rows in it. So the stream goes back
// to the cursor from before the request.
document.addEventListener("htmx:before:request", ({ target, detail: { ctx } }) => {
  if (target.matches?.("[hx-target='#panel'], .more a, #to-newest")) ctx.since = applied;
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.since && ctx.since !== applied && ctx.place === parley.placeNumber()) goOnFrom(ctx.since);
});

function listen(name, act) {
  document.addEventListener(name, (event) => isLive(event) && act(event));
}

listen("htmx:sse:before:connection", ({ detail }) => {
  ({ connection } = detail);
  connection.cancelled = isPaused();
  connection.lastEventId = applied ?? "";
  isOutdated = false;
  if (connection.attempt) onLost();
});

listen("htmx:sse:after:connection", () => {
  lastEventAt = Date.now();
  document.body.dataset.live = "";
  document.dispatchEvent(new Event("connected"));
  onConnected();
});

listen("htmx:sse:error", ({ detail }) => {
  if (END_TEXTS[detail.status]) endWith(detail.status);
  else onLost();
});

// The tab may have been hidden while it waited to reconnect. Then the stream ends at its first message.
listen("htmx:sse:before:message", ({ detail }) => {
  lastEventAt = Date.now();
  if (!isOutdated && !isPaused()) return;
  detail.cancelled = true;
  detail.connection.reader?.cancel();
});

// Our cursor moves after the swap. htmx moves its own cursor before the swap, so we do not use htmx's.
listen("htmx:sse:after:message", ({ detail: { message } }) => {
  if (message.event || !message.id) return;
  setApplied(message.id);
  showApplied();
});

listen("reset", refresh);
listen("signed-out", () => endWith(401));
listen("removed", () => endWith(404));
listen("replaced", () => end(texts.paused));

document.addEventListener("renewed", () => {
  if (!isSignedOut) return;
  isSignedOut = ended = false;
  show("");
  htmx.trigger(live(), "resume");
});
document.addEventListener("visibilitychange", () => {
  if (isPaused() || (beganHidden && !document.hidden)) connection?.reader?.cancel();
  if (isSignedOut && !document.hidden) endWith(401);
});

function checkConnection() {
  if (connection?.reader && Date.now() - lastEventAt > SILENCE_MS) connection.reader.cancel();
}

setInterval(checkConnection, 5000);
document.addEventListener("resume", checkConnection);
// The network is back: the page tries at once, and soon again if a try was on its way and fails.
addEventListener("online", () => {
  if (!connection) return;
  connection.attempt = 0;
  connection.delayCanceller?.();
});

// Not htmx's own "load" trigger: it may fire before this file runs, and the stream would begin without the cursor.
// It must be a timer: htmx processes the page in a timer that was set earlier, so this one runs after it.
function begin() {
  applied = cursor()?.cursor;
  htmx.trigger(live(), "resume");
}
if (live()) setTimeout(begin);

document.addEventListener("leaving", () => {
  clearTimeout(retry);
  delete document.body.dataset.live;
  connection = undefined; // htmx ends it when its element is replaced
  isOutdated = ended = false;
  show("");
});
document.addEventListener("arrived", () => {
  lastEventAt = Date.now();
  begin();
});
