// What is around every page, as the stream tells it: badges, which conversations there are, who is here.

const sidebar = () => document.querySelector("#sidebar");
// The server counts up to a limit, and shows one less with a plus.
const capped = (count) => {
  const limit = Number(sidebar().dataset.countLimit);
  return count < limit ? String(count) : `${limit - 1}+`;
};
const data = ({ detail }) => JSON.parse(detail.data);
const online = new Set();

function setBadge(badge, count) {
  badge.hidden = !count;
  badge.firstChild.textContent = capped(count);
  badge.closest("a")?.classList.toggle("unread", count > 0);
}

// How much is new in which thread is no badge: it is asked for, a moment later, since replies come in runs.
let repliesBefore;
let asking;
function followReplies(replies) {
  if (repliesBefore !== undefined && replies !== repliesBefore) {
    asking ??= setTimeout(() => {
      asking = undefined;
      htmx.trigger(document.body, "replies-counted");
    }, 1000);
  }
  repliesBefore = replies;
}

// Of what came since the page was opened; less than that is the new measure.
function tellOfMore(count) {
  const more = document.querySelector("#more");
  if (!more) return;
  more.hidden &&= count <= more.dataset.count;
  more.dataset.count = Math.min(count, more.dataset.count);
}

function setBadges({ conversations, unread, replies, personal, title_count }) {
  const here = conversations[sidebar().dataset.current] ?? 0;
  const totals = { unread, threads: replies, notifications: personal, elsewhere: unread - here };
  for (const badge of document.querySelectorAll(".badge[id]")) {
    const name = badge.id.slice("badge-".length);
    setBadge(badge, totals[name] ?? conversations[name] ?? 0);
  }
  const place = sidebar();
  place.dataset.total = title_count ? capped(title_count) : "";
  const button = document.querySelector("#mark-read");
  if (button) {
    button.hidden = !here;
    button.querySelector(".badge").textContent = capped(here);
  }
  tellOfMore(totals[place.dataset.current]);
  followReplies(replies);
  htmx.trigger(document.body, "counted");
}

function setSidebar({ conversations, renamed }) {
  const shown = [...document.querySelectorAll("#sidebar .badge")].map(({ id }) => Number(id.slice("badge-".length)));
  const known = new Set(shown.filter(Boolean));
  if (!renamed && known.size === conversations.length && conversations.every((pk) => known.has(pk))) return;
  const place = `/?current=${sidebar().dataset.current}`;
  htmx.ajax("GET", place, { source: "#sidebar", target: "#sidebar", swap: "outerMorph" });
}

function drawOnline() {
  for (const face of document.querySelectorAll("[data-person]")) {
    face.querySelector(".online-mark").hidden = !online.has(Number(face.dataset.person));
  }
}

document.addEventListener("badges", (event) => setBadges(data(event)));
document.addEventListener("sidebar", (event) => setSidebar(data(event)));
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

// What people say of themselves ends by the clock.
setInterval(() => {
  for (const said of document.querySelectorAll("[data-until]")) {
    if (Date.parse(said.dataset.until) < Date.now()) said.remove();
  }
}, 5000);
