// Going from place to place without loading the page: the server sends the main part alone (templates/messaging/
// place.html), and the sidebar, its scroll position and all scripts stay. A link is followed when the answer is there, so
// until then the old place can be used, and if the server cannot be reached it stays. The whole page is loaded if the
// server answers with anything else than a place of this program and this session, and by browsers without the
// Navigation API.
//
// Other modules hear of it by two events on the document: `leaving`, while the old place is still shown, and `arrived`.

const texts = document.querySelector("#texts")?.dataset ?? {};
const MOST_REDIRECTS = 5;
const HOVER_MS = 65; // of hovering over a link, before its place is fetched
const FRESH_MS = 5000; // for so long a place that was fetched ahead can be shown; the stream brings what it lacks
// Addresses that are no places. To ask for a passkey twice would make the first answer useless.
const OTHERS = /^\/(admin|static|media|account\/(login|logout|export|again|two-factor))\//;
const { shell } = document.body.dataset; // its version
const main = () => document.querySelector("#main");
const page = ({ pathname, search }) => pathname + search;

const headers = (isAhead) => ({
  ...parley.partHeaders(),
  "HX-Request-Type": "place",
  ...(isAhead && { "HX-Preloaded": "true" }),
});

// What the server answers: the text of the place and its address, after redirects; or null if it is no place.
async function load(url, signal, isAhead = false, redirects = MOST_REDIRECTS) {
  const response = await fetch(url, { headers: headers(isAhead), signal });
  // fetch() would lose the fragment of a redirect.
  const other = response.headers.get("Parley-Location");
  if (other) return redirects ? load(new URL(other, url).href, signal, isAhead, redirects - 1) : null;
  const isPlace = response.ok && shell && response.headers.get("Parley-Shell") === shell;
  const text = isPlace && (await response.text());
  if (!text || text.includes("<script")) return null;
  const found = new URL(response.url);
  found.hash = new URL(url).hash;
  return { text, url: found.href };
}

// One place is fetched ahead: that of the link under the pointer.
let ahead = null;
let hovering;

function fetchAhead(url) {
  const isFresh = ahead && Date.now() - ahead.since < FRESH_MS;
  if (ahead?.url === url && isFresh) return;
  ahead?.controller.abort();
  const controller = new AbortController();
  ahead = { url, controller, since: Date.now(), answer: load(url, controller.signal, true).catch(() => undefined) };
}

async function takeAhead(url) {
  const taken = ahead?.url === url && Date.now() - ahead.since < FRESH_MS ? ahead : null;
  ahead = null;
  return taken?.answer;
}

// The address of a link whose place may be fetched ahead. Not a search: each one counts for its rate limit.
function placeOf(link) {
  const isPlain = link && !link.download && !link.target && !link.matches("[hx-get], .reaction[data-by]");
  const isHere = isPlain && link.origin === location.origin;
  if (!isHere || OTHERS.test(link.pathname) || link.pathname === "/search/") return null;
  return page(link) === page(location) ? null : link.href.split("#")[0];
}

function hover({ target, pointerType }) {
  clearTimeout(hovering);
  const url = pointerType === "mouse" && !navigator.connection?.saveData && placeOf(target.closest?.("a[href]"));
  if (url) hovering = setTimeout(() => fetchAhead(url), HOVER_MS);
}

function press(event) {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  clearTimeout(hovering);
  const url = placeOf(event.target.closest?.("a[href]"));
  if (url) fetchAhead(url);
}

