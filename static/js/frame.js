// What the stream updates on every page: badges, the conversations in the sidebar, and who is online.

const sidebar = () => document.querySelector("#sidebar");
// The server counts up to a limit, and shows one less with a plus.
const capped = (count) => {
  const limit = Number(sidebar().dataset.countLimit);
  return count < limit ? String(count) : `${limit - 1}+`;
};
const data = ({ detail }) => JSON.parse(detail.data);
const online = new Set();

function setBadge(badge, count, isForMe) {
  badge.hidden = !count;
  badge.firstChild.textContent = capped(count);
  const link = badge.closest("a");
  link?.classList.remove("unread", "for-me");
  if (count) link?.classList.add("unread", ...(isForMe ? ["for-me"] : []));
}

// The stream does not say which threads have new replies, so the page asks the server, one second later, because
// several replies often arrive together.
let repliesBefore = Number(sidebar()?.dataset.replies);
let requestTimer;
function askForReplies() {
  requestTimer ??= setTimeout(() => {
    requestTimer = undefined;
    htmx.trigger(document.body, "replies-counted");
  }, 1000);
}

function followReplies(replies) {
  if (replies !== repliesBefore) askForReplies();
  repliesBefore = replies;
}

// If one reply was read and another one came, their number is the same. So the page also asks if the answer to its
// report of what was read is older than what the stream has brought.
const showsUnreadThreads = ({ type, target }) => type === "partial" && target?.id === "unread-threads";
document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  ctx.hasUnreadThreads = tasks.some(showsUnreadThreads);
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!ctx.hasUnreadThreads) return;
  setTimeout(() => {
    const asOf = document.querySelector("#unread-threads")?.dataset.asOf.split(".");
    if (asOf && Number(asOf.at(-1)) < parley.appliedVersion()) askForReplies();
  }, 1000);
});

function setBadges({ conversations, for_me, unread, replies, personal, title_count }) {
  const here = conversations[sidebar().dataset.current] ?? 0;
  const totals = { inbox: personal, elsewhere: unread - here };
  for (const badge of document.querySelectorAll(".badge[id]")) {
    const name = badge.id.slice("badge-".length);
    setBadge(badge, totals[name] ?? conversations[name] ?? 0, for_me.includes(Number(name)));
  }
  const { dataset } = sidebar();
  dataset.total = title_count ? capped(title_count) : "";
  dataset.replies = replies;
  const button = document.querySelector("#mark-read");
  if (button) {
    button.hidden = !here;
    button.querySelector(".badge").textContent = capped(here);
  }
  followReplies(replies);
  htmx.trigger(document.body, "counted");
}

// Names are versioned by the epoch of the site and a number. The page may have newer ones than the stream.
function areNewer(names, than) {
  const [[epoch, number], [ours, ourNumber]] = [names.split("."), than.split(".")];
  return epoch !== ours || Number(number) > Number(ourNumber);
}

let shownState; // of the sidebar, as the stream said it last; the server rendered the first one
// A change between the rendering of the page and the first event would be part of the state that the page takes for its
// own. So what the person arranged has a number.
function updateSidebar({ conversations, names, state, arrangement }) {
  const shown = [...document.querySelectorAll("#sidebar .badge")].map(({ id }) => Number(id.slice("badge-".length)));
  const known = new Set(shown.filter(Boolean));
  const out = document.querySelector("#sidebar .out .badge"); // a conversation that is listed only while it is open
  if (out) known.delete(Number(out.id.slice("badge-".length)));
  const isComplete = known.size === conversations.length && conversations.every((pk) => known.has(pk));
  const isSame = state === (shownState ?? state);
  shownState = state;
  const isArranged = arrangement > Number(sidebar().dataset.arrangement);
  if (isComplete && isSame && !isArranged && !areNewer(names, sidebar().dataset.names)) return;
  parley.askForSidebar("GET", "/");
}

function drawOnline() {
  for (const avatar of document.querySelectorAll("[data-person]")) {
    avatar.querySelector(".online-mark").hidden = !online.has(Number(avatar.dataset.person));
  }
}

// While the page has a stream, its badges come from there alone: an answer may be older than the last of them.
let badges;
document.addEventListener("badges", (event) => {
  badges = data(event);
  setBadges(badges);
});
document.addEventListener("htmx:sse:before:connection", () => {
  badges = undefined;
});
const hasBadges = ({ target }) => /^#?(sidebar|mark-read)$/.test(target?.id ?? target);
document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  ctx.hasBadges = tasks.some(hasBadges);
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.hasBadges && badges && "live" in document.body.dataset) setBadges(badges);
});
document.addEventListener("sidebar", (event) => updateSidebar(data(event)));
document.addEventListener("online", (event) => {
  online.clear();
  data(event).forEach((id) => online.add(id));
  drawOnline();
});
document.addEventListener("presence", (event) => {
  const { came, left } = data(event);
  came.forEach((id) => online.add(id));
  left.forEach((id) => online.delete(id));
  drawOnline();
});
document.addEventListener("htmx:after:swap", drawOnline);

// A list of what is unread is loaded again after each change. If that fails, it is tried again after 5 s, once for all
// failures until then. So is the sidebar; or it is loaded with the first state that the next stream brings.
const retries = {};
function tryAgain(id, load) {
  clearTimeout(retries[id]);
  retries[id] = setTimeout(load, 5000);
}
for (const name of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(name, ({ target, detail: { ctx } }) => {
    const { id } = target;
    if (id === "list") tryAgain(id, () => htmx.trigger(document.body, "list-failed"));
    if (id !== "sidebar") return;
    ctx?.undo?.();
    shownState = "";
    tryAgain(id, () => "live" in document.body.dataset && parley.askForSidebar("GET", "/"));
  });
}

// Remove expired statuses.
setInterval(() => {
  for (const status of document.querySelectorAll("[data-until]")) {
    if (Date.parse(status.dataset.until) < Date.now()) status.remove();
  }
}, 5000);
