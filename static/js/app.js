// links.js
{
const wide = matchMedia("(width >= 1100px)");
const hasPanel = () => wide.matches && document.querySelector("#timeline");
document.addEventListener(
"click",
(event) => {
const link = event.target.closest("a[href][hx-get]");
if (!link) return;
const modified = event.ctrlKey || event.metaKey || event.shiftKey;
const toPanel = link.getAttribute("hx-target") === "#panel";
if (modified || (toPanel && !hasPanel())) event.stopPropagation();
},
{ capture: true },
);
}
// timeline.js
{
const RUN = 5 * 60 * 1000;
const locale = navigator.languages?.find((language) => language.startsWith("en")) ?? "en-GB";
const format = (options) => new Intl.DateTimeFormat(locale, options);
const clock = format({ hour: "numeric", minute: "2-digit" });
const weekday = format({ weekday: "short" });
const date = format({ day: "numeric", month: "short" });
const dateOfYear = format({ day: "numeric", month: "short", year: "numeric" });
const day = format({ weekday: "long", day: "numeric", month: "long" });
const dayOfYear = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const exact = format({ dateStyle: "full", timeStyle: "short" });
const midnight = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate());
const daysAgo = (at) => Math.round((midnight(new Date()) - midnight(at)) / 86_400_000);
const thisYear = (at) => at.getFullYear() === new Date().getFullYear();
function moment(at) {
const ago = daysAgo(at);
if (ago === 0) return clock.format(at);
if (ago === 1) return `yesterday ${clock.format(at)}`;
if (ago > 1 && ago < 7) return `${weekday.format(at)} ${clock.format(at)}`;
return `${(thisYear(at) ? date : dateOfYear).format(at)}, ${clock.format(at)}`;
}
const shown = { clock: (at) => clock.format(at), moment };
function drawTimes(root) {
for (const time of root.querySelectorAll("time[data-shown]")) {
const at = new Date(time.dateTime);
const style = time.closest(".thread") ? "moment" : time.dataset.shown;
const text = shown[style](at);
if (time.textContent !== text) time.textContent = text;
time.title = exact.format(at);
}
}
function dayLine(at) {
const line = document.createElement("h2");
const time = document.createElement("time");
line.className = "day";
time.dateTime = at.toISOString().slice(0, 10);
time.textContent = (thisYear(at) ? day : dayOfYear).format(at);
line.append(time);
return line;
}
function firstNew(timeline, { firstUnread, viewer }) {
const rows = [...timeline.querySelectorAll(":scope > .row")];
const row = rows.find(
({ dataset, firstElementChild: message }) =>
Number(dataset.seq) >= Number(firstUnread) && message.dataset.author !== viewer,
);
return row === rows[0] && row?.dataset.seq !== firstUnread && timeline.querySelector(".older") ? null : row;
}
function mark(tag, text) {
const made = document.createElement(tag);
made.className = "new";
made.textContent = text;
return made;
}
function newLine(at) {
const line = document.createElement("p");
line.className = "new-line";
line.append(mark("span", `New since ${moment(at)}`));
return line;
}
function drawTimeline(timeline) {
for (const line of timeline.querySelectorAll(":scope > :is(.day, .new-line)")) line.remove();
const news = document.querySelector("#news");
const first = news && firstNew(timeline, news.dataset);
const pill = news?.querySelector(".pill");
if (pill) pill.hidden = Boolean(first);
let previous = null;
for (const row of timeline.querySelectorAll(":scope > .row")) {
const { at: iso, author } = row.querySelector(".message").dataset;
const at = new Date(iso);
const newDay = !previous || midnight(at) > midnight(previous.at);
if (newDay) row.before(dayLine(at));
if (row === first) row.before(newLine(at));
const follows = !newDay && row !== first && author && author === previous.author && at - previous.at < RUN;
row.classList.toggle("run", Boolean(follows));
previous = { at, author };
}
}
function drawRails(thread) {
const open = new Set();
for (const row of [...thread.querySelectorAll(".row[id]:not([hidden])")].reverse()) {
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
document.querySelector(`#t-${pk} .message-body`)?.append(mark("p", "New"));
}
for (const word of words("#thread-news")) {
const [root, count] = word.split(":");
document.querySelector(`#m-${root} .summary`)?.append(mark("span", `${count} new`));
}
}
const words = (place) => document.querySelector(place)?.dataset.unread.match(/\S+/g) ?? [];
function openWideParts() {
for (const part of document.querySelectorAll(".prose :is(pre, table)")) {
if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
}
}
function draw() {
openWideParts();
drawTimes(document);
for (const timeline of document.querySelectorAll(".timeline")) drawTimeline(timeline);
drawNewReplies();
drawThreads();
}
function drawThreads() {
for (const thread of document.querySelectorAll(".thread")) drawRails(thread);
}
draw();
if (!location.hash) document.querySelector(".new-line")?.scrollIntoView({ block: "nearest" });
document.addEventListener("htmx:after:swap", draw);
document.addEventListener("folded", drawThreads);
}
// slots.js
{
const openers = new WeakMap();
function float(popover, opener) {
popover.opener = opener;
popover.showPopover({ source: opener });
popover.querySelector("a, button")?.focus({ preventScroll: true });
popover.addEventListener("toggle", (event) => event.newState === "closed" && popover.remove());
}
function close(place, otherwise) {
place.replaceChildren();
const opener = openers.get(place);
(opener?.isConnected ? opener : otherwise)?.focus();
}
const isChanged = (place) => [...place.querySelectorAll(".edit-form textarea")].some((field) => field.value !== field.defaultValue);
const mayGo = (place) => !isChanged(place) || confirm("Discard your changes to this message?");
function closeSlot(slot) {
close(slot, slot.closest(".row")?.querySelector(".moment"));
}
function closePanel(panel) {
const message = panel.querySelector("[data-close]").getAttribute("href");
close(panel, document.querySelector(`.timeline .moment[href="${message}"]`));
}
document.addEventListener("htmx:before:request", (event) => {
const { ctx } = event.detail;
const replaced = ctx.request.method === "GET" && ctx.swap !== "beforeend" && ctx.target?.closest?.(".slot, .panel");
if (replaced && !ctx.target.matches(".replies") && !mayGo(replaced)) return event.preventDefault();
ctx.asked = ctx.sourceElement;
ctx.menu = ctx.asked.closest("[popover]");
ctx.opener = ctx.menu?.opener ?? ctx.asked;
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
const place = ctx.target?.closest?.(".slot") ?? (ctx.target?.matches?.(".panel") && ctx.target);
if (!place) {
if (ctx.menu && !ctx.menu.isConnected) ctx.opener?.focus();
return;
}
const popover = place.querySelector("[popover]:not(:popover-open)");
if (popover) {
ctx.menu?.hidePopover();
float(popover, ctx.opener);
return;
}
if (ctx.opener?.isConnected) openers.set(place, ctx.opener);
const focused = document.activeElement;
if (focused !== document.body && focused !== ctx.asked) return;
if (!place.firstElementChild) closeSlot(place);
else place.querySelector(place.matches(".panel") ? "[data-close]" : "textarea, button")?.focus();
});
document.addEventListener("click", (event) => {
const control = event.target.closest("[data-dismiss], [data-close]");
const place = control?.closest(".slot, .panel");
if (!place) return;
event.preventDefault();
if (!mayGo(place)) return;
if (control.matches("[data-close]")) closePanel(place);
else closeSlot(place);
});
document.addEventListener("keydown", (event) => {
const slot = event.key === "Escape" && !event.isComposing && event.target.closest?.(".slot form")?.closest(".slot");
if (slot && mayGo(slot)) closeSlot(slot);
});
}
// composer.js
{
const keyboard = matchMedia("(hover: hover)");
const grows = CSS.supports("field-sizing", "content");
const viewer = document.body.dataset.viewer;
const isKept = (field) => field?.name === "content" && !field.form.matches(".edit-form");
const keyOf = (form) => `draft ${form.getAttribute("action")}`;
function keep(field) {
if (field.value) sessionStorage.setItem(keyOf(field.form), field.value);
else sessionStorage.removeItem(keyOf(field.form));
}
function restore() {
for (const field of document.querySelectorAll("textarea")) {
if (!isKept(field) || field.value || field.dataset.restored) continue;
field.dataset.restored = "";
field.value = sessionStorage.getItem(keyOf(field.form)) ?? "";
fit(field);
}
}
function fit(field) {
if (!grows) field.rows = Math.min(12, Math.max(2, field.value.split("\n").length));
}
function editLast(field) {
const place = field.closest(".main, .panel");
const mine = [...place.querySelectorAll(`.row > .message[data-author="${viewer}"]`)].at(-1);
const edit = mine?.querySelector(".author-only");
edit?.focus();
edit?.click();
}
document.addEventListener("keydown", (event) => {
const field = event.target;
const form = field.closest?.("textarea")?.form;
if (!form?.matches("[data-enter-sends]") || event.isComposing) return;
if (event.key === "ArrowUp" && form.matches(".composer") && !field.value) {
event.preventDefault();
editLast(field);
}
if (event.key === "Enter" && !event.shiftKey && keyboard.matches) {
event.preventDefault();
form.requestSubmit();
}
});
document.addEventListener("input", ({ target }) => {
if (!isKept(target)) return;
keep(target);
fit(target);
});
document.addEventListener("submit", ({ target }) => sessionStorage.removeItem(keyOf(target)));
restore();
document.addEventListener("htmx:after:swap", restore);
}
// outbox.js
{
const atNewest = () => !document.querySelector("#timeline > .more.newer:last-child");
const waiting = ".outgoing-message:not(.busy, .failed, .sent)";
function next(outbox) {
if (!outbox.querySelector(".busy")) outbox.querySelector(waiting)?.requestSubmit();
}
function put(composer) {
const { content } = composer.elements;
if (!content.value.trim()) return content.focus();
const place = composer.closest(".main, .panel");
const form = composer.querySelector("template").content.cloneNode(true).firstElementChild;
form.elements.content.value = content.value;
form.elements.client_id.value = crypto.randomUUID();
form.querySelector(".prose").textContent = content.value;
form.composer = composer;
content.value = "";
composer.querySelector(".errors")?.remove();
const outbox = place.querySelector(".outbox");
outbox.append(form);
htmx.process(form);
const scroll = outbox.closest(".scroll");
scroll.scrollTop = scroll.matches(".newest-first") ? 0 : scroll.scrollHeight;
next(outbox);
}
function fail(form, said) {
form.classList.add("failed");
form.querySelector(".said").textContent = said;
}
function takeBack(form, html) {
const answer = new DOMParser().parseFromString(html, "text/html");
const fields = answer.querySelector(".composer-fields");
form.elements.client_id.value = fields.querySelector("[name=client_id]").value;
if (form.composer.elements.content.value) return fail(form, fields.querySelector(".errors").textContent.trim());
form.composer.querySelector(".composer-fields").replaceWith(fields);
form.composer.elements.content.focus();
form.remove();
}
function arrived() {
for (const form of document.querySelectorAll(".outgoing-message")) {
const id = form.elements.client_id.value;
if (!document.querySelector(`.message[data-client="${id}"]`)) continue;
if (form.matches(".busy")) form.hidden = true;
else form.remove();
}
}
document.addEventListener("submit", (event) => {
if (!event.target.matches(".composer") || !atNewest()) return;
event.preventDefault();
put(event.target);
});
document.addEventListener("htmx:before:request", ({ target }) => {
if (!target.matches?.(".outgoing-message")) return;
target.classList.remove("failed");
target.classList.add("busy");
});
document.addEventListener("htmx:finally:request", ({ target, detail: { ctx } }) => {
if (!target.matches?.(".outgoing-message")) return;
const outbox = target.parentElement;
target.classList.remove("busy");
const status = ctx.response?.status ?? 0;
if (status === 409 || status === 422) takeBack(target, ctx.text);
else if (status < 200 || status > 299) fail(target, ctx.said);
else target.classList.add("sent");
arrived();
next(outbox);
});
document.addEventListener("click", ({ target }) => {
const form = target.closest("[data-take-back]")?.closest(".outgoing-message");
if (!form) return;
const field = form.composer.elements.content;
field.value = [form.elements.content.value, field.value].filter(Boolean).join("\n");
field.dispatchEvent(new Event("input", { bubbles: true }));
field.focus();
form.remove();
});
document.addEventListener("htmx:after:swap", arrived);
addEventListener("beforeunload", (event) => {
const edits = [...document.querySelectorAll(".edit-form textarea")];
const unsaved = edits.some((field) => field.value !== field.defaultValue);
if (unsaved || document.querySelector(".outgoing-message:not(.sent)")) event.preventDefault();
});
}
// threads.js
{
const FOLDED_FROM = 3;
const FOLDED_SIZE = 3;
const roomForPanel = matchMedia("(width >= 1100px)");
const choices = new Map();
function isFolded(row) {
const below = Number(row.dataset.below);
return choices.get(row.id) ?? (Number(row.dataset.indent) === FOLDED_FROM && below >= FOLDED_SIZE);
}
function branch(row) {
const rows = [];
for (let next = row.nextElementSibling; next; next = next.nextElementSibling) {
if (!next.matches(".row") || Number(next.dataset.indent) <= Number(row.dataset.indent)) break;
rows.push(next);
}
return rows;
}
function addControl(row, folded) {
const { below } = row.dataset;
const replies = `${below} ${folded ? "more " : ""}${below === "1" ? "reply" : "replies"}`;
const button = document.createElement("button");
button.type = "button";
button.className = "fold";
button.ariaExpanded = String(!folded);
button.title = folded ? `Show ${replies}` : `Fold ${replies}`;
button.textContent = folded ? replies : "";
if (!folded) button.ariaLabel = button.title;
row.querySelector(folded ? ".message-body" : ".byline").append(button);
}
const holdsSomething = (rows) => rows.some((row) => row.matches(":target") || row.querySelector(".new, .slot > *"));
function fold() {
for (const thread of document.querySelectorAll(".thread")) {
for (const button of thread.querySelectorAll(".fold")) button.remove();
const hidden = new Set();
for (const row of thread.querySelectorAll(".row[data-below]")) {
const rows = branch(row);
if (!rows.length || row.dataset.indent === "0") continue;
const folded = isFolded(row) && !(choices.get(row.id) === undefined && holdsSomething(rows));
if (folded) rows.forEach((one) => hidden.add(one));
addControl(row, folded);
}
for (const row of thread.querySelectorAll(".row")) row.hidden = hidden.has(row);
}
document.dispatchEvent(new Event("folded"));
}
document.addEventListener("click", ({ target }) => {
const button = target.closest(".fold");
if (!button) return;
const { id } = button.closest(".row");
choices.set(id, button.ariaExpanded === "true");
fold();
document.querySelector(`#${id} .fold`).focus();
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
if (!ctx.sent || !ctx.response?.raw.ok || !roomForPanel.matches) return;
const summary = ctx.sent.querySelector(".summary");
if (!document.querySelector(`#panel [data-thread="${ctx.sent.id.slice(2)}"]`)) summary?.click();
});
document.addEventListener("htmx:before:request", ({ target, detail: { ctx } }) => {
if (target.matches?.(".reply-form")) ctx.sent = target.closest(".timeline > .row");
});
fold();
document.addEventListener("htmx:after:swap", fold);
addEventListener("hashchange", fold);
}
// notices.js
{
const SAID = {
401: "You are signed out. Sign in again in another tab, then repeat this.",
403: "That is not allowed, or this page is too old. Copy what you typed and load the page again.",
404: "That is gone, or it is not for you.",
429: "That was too fast. Wait a moment, then try again.",
503: "The server is busy. Nothing was lost: try again in a moment.",
507: "The server's disk is full, so nothing can be saved. What you typed is still here.",
};
function say(ctx, text) {
ctx.said = text;
if (ctx.sourceElement.matches(".outgoing-message, #live")) return;
const notice = document.createElement("p");
notice.className = "notice error";
notice.textContent = text;
document.querySelector(".notices").replaceChildren(notice);
}
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
const { status } = ctx.response;
if (status === 409 || status === 422) return;
say(ctx, SAID[status] ?? "Something went wrong on the server. What you typed is still here.");
});
document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
if (ctx) say(ctx, "The server cannot be reached. What you typed is still here: try again.");
});
for (const notice of document.querySelectorAll(".notice:not(.error)")) {
setTimeout(() => notice.remove(), 8000);
}
}
// title.js
{
const total = () => document.querySelector("#sidebar")?.dataset.total;
const numbered = (title) => (total() ? `(${total()}) ` : "") + title;
const title = document.title.slice(numbered("").length);
for (const name of ["htmx:after:swap", "counted"]) {
document.addEventListener(name, () => {
document.title = numbered(title);
});
}
}
// seen.js
{
const DWELL = 1000;
const APART = document.querySelector("[data-unhurried]") ? 10_000 : 3000;
const AFTER_A_FAILURE = 15_000;
const AT_ONCE = 500;
const onScreen = new Map();
let watched = new WeakSet();
const seen = new Set();
let url;
let nextAt = 0;
const observer = new IntersectionObserver((entries) => {
for (const { target, isIntersecting } of entries) {
if (isIntersecting) onScreen.set(target, null);
else onScreen.delete(target);
}
});
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
const token = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
const headers = { ...token, "HX-Request": "true", "HX-Request-Type": "partial" };
try {
const body = new URLSearchParams({ ids: ids.join(" ") });
const isLive = "live" in document.body.dataset && !ids.some((id) => document.querySelector(`#t-${id}`));
if (isLive) body.set("live", "");
const answer = await fetch(url, { method: "POST", headers, body, keepalive: leaving });
if (!answer.ok) throw new Error(answer.status);
const text = await answer.text();
if (text) await htmx.swap({ sourceElement: document.body, target: "body", swap: "innerHTML", text });
} catch {
for (const id of ids) seen.add(id);
nextAt = Date.now() + AFTER_A_FAILURE;
}
}
function release() {
for (const news of document.querySelectorAll("[data-held]")) delete news.dataset.held;
watch();
}
function swapped() {
if (document.querySelector("[data-held]")) {
watched = new WeakSet();
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
}
// live.js
{
const SILENCE = 35_000;
const PATIENCE = 2000;
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
async function refresh() {
const place = cursor();
if (!place) return;
await htmx.ajax("GET", place.fresh, { source: "#timeline, .replies", swap: "none" });
if (cursor().cursor === applied) return;
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
}
// arrivals.js
{
const MOST_ROWS = 200;
const AT_END = 60;
const scroll = document.querySelector(".newest-first");
const timeline = document.querySelector("#timeline");
const pill = document.querySelector("#to-newest");
const log = document.querySelector("#arrivals");
const { viewer } = document.body.dataset;
const rows = () => [...timeline.querySelectorAll(":scope > .row")];
const seqOf = (row) => Number(row?.dataset.seq ?? 0);
const isAtEnd = () => -scroll.scrollTop < AT_END;
const isNewest = () => !timeline.querySelector(":scope > .newer:last-child");
let last = 0;
let below = 0;
let kept = null;
function keepPlace() {
const top = scroll.getBoundingClientRect().top;
const row = isAtEnd() ? null : rows().find((one) => one.getBoundingClientRect().bottom > top);
kept = row && { row, top: row.getBoundingClientRect().top };
}
function restorePlace() {
if (kept?.row.isConnected) scroll.scrollTop += kept.row.getBoundingClientRect().top - kept.top;
}
function announce(row) {
const said = document.createElement("p");
const name = row.querySelector(".name")?.textContent ?? "";
said.textContent = `${name}: ${row.querySelector(".prose")?.textContent.trim() ?? "Message removed"}`;
log.append(said);
while (log.children.length > 20) log.firstElementChild.remove();
}
function showBelow() {
pill.hidden = !below && isNewest();
pill.querySelector("[data-said]").textContent = below ? `${below} new message${below === 1 ? "" : "s"}` : "Newest";
}
function trim() {
const surplus = rows().slice(0, -MOST_ROWS);
if (!surplus.length) return;
for (const row of surplus) row.remove();
timeline.querySelector(":scope > .older")?.remove();
const place = `?before=${seqOf(rows()[0])}`;
timeline.insertAdjacentHTML(
"afterbegin",
`<div class="more older"><a class="button small plain" href="${place}" hx-get="${timeline.dataset.list}${place}" hx-target="closest .more" hx-swap="outerHTML">Older messages</a></div>`,
);
htmx.process(timeline.firstElementChild);
}
function look() {
restorePlace();
if (!isNewest()) return showBelow();
const born = rows().filter((row) => seqOf(row) > last);
last = Math.max(last, seqOf(rows().at(-1)));
const others = born.filter((row) => row.querySelector(".message").dataset.author !== viewer);
others.forEach(announce);
if (kept) below += others.length;
else trim();
showBelow();
}
if (timeline) {
last = seqOf(rows().at(-1));
document.addEventListener("htmx:before:swap", keepPlace);
document.addEventListener("htmx:after:swap", look);
scroll.addEventListener("scroll", () => {
if (!below || !isAtEnd()) return;
below = 0;
showBelow();
});
pill.addEventListener("click", (event) => {
if (!isNewest() || event.ctrlKey || event.metaKey || event.shiftKey) return;
event.preventDefault();
scroll.scrollTop = 0;
});
}
}
// frame.js
{
const capped = (count) => (count < 100 ? String(count) : "99+");
const sidebar = () => document.querySelector("#sidebar");
const data = ({ detail }) => JSON.parse(detail.data);
const online = new Set();
function setBadge(badge, count) {
badge.hidden = !count;
badge.firstChild.textContent = capped(count);
badge.closest("a")?.classList.toggle("unread", count > 0);
}
function setBadges({ conversations, unread, replies, personal }) {
const totals = { unread, threads: replies, notifications: personal };
for (const badge of document.querySelectorAll("#sidebar .badge")) {
const name = badge.id.slice("badge-".length);
setBadge(badge, totals[name] ?? conversations[name] ?? 0);
}
const place = sidebar();
place.dataset.total = unread ? capped(unread) : "";
const here = conversations[place.dataset.current] ?? 0;
const button = document.querySelector("#mark-read");
if (button) {
button.hidden = !here;
button.querySelector(".badge").textContent = capped(here);
}
htmx.trigger(document.body, "counted");
}
function setPlaces({ conversations, renamed }) {
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
document.addEventListener("places", (event) => setPlaces(data(event)));
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
}
// typing.js
{
const APART = 3000;
const viewer = Number(document.body.dataset.viewer);
const told = new Map();
const nowTyping = new Map();
const headers = () => JSON.parse(document.body.getAttribute("hx-headers:inherited"));
document.addEventListener("input", ({ target }) => {
const line = target.closest?.(".composer")?.parentElement.querySelector("[data-typing]");
if (!line || !target.value.trim()) return;
const { typing, thread } = line.dataset;
if (Date.now() - (told.get(thread) ?? 0) < APART) return;
told.set(thread, Date.now());
fetch(typing, { method: "POST", headers: headers(), body: new URLSearchParams({ thread }) }).catch(() => {});
});
function nameOf(id) {
return document.querySelector(`.name-${id}`)?.textContent.trim() ?? "Somebody";
}
function sentence(ids) {
if (ids.length > 3) return `${ids.length} people are typing…`;
const names = ids.map(nameOf);
if (names.length === 1) return `${names[0]} is typing…`;
return `${names.slice(0, -1).join(", ")} and ${names.at(-1)} are typing…`;
}
function draw() {
for (const line of document.querySelectorAll("[data-typing]")) {
const ids = nowTyping.get(line.dataset.thread) ?? [];
const text = ids.length ? sentence(ids) : "";
if (line.textContent !== text) line.textContent = text;
}
}
document.addEventListener("typing", ({ detail }) => {
const { thread, people } = JSON.parse(detail.data);
nowTyping.set(String(thread ?? ""), people.filter((id) => id !== viewer));
draw();
});
document.addEventListener("htmx:after:swap", draw);
}
