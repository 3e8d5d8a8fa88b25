// The page's stream: what it has applied, how it is opened again, and what the person is told about it. What
// arrives is put in its place by htmx; this file only keeps the account.

const SILENCE = 35_000; // the server says something every 15 s
const PATIENCE = 2000; // shorter than this nobody needs to know

const texts = document.querySelector("#texts")?.dataset ?? {};
const live = document.querySelector("#live");
const status = document.querySelector("#connection");
// Hidden tabs rest, but for the one that watches for all of them (notify.js).
const rests = () => ended || (document.hidden && !("watch" in document.body.dataset));
const cursor = () => document.querySelector("#cursor")?.dataset;

let applied = cursor()?.cursor;
let connection;
let heard = Date.now();
let ended = false;
let isSignedOut = false;
let notice;
let retry;

function say(text, after = 0) {
  clearTimeout(notice);
  notice = setTimeout(() => {
    status.textContent = text;
  }, after);
}

function lost() {
  delete document.body.dataset.live;
  if (!status.textContent && !rests()) say(texts.lost, PATIENCE);
}

function found() {
  const wasSaid = status.textContent;
  say(wasSaid ? texts.found : "");
  if (wasSaid) setTimeout(() => say(""), 3000);
}

function end(text) {
  ended = true;
  connection?.reader?.cancel();
  say(text);
}

const ENDS = {
  401: texts.signedOut,
  404: texts.notAMember,
};

function endBy(status) {
  end(ENDS[status]);
  isSignedOut = status === 401;
  if (isSignedOut) document.dispatchEvent(new Event("refused")); // or signed in anew
}

// What changed cannot be told change by change: all of it is fetched, and the stream goes on from there.
async function refresh() {
  const before = document.querySelector("#cursor");
  if (!before || ended) return;
  const place = before.dataset.fresh + (document.querySelector("#timeline")?.dataset.around ?? "");
  clearTimeout(retry);
  await htmx.ajax("GET", place, { source: "#connection", swap: "none" });
  if (before.isConnected) return; // it failed, and is tried again
  applied = cursor().cursor;
  for (const { dataset } of document.querySelectorAll(".replies")) htmx.trigger(document.body, `thread-${dataset.root}`);
  connection?.reader?.cancel();
}

document.addEventListener("htmx:config:request", ({ target, detail: { ctx } }) => {
  if (target === live && applied) ctx.request.headers["Last-Event-ID"] = applied;
});

document.addEventListener("htmx:before:request", (event) => {
  if (event.target === live && rests()) event.preventDefault();
});

for (const name of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(name, ({ target, detail: { ctx } }) => {
    const status = ctx?.response?.status;
    if (target.matches?.("[data-renewed]") && status !== 404) {
      clearTimeout(retry);
      retry = setTimeout(refresh, 5000);
    }
    if (target !== live) return;
    if (ENDS[status]) endBy(status);
    else lost();
  });
}

// What changed while a part of the list was on its way was not there to be changed: it is told once more.
document.addEventListener("htmx:before:request", ({ target, detail: { ctx } }) => {
  if (target.matches?.("[hx-target='#panel'], .more a")) ctx.since = applied;
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (!ctx.since || ctx.since === applied) return;
  applied = ctx.since;
  connection?.reader?.cancel();
});

live?.addEventListener("htmx:sse:before:connection", ({ detail }) => {
  ({ connection } = detail);
  connection.cancelled = rests();
  connection.lastEventId = applied ?? "";
  if (connection.attempt) lost();
});

live?.addEventListener("htmx:sse:after:connection", () => {
  heard = Date.now();
  document.body.dataset.live = "";
  found();
});

live?.addEventListener("htmx:sse:error", ({ detail }) => {
  if (ENDS[detail.status]) endBy(detail.status);
  else lost();
});

live?.addEventListener("htmx:sse:before:message", () => {
  heard = Date.now();
});

// Only what was swapped in counts: htmx moves its own cursor before.
live?.addEventListener("htmx:sse:after:message", ({ detail: { message } }) => {
  if (message.event || !message.id) return;
  applied = message.id;
  const until = document.querySelector("#mark-read [name=until]");
  if (until) until.value = applied.split(".")[2];
});

live?.addEventListener("reset", refresh);
live?.addEventListener("signed-out", () => endBy(401));
live?.addEventListener("removed", () => endBy(404));
live?.addEventListener("replaced", () => end(texts.paused));

document.addEventListener("renewed", () => {
  if (!isSignedOut) return;
  isSignedOut = ended = false;
  say("");
  htmx.trigger(live, "resume");
});
document.addEventListener("visibilitychange", () => {
  if (rests()) connection?.reader?.cancel();
  if (isSignedOut && !document.hidden) endBy(401);
});

function listen() {
  if (connection?.reader && Date.now() - heard > SILENCE) connection.reader.cancel();
}

setInterval(listen, 5000);
document.addEventListener("resume", listen);
addEventListener("online", () => connection?.delayCanceller?.());

// Not htmx's own "load": it may come before this file, and the stream would begin without the cursor. A timer,
// since htmx looks through the page in one that it set before.
if (live) setTimeout(() => htmx.trigger(live, "resume"));
