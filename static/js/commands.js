// What the keys do, by the names that messaging/views/people/keys.py gives them. `needs` is a selector: on a page without
// such an element the key does nothing, and is not listed. `run` gets the event, and returns false if the key is not for
// it. A command without `run` is done elsewhere: by another script, or by the browser.

const dialog = document.querySelector("#keys");
const { viewer } = document.body.dataset;
const { lists } = parley;
const MESSAGE = ".row[id] > .message";

const one = (selector, root = document) => root.querySelector(selector);
const texts = () => one("#texts").dataset;
const isVisible = (element) => element?.checkVisibility() ?? false;

// Follows the link to the conversation above or below the open one, from the ends of the list to the other end.
function walk(step, isUnreadOnly) {
  const rows = [...document.querySelectorAll("#sidebar .sidebar-row")].filter((row) => row.checkVisibility());
  const here = rows.findIndex((row) => row.matches("[aria-current]"));
  const start = here < 0 && step < 0 ? rows.length : here;
  const around = rows.map((_, place) => rows.at((start + step * (place + 1)) % rows.length));
  around.find((row) => row !== rows[here] && (!isUnreadOnly || row.matches(".unread")))?.click();
}

// Calls `act` with the message that has the focus. If none has, it moves the focus there: the next press is for it.
function onMessage(act) {
  return () => {
    const item = lists.focusedItem();
    if (item?.matches(".message, .line")) act(item);
    else lists.enter();
  };
}

const clickIn = (selector) =>
  onMessage((item) => {
    const control = one(selector, item);
    if (isVisible(control)) control.click();
  });

function openBeside(message, address) {
  if (parley.hasPanel()) htmx.ajax("GET", address, { source: message, target: "#panel" });
  else location.assign(address);
}

// The thread below a message: in the panel, if there is room, otherwise as a page.
function openThread({ target }) {
  if (!target.matches(MESSAGE)) return false;
  const link = one(".summary", target) ?? one(":scope > .continue", target.parentElement);
  if (link) link.click();
  else openBeside(target, `${one(".moment", target).getAttribute("href")}thread/`);
}

function markUnread(item) {
  const address = one(".moment", item)?.getAttribute("href");
  if (address) htmx.ajax("POST", `${address}unread/`, { source: item, swap: "none" });
}

function pin(item) {
  const address = one(".moment", item)?.getAttribute("href");
  const act = one(".pinned", item) ? "unpin" : "pin";
  if (address) htmx.ajax("POST", `${address}${act}/`, { source: item, target: one(".slot", item.parentElement), swap: "none" });
}

// Saves the message, or removes it from what is saved: the page does not know which, so the server decides.
function save(item) {
  const address = one(".moment", item)?.getAttribute("href");
  if (address) htmx.ajax("POST", `${address}save/`, { source: item, swap: "none", values: { toggle: 1 } });
}

const copyLink = (item) => parley.copy((item.matches("a") ? item : one(".moment", item)).href, texts().linkCopied);

// The next unread message in this list, otherwise the next place with something unread (models/inbox/next_unread.py).
function nextUnread() {
  const item = lists.focusedItem();
  const column = item?.closest(".main, .panel") ?? one("#panel:has(.message)") ?? one("#main");
  const items = lists.itemsOf(column);
  const next = items.slice(items.indexOf(item) + 1).find((message) => parley.isUnread(message.parentElement));
  if (next) lists.focusItem(next);
  else nextPlace();
}

function nextPlace(only = {}) {
  const { conversation } = one("#main").dataset;
  const root = one("#panel .replies, .main .replies")?.dataset.root;
  const query = new URLSearchParams({ ...only, ...(conversation && { from: conversation }), ...(root && { thread: root }) });
  location.assign(`${dialog.dataset.nextUnread}?${query}`);
}

// What is open is closed, the topmost first; then the focus goes to the composer, and from there to the messages.
function close({ target }) {
  const isField = target.matches("input, textarea, select");
  const isComposer = target.matches(".composer textarea");
  if (isField && !isComposer && target.value && target.type === "search") return false; // the browser empties it
  const closing = one("#panel [data-close]");
  if (closing) return closing.click();
  const field = parley.composerIn(one("#main"));
  if (isComposer && lists.enter(target.closest(".main, .panel"))) return;
  if (field && !isComposer) parley.focusAtEnd(field);
  else if (isField) target.blur();
  else return false;
}

parley.commands = {
  switcher: {},
  keys: { run: () => parley.showKeys() },
  search: { run: () => location.assign(dialog.dataset.search) },
  "search-here": { needs: "[data-searches-here]", run: () => one("[data-searches-here]").click() },
  page: {},
  above: { needs: ".sidebar-row", run: () => walk(-1) },
  below: { needs: ".sidebar-row", run: () => walk(1) },
  "unread-above": { needs: ".sidebar-row", run: () => walk(-1, true) },
  "unread-below": { needs: ".sidebar-row", run: () => walk(1, true) },
  "next-unread": { run: nextUnread },
  "next-thread": { run: () => nextPlace({ only: "threads" }) },
  close: { run: close },
  write: { needs: ".composer textarea" },
  next: { needs: `${MESSAGE}, .line`, run: () => lists.move(1) },
  previous: { needs: `${MESSAGE}, .line`, run: () => lists.move(-1) },
  controls: { needs: `${MESSAGE}, .line` },
  open: { needs: MESSAGE, run: openThread },
  follow: { needs: ".line" },
  reply: { needs: `${MESSAGE} .actions`, run: clickIn("[href$='/reply/']") },
  react: { needs: `${MESSAGE} .actions`, run: clickIn("[href$='/reactions/']") },
  edit: { needs: `.message[data-author="${viewer}"] .author-only`, run: clickIn(".author-only") },
  history: { needs: ".message .edited", run: clickIn(".edited") },
  done: { needs: "[data-key='m']" },
  later: { needs: "[data-key='b']" },
  undo: { needs: "[data-key='z']" },
  unread: { needs: `${MESSAGE} .actions`, run: onMessage(markUnread) },
  pin: { needs: `${MESSAGE} .actions`, run: onMessage(pin) },
  save: { needs: `${MESSAGE} .actions`, run: onMessage(save) },
  copy: { needs: `${MESSAGE}, .line`, run: onMessage(copyLink) },
  send: { needs: "[data-enter-sends]" },
  "new-line": { needs: "[data-enter-sends]" },
  mention: { needs: "[data-enter-sends]" },
  emoji: { needs: "[data-enter-sends]" },
  command: { needs: ":is(.composer, .reply-form) textarea" },
  bold: { needs: "[data-enter-sends]" },
  italic: { needs: "[data-enter-sends]" },
  strike: { needs: "[data-enter-sends]" },
  link: { needs: "[data-enter-sends]" },
  code: { needs: "[data-enter-sends]" },
  numbers: { needs: "[data-enter-sends]" },
  tasks: { needs: "[data-enter-sends]" },
  bullets: { needs: "[data-enter-sends]" },
  quote: { needs: "[data-enter-sends]" },
  indent: { needs: "[data-enter-sends]" },
  preview: { needs: "[data-enter-sends]" },
  "paste-plain": { needs: "[data-enter-sends]" },
  "edit-last": { needs: ".composer" },
};
