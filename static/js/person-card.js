// The card of a person, at their name, picture or mention in a message. It opens when that is pressed, and then has the
// focus; and without the focus when the pointer rests there or the keyboard's focus does. What the message says about
// the person is shown at once, the rest when the server has answered.

const OPENER = ".message :is(.name, .avatar-link, .mention[href^='/people/'])";
const REST_MS = 400; // until it opens without a press
const LEAVE_MS = 250; // until it closes, so that the pointer can move from the name to the card

const card = document.querySelector("#person-card");
const texts = document.querySelector("#texts")?.dataset ?? {};
let opener = null; // the link at which the card is, or will be
let rowId; // of the row that it is in
let isPressed = false;
let timer;

const openerAt = (element) => element?.closest?.(OPENER);
const isOpen = () => card.matches(":popover-open");
const focusInside = () => (card.querySelector("button, a") ?? card).focus({ preventScroll: true });

// The name and the picture, as the message has them.
function head(link) {
  const box = document.createElement("div");
  box.className = "card-head";
  const name = document.createElement("p");
  name.className = "card-name";
  name.dir = "auto";
  const isMention = link.matches(".mention");
  const message = link.closest(".message");
  name.textContent = (isMention ? link : message.querySelector(".name")).textContent;
  if (!isMention) box.append(message.querySelector(".avatar").cloneNode(true));
  box.append(name);
  return box;
}

function showText(text) {
  const line = document.createElement("p");
  line.textContent = text;
  card.append(line);
}

async function load(link) {
  card.ariaBusy = "true";
  try {
    const response = await fetch(`${link.pathname}card/`, { headers: parley.partHeaders() });
    const html = response.ok && (await response.text());
    if (link !== opener || !isOpen()) return; // it was closed, or is another person's
    if (response.ok) card.innerHTML = html;
    else showText(response.status === 401 ? texts.signedOut : response.status === 404 ? texts.notFound : texts.failed);
    if (isPressed) focusInside();
  } catch {
    if (link === opener && isOpen()) showText(texts.unreachable);
  }
  card.ariaBusy = "false";
}

function open(link, pressed) {
  clearTimeout(timer);
  isPressed = pressed;
  if (isOpen() && opener === link) return focusInside();
  opener = link;
  rowId = link.closest(".row")?.id;
  card.replaceChildren(head(link));
  card.ariaLabel = card.querySelector(".card-name").textContent; // without the initials of the picture
  if (isOpen()) card.hidePopover();
  card.showPopover({ source: link });
  if (pressed) card.focus({ preventScroll: true });
  load(link);
}

function close() {
  clearTimeout(timer);
  if (isOpen()) card.hidePopover();
}

// The message is drawn again. The focus stays in the card, at the same link; if that is gone, it goes to the message.
function follow() {
  if (!opener || opener.isConnected) return;
  const focused = card.contains(document.activeElement) && document.activeElement;
  const row = document.getElementById(rowId);
  close();
  opener = parley.latestOf(opener, row);
  if (!focused) return;
  if (!opener.isConnected) return row && parley.lists.focusMessage(row.firstElementChild);
  opener.focus({ preventScroll: true }); // which gets it back when the card is closed
  card.showPopover({ source: opener });
  focused.focus({ preventScroll: true });
  if (card.ariaBusy === "true") load(opener);
}

// Something else that is open stays open.
function openSoon(link) {
  clearTimeout(timer);
  if (isOpen() && opener === link) return;
  timer = setTimeout(() => {
    const isBusy = document.querySelector("dialog[open], [popover]:popover-open:not(#person-card)");
    if (link.isConnected && !isBusy) open(link, false);
  }, REST_MS);
}

function closeSoon() {
  clearTimeout(timer);
  if (!isPressed) timer = setTimeout(close, LEAVE_MS);
}

function listen() {
  document.addEventListener(
    "click",
    (event) => {
      const link = openerAt(event.target);
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      open(link, true);
    },
    { capture: true },
  );
  let under = null; // a link that has come under the mouse; it counts as pointed at only when the mouse itself moves
  document.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType !== "mouse") return;
    under = openerAt(target);
    if (card.contains(target)) clearTimeout(timer);
    else closeSoon();
  });
  document.addEventListener(
    "pointermove",
    () => {
      if (under) openSoon(under);
      under = null;
    },
    { passive: true },
  );
  document.addEventListener("focusin", ({ target }) => {
    const link = openerAt(target);
    if (link?.matches(":focus-visible") && link !== opener) openSoon(link);
    else if (!link && !card.contains(target)) close();
  });
  card.addEventListener("toggle", ({ newState }) => {
    if (newState === "closed" && openerAt(document.activeElement) !== opener) opener = null;
  });
  document.addEventListener("focusout", ({ target }) => {
    if (target === opener && !isOpen()) opener = null;
  });
  document.addEventListener("htmx:after:swap", follow);
}

if (card) listen();