// Marks in the sidebar what is shown, or will be shown in a moment.
function mark(selector) {
  const sidebar = document.querySelector("#sidebar");
  for (const link of sidebar.querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
  sidebar.querySelector(selector)?.setAttribute("aria-current", "page");
}

function markHere() {
  const { here } = main().dataset;
  document.querySelector("#sidebar").dataset.current = here;
  mark(`[data-place="${here}"], a[href="/conversations/${here}/"]`);
}

// It may give way to another navigation, which is no fault.
const giveWay = (results) => Object.values(results).forEach((result) => result.catch(() => {}));
const navigate = (url, options) => giveWay(navigation.navigate(url, options));
const loadPage = (url) => navigate(url, { info: "load" });

let number = 0; // of the place, among those that this page has shown
parley.placeNumber = () => number;

// While Back or Forward leads to a place that is not shown yet: the key, in the history, of the one that is shown. If the
// browser's "Stop" is pressed, or a link within the place followed, the address stays ahead until another place is shown.
let shownKey = null;

// Replaces the address of the place that is shown, and what its entry in the history says of where the reader is. While
// the address is that of another place it does nothing: it would end the way there.
parley.setAddress = (address, reading) => shownKey || history.replaceState({ reading }, "", address);

const savePosition = () => parley.positions.save(shownKey ?? navigation.currentEntry.key);

let going; // the AbortController of the request for the next place
let coming; // in the sidebar, the link of that place

// From here on one place is on its way, and none that was asked for before.
function begin(link) {
  going?.abort();
  going = new AbortController();
  coming = link;
  main().ariaBusy = "true";
  return going;
}

function end(controller) {
  if (going === controller) coming = main().ariaBusy = null;
}

async function go(url, history) {
  const controller = begin(`a[href="${new URL(url).pathname}"]`);
  mark(coming);
  try {
    const plain = url.split("#")[0];
    const found = await takeAhead(plain);
    const place = found === undefined ? await load(url, controller.signal) : found;
    if (controller.signal.aborted) return;
    if (!place) return loadPage(url);
    if (place.url === plain) place.url = url; // what was fetched ahead has no fragment
    parley.saveAddress();
    savePosition();
    navigate(place.url, { info: place, history });
  } catch (error) {
    if (error.name === "AbortError") return;
    if (shownKey) return location.reload();
    markHere();
    parley.showError();
  } finally {
    end(controller);
  }
}

// Where the person goes on: in the field where they were writing, or else where one writes here (focusing.js).
function focusPlace(written) {
  written?.focus({ preventScroll: true });
  if (!written || document.activeElement !== written) main().focus({ preventScroll: true }); // it may be hidden
}

// Puts a place into the page.
async function show(text, position) {
  for (const popover of document.querySelectorAll(":popover-open")) popover.hidePopover();
  document.dispatchEvent(new Event("leaving"));
  number++;
  document.activeElement?.blur(); // or the browser would compute the layout when the field is removed
  const ctx = { sourceElement: document.body, target: document.body, swap: "none", text, isPlace: true, position };
  await htmx.swap(ctx);
  shownKey = null;
  markHere();
  focusPlace(position && parley.positions.restore(position));
  document.dispatchEvent(new CustomEvent("arrived", { detail: ctx }));
}

async function comeTo(event) {
  try {
    await show(event.info.text);
    if (!location.hash) return;
    event.scroll(); // which takes the focus away
    focusPlace();
    parley.focusWriting();
    dispatchEvent(new HashChangeEvent("hashchange")); // the row to which the address leads is known from now on
  } catch (error) {
    console.error(error);
    location.reload();
  }
}

// Back and forward.
async function comeBack({ destination, signal }) {
  const controller = begin();
  const position = parley.positions.of(destination.key);
  try {
    const text = position?.text ?? (await load(destination.url, signal))?.text;
    if (signal.aborted) return;
    if (!text) return location.reload();
    savePosition(); // what was typed meanwhile
    await show(text, position);
  } catch (error) {
    if (error.name !== "AbortError") location.reload();
  } finally {
    end(controller);
  }
}

function onNavigate(event) {
  const { destination, info, navigationType } = event;
  const url = new URL(destination.url);
  const isWithin = event.hashChange && !(shownKey && navigationType === "traverse");
  const isOther = !event.canIntercept || isWithin || event.formData || event.downloadRequest !== null;
  if (isOther || info === "load" || navigationType === "reload" || OTHERS.test(url.pathname)) return;
  if (navigationType === "traverse") {
    savePosition();
    shownKey ??= navigation.currentEntry.key;
    event.intercept({ handler: () => comeBack(event), scroll: "manual", focusReset: "manual" });
  } else if (info?.text) {
    event.intercept({ handler: () => comeTo(event), scroll: "manual", focusReset: "manual" });
  } else if (!destination.sameDocument) {
    event.preventDefault();
    const keepsChanges = parley.isChanged(document) && !confirm(texts.discard);
    if (!keepsChanges && (!parley.isUploading() || confirm(texts.stopUploads))) go(destination.url, navigationType);
    else if (shownKey) giveWay(navigation.traverseTo(shownKey));
  }
}

// An answer to a request of a place that was left is not shown. The sidebar's own answers are.
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  ctx.place = number;
});
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  if ((ctx.place ?? number) !== number && ctx.target?.id !== "sidebar") event.preventDefault();
  else if (ctx.sourceElement.matches("[data-sets-address]") && ctx.response.raw.ok) parley.setAddress(ctx.response.raw.url);
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.target?.id !== "sidebar") return;
  markHere();
  if (coming) mark(coming);
});

if (globalThis.navigation && shell) {
  navigation.addEventListener("navigate", onNavigate);
  document.addEventListener("pointerover", hover);
  document.addEventListener("pointerdown", press);
}
