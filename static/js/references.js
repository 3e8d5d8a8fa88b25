// The cards of messages to which others link (messaging/rendering/references.py). A page has them when it is loaded. What
// comes later is the same for every member, so it has empty places; the cards for all of them are asked for at once.
// What the page had is kept, so that nothing moves when a message is replaced.

const MOST = 100; // views/messages/references.py
const cards = new Map(); // id -> HTML; "" if the person cannot read that message
const asked = new Map(); // id -> the version of the message, as the page shows it, at which its card was asked for anew
const answered = new Map(); // id -> the number of the request that its card comes from
let requests = 0;

document.addEventListener("leaving", () => {
  cards.clear();
  asked.clear();
});

// The ids of the messages of this site in a place.
function idsOf({ dataset }) {
  const pairs = dataset.messages.split(" ").map((one) => one.split("/"));
  return pairs.filter(([host]) => host === location.host).map(([, id]) => id);
}

function fill(place) {
  const ids = idsOf(place);
  const html = ids.map((id) => cards.get(id) ?? "").join("");
  if (place.innerHTML !== html) place.innerHTML = html;
  if (ids.length && ids.every((id) => cards.has(id))) place.dataset.filled = ""; // as in a page
}

// What the reader sees stays where it is while cards come below it; at the end of the list, the end stays.
function keepingPlace(change) {
  const { scroll, isAtEnd, middle } = parley.list;
  const row = scroll() && !isAtEnd() && middle();
  const top = row && row.getBoundingClientRect().top;
  change();
  if (row) scroll().scrollTop += row.getBoundingClientRect().top - top;
}

// Fills places again. The focus stays on the card that has it, or goes to its message.
function refill(places) {
  const focused = document.activeElement?.closest(".reference");
  const place = focused?.parentElement;
  keepingPlace(() => places.forEach(fill));
  if (!focused || focused.isConnected) return;
  const link = place.querySelector(`[data-message="${focused.dataset.message}"] a`);
  if (link) link.focus({ preventScroll: true });
  else parley.lists.focusMessage(place.closest(".message"));
}

// An answer that comes after a later one replaces nothing of it: it may have the text of a message that was removed.
async function ask(all) {
  const number = ++requests;
  const here = parley.placeNumber();
  const response = await fetch(`/messages/references/?of=${all.join("+")}`, { headers: parley.partHeaders() });
  if (!response.ok) throw new Error(response.status);
  const { content } = Object.assign(document.createElement("template"), { innerHTML: await response.text() });
  if (here !== parley.placeNumber()) return;
  const found = new Map([...content.children].map((card) => [card.dataset.message, card.outerHTML]));
  const ids = all.filter((id) => !(answered.get(id) > number));
  for (const id of ids) {
    answered.set(id, number);
    cards.set(id, found.get(id) ?? "");
  }
  const places = [...document.querySelectorAll(".references")].filter((place) => idsOf(place).some((id) => ids.includes(id)));
  refill(places);
  parley.drawTimes(document);
  parley.lists.refresh(); // the links are no Tab stops of their own
}

const versionOf = (id) => document.querySelector(`.message-${id}`)?.dataset.version;

// A page that shows the message itself shows when it has changed since, or was removed.
function isOld({ dataset: { message: id, version } }) {
  const shown = versionOf(id);
  return Number(shown) > Number(version) && asked.get(id) !== shown;
}

function keep(place) {
  for (const id of idsOf(place)) if (!cards.has(id)) cards.set(id, place.querySelector(`[data-message="${id}"]`)?.outerHTML ?? "");
}

function update() {
  const wanted = new Set();
  for (const place of document.querySelectorAll(".references")) {
    if (place.dataset.filled !== undefined) keep(place);
    else if (!place.firstElementChild) {
      fill(place);
      for (const id of idsOf(place)) if (!cards.has(id)) wanted.add(id);
    }
  }
  for (const card of document.querySelectorAll(".reference")) {
    const id = card.dataset.message;
    if (!isOld(card)) continue;
    wanted.add(id);
    asked.set(id, versionOf(id));
  }
  for (let rest = [...wanted]; rest.length; rest = rest.slice(MOST)) {
    const ids = rest.slice(0, MOST);
    ask(ids).catch(() => ids.forEach((id) => asked.delete(id))); // the next change asks again
  }
}

update();
document.addEventListener("htmx:after:swap", update);
