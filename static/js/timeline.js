// Adds to messages what their shared (cached) HTML cannot contain, because it depends on the reader, on the time, or
// on the messages before and after: times in the reader's zone, day lines, runs of messages by one author, the line
// above the first new message, and marks at new replies. Updated after every swap.

// A message less than five minutes after the previous one continues its run, which begins anew every ten minutes of
// the clock. The server marks the runs of a list by the same rule (messaging/rendering/runs.py).
const RUN_MS = 5 * 60 * 1000;
const period = (at) => Math.floor(at / (2 * RUN_MS));

const texts = document.querySelector("#texts")?.dataset ?? {};
const { lang } = document.documentElement;
const locale = navigator.languages?.find((one) => one.startsWith(lang)) ?? (lang === "en" ? "en-GB" : lang);
const timeZone = zoneOf(document.body.dataset);
// In the digits and the calendar of the server and of what is typed, whatever a browser in Egypt would use.
const shared = { calendar: "gregory", numberingSystem: "latn" };
const format = (options) => new Intl.DateTimeFormat(locale, { timeZone, ...shared, ...options });
const clock = format({ hour: "numeric", minute: "2-digit" });
const weekday = format({ weekday: "short" });
const date = format({ day: "numeric", month: "short" });
const dateOfYear = format({ day: "numeric", month: "short", year: "numeric" });
const day = format({ weekday: "long", day: "numeric", month: "long" });
const dayOfYear = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const exact = format({ dateStyle: "full", timeStyle: "short" });

const days = new Intl.DateTimeFormat("sv", { timeZone }); // such as 2027-03-01
const daysAgo = (at) => (Date.parse(days.format(new Date())) - Date.parse(days.format(at))) / 86_400_000;
const thisYear = (at) => parseInt(days.format(at)) === parseInt(days.format(new Date()));

// The time zone that the person chose. If they chose none, or the browser does not know it, the browser's own.
function zoneOf({ zone }) {
  try {
    Intl.DateTimeFormat("en", { timeZone: zone });
    return zone;
  } catch {
    return undefined;
  }
}

// The server draws the days of the next page in the same zone, so that nothing moves when this script runs.
function rememberZone() {
  const isSecure = location.protocol === "https:";
  const name = isSecure ? "__Host-zone" : "parley_zone";
  const cookie = `${name}=${clock.resolvedOptions().timeZone}`;
  if (document.cookie.split("; ").includes(cookie)) return;
  document.cookie = `${cookie}; path=/; max-age=31536000; samesite=lax${isSecure ? "; secure" : ""}`;
}

function moment(at) {
  const ago = daysAgo(at);
  if (ago === 0) return clock.format(at);
  if (ago === 1) return texts.yesterday.replace("{time}", clock.format(at));
  if (ago > 1 && ago < 7) return `${weekday.format(at)} ${clock.format(at)}`;
  return `${(thisYear(at) ? date : dateOfYear).format(at)}, ${clock.format(at)}`;
}

const shown = { clock: (at) => clock.format(at), moment };

// What was written into a time is written again only on another day, or if a swap has replaced it.
const written = new WeakMap();
function drawTimes(root) {
  const today = days.format(new Date());
  for (const time of root.querySelectorAll("time[data-shown]")) {
    const before = written.get(time);
    if (before?.today === today && before.text === time.textContent && before.title === time.title) continue;
    const at = new Date(time.dateTime);
    const style = time.closest(".thread, .waiting") ? "moment" : time.dataset.shown;
    const now = { today, text: shown[style](at), title: exact.format(at) };
    if (time.textContent !== now.text) time.textContent = now.text;
    time.title = now.title;
    written.set(time, now);
  }
}

// As the server draws it (templates/messaging/messages/_list.html).
function dayLine() {
  const line = document.createElement("div");
  line.className = "day";
  line.innerHTML =
    '<div class="day-label"><h2><time></time></h2><button type="button" popovertarget="jump-to"><span class="icon icon-chevron"></span><span class="sr-only"></span></button></div>';
  const button = line.querySelector("button");
  button.title = button.lastChild.textContent = texts.jumpTo;
  return line;
}

function* linesAbove(row) {
  for (let line = row.previousElementSibling; line && !line.matches(".row"); line = line.previousElementSibling) yield line;
}

// The line of its day above a row: the one that is there, if there is one.
function putDay(row, { at, date }, isFirst) {
  const above = [...linesAbove(row)];
  const line = above.find((one) => one.matches(".day")) ?? dayLine();
  if (!line.isConnected) (above.findLast((one) => one.matches(".new-line")) ?? row).before(line);
  const time = line.querySelector("time");
  const text = (thisYear(at) ? day : dayOfYear).format(at);
  if (time.dateTime !== date) time.dateTime = date;
  if (time.textContent !== text) time.textContent = text;
  line.querySelector("button").tabIndex = isFirst ? 0 : -1; // all of them open the same menu, so they are one Tab stop
  return line;
}

