// The page's stream: what it has applied, how it is opened again, and what the person is told about it. What
// arrives is put in its place by htmx; this file only keeps the account.

const SILENCE = 35_000; // the server says something every 15 s
const PATIENCE = 2000; // shorter than this nobody needs to know

const live = document.querySelector("#live");
const status = document.querySelector("#connection");
const cursor = () => document.querySelector("#cursor")?.dataset;

let applied = cursor()?.cursor;
let connection;
let heard = Date.now();
let ended = false;
let notice;

function say(text, after = 0) {
  clearTimeout(notice);
  notice = setTimeout(() => {
    status.textContent = text;
  }, after);
}

function lost() {
  delete document.body.dataset.live;
  if (!status.textContent && !ended) say("The connection is lost. Trying again…", PATIENCE);
}

function found() {
  const wasSaid = status.textContent;
  say(wasSaid ? "Connected again." : "");
  if (wasSaid) setTimeout(() => say(""), 3000);
}

function end(text) {
  ended = true;
  connection?.reader?.cancel();
  say(text);
}

const ENDS = {
  401: "You are signed out. What you typed is still here: sign in again in another tab, then load this page.",
  404: "You are not in this conversation any more.",
};

// What changed cannot be told change by change: all of it is fetched, and the stream goes on from there.
async function refresh() {
  const place = cursor();
  if (!place) return;
  await htmx.ajax("GET", place.fresh, { source: "#timeline, .replies", swap: "none" });
  if (cursor().cursor === applied) return; // not reached: the stream says "reset" again
  applied = cursor().cursor;
  for (const { dataset } of document.querySelectorAll(".replies")) htmx.trigger(document.body, `thread-${dataset.root}`);
  connection?.reader?.cancel();
}

document.addEventListener("htmx:config:request", ({ target, detail: { ctx } }) => {
  if (target === live && applied) ctx.request.headers["Last-Event-ID"] = applied;
});

document.addEventListener("htmx:before:request", (event) => {
  if (event.target === live && (document.hidden || ended)) event.preventDefault();
});

for (const name of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(name, ({ target, detail: { ctx } }) => {
    if (target !== live) return;
    const said = ENDS[ctx?.response?.status];
    if (said) end(said);
    else lost();
  });
}

live?.addEventListener("htmx:sse:before:connection", ({ detail }) => {
  ({ connection } = detail);
  connection.cancelled = ended;
  connection.lastEventId = applied ?? "";
  if (connection.attempt) lost();
});

live?.addEventListener("htmx:sse:after:connection", () => {
  heard = Date.now();
  document.body.dataset.live = "";
  found();
});

live?.addEventListener("htmx:sse:error", ({ detail }) => {
  if (ENDS[detail.status]) end(ENDS[detail.status]);
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
live?.addEventListener("signed-out", () => end(ENDS[401]));
live?.addEventListener("removed", () => end(ENDS[404]));
live?.addEventListener("replaced", () => end("Many of your tabs are open, so this one rests. Load it again to go on."));

setInterval(() => {
  if (connection?.reader && Date.now() - heard > SILENCE) connection.reader.cancel();
}, 5000);