function putNewLine(row, at) {
  const line = newLine(at);
  const same = [...linesAbove(row)].find((one) => one.isEqualNode(line));
  if (!same) row.before(line);
  return same ?? line;
}

// The first unread message of somebody else. None if the unread begin on an older page.
function firstNew(timeline, { firstUnread, viewer }) {
  const rows = parley.list.shown(timeline);
  if (timeline.querySelector(":scope > .older") && Number(rows[0]?.dataset.seq) > Number(firstUnread)) return undefined;
  return rows.find(
    ({ dataset, firstElementChild: message }) =>
      Number(dataset.seq) >= Number(firstUnread) && message.dataset.author !== viewer,
  );
}

function mark(tag, text) {
  const element = document.createElement(tag);
  element.className = "new";
  element.textContent = text;
  return element;
}

function newLine(at) {
  const line = document.createElement("p");
  line.className = "new-line";
  line.append(mark("span", texts.newSince.replace("{time}", moment(at))));
  return line;
}

// When a message was sent, and by whom: a message that is removed has no author any more, and may be the same element.
const moments = new WeakMap();
function factsOf({ firstElementChild: message }) {
  const { at: text, author } = message.dataset;
  if (moments.get(message)?.text !== text) {
    const at = new Date(text);
    moments.set(message, { text, at, date: days.format(at) });
  }
  return { ...moments.get(message), author };
}

const continuesRun = ({ at, author }, previous) =>
  Boolean(author) && author === previous.author && at - previous.at < RUN_MS && period(at) === period(previous.at);

// Whether this first row that is shown follows a row with which a run began, and of which nothing is shown any more.
function followsBeginning(row) {
  const before = row.previousElementSibling;
  return Boolean(before?.matches(".row:not(.run)")) || Boolean(before && followsBeginning(before));
}

// What the server said about the first row holds, because only the server knows the message before it. What is right
// already stays as it is, so that a long list costs little.
function drawTimeline(timeline) {
  const state = document.querySelector("#unread-state");
  const first = state && firstNew(timeline, state.dataset);
  const pill = state?.querySelector(".pill");
  if (pill) pill.hidden = Boolean(first);
  const lines = new Set();
  let previous = null;
  for (const row of parley.list.shown(timeline)) {
    const fact = factsOf(row);
    if (!previous || fact.date > previous.date) lines.add(putDay(row, fact, !previous));
    if (row === first) lines.add(putNewLine(row, fact.at));
    if (previous) row.classList.toggle("run", continuesRun(fact, previous));
    else if (followsBeginning(row)) row.classList.remove("run");
    previous = fact;
  }
  for (const line of timeline.querySelectorAll(":scope > :is(.day, .new-line)")) if (!lines.has(line)) line.remove();
}

// The vertical lines of a thread: at each level, from a message down to its last direct reply.
function drawRails(thread) {
  const open = new Set();
  for (const row of [...thread.querySelectorAll(".row[id]:not([hidden], .gone)")].reverse()) {
    const indent = Number(row.dataset.indent);
    for (const level of open) if (level > indent) open.delete(level);
    for (let level = 0; level <= indent; level++) row.classList.toggle(`rail-${level}`, open.has(level));
    open.delete(indent);
    open.add(indent - 1);
  }
}

function drawNewReplies() {
  for (const old of document.querySelectorAll(".row .new")) old.remove();
  for (const pk of words("#new-replies")) {
    document.querySelector(`#t-${pk} .moment`)?.after(mark("span", texts.new));
  }
  for (const word of words("#unread-threads")) {
    const [root, count] = word.split(":");
    document.querySelector(`#m-${root} .summary`)?.append(mark("span", texts.newCount.replace("{count}", count)));
  }
}

const words = (selector) => document.querySelector(selector)?.dataset.unread.match(/\S+/g) ?? [];

// Code and tables that scroll sideways must be reachable by keyboard. The sanitizer allows no tabindex in messages.
function makeWidePartsFocusable() {
  for (const part of document.querySelectorAll(".prose :is(pre, table), .text-file pre")) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
  }
}

parley.drawTimes = drawTimes;

function draw() {
  makeWidePartsFocusable();
  drawTimes(document);
  for (const timeline of document.querySelectorAll(".timeline")) drawTimeline(timeline);
  drawNewReplies();
  drawThreads();
}

function drawThreads() {
  for (const thread of document.querySelectorAll(".thread")) drawRails(thread);
}

function begin(position) {
  const zone = document.querySelector("input[name=zone]"); // in a form with a time
  if (zone) zone.value = clock.resolvedOptions().timeZone;
  if (!location.hash && !position) document.querySelector(".new-line")?.scrollIntoView({ block: "nearest" });
}

draw();
rememberZone();
begin();
document.addEventListener("htmx:after:swap", draw);
setInterval(() => drawTimes(document), 60_000); // after midnight, what was written today was written yesterday
document.addEventListener("arrived", ({ detail }) => begin(detail.position));
document.addEventListener("folded", drawThreads);
