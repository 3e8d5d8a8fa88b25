// What is pressed, and the list of keys. messaging/views/people/keys.py says which key is for which command, and
// commands.js what each command does. G and a letter lead to a page. Single keys do nothing where somebody types, and
// nothing at all if the person wants none; a letter that is no key goes to the composer.

const SEQUENCE_MS = 1500; // the longest time between G and the letter after it
const isApple = /^(Mac|iP)/.test(navigator.platform);
const dialog = document.querySelector("#keys");
const { commands } = parley;

const isTyping = (target) => target.isContentEditable || target.matches?.("input, textarea, select");
// The card of a person that shows without a press is no menu: only Escape is for it.
const OPEN = "dialog[open], [popover]:popover-open";
const isBusy = ({ key } = {}) => [...document.querySelectorAll(OPEN)].some((one) => key === "Escape" || !isPassive(one));
const isPassive = (popover) => popover.matches("#person-card") && !popover.contains(document.activeElement);
const canRun = ({ needs }) => !needs || document.querySelector(needs);

// On a keyboard without Latin letters, the key at the place of this letter counts.
function letterOf({ key, code }) {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  return key.length === 1 && /^Key[A-Z]$/.test(code) && /\p{L}/u.test(key) ? code.slice(3).toLowerCase() : null;
}

// As the bindings say it: "Alt+Shift+ArrowUp", "Shift+n", "?".
function bindingOf(event) {
  const letter = letterOf(event);
  const hasShift = event.shiftKey && (letter || event.key.length > 1);
  return `${event.altKey ? "Alt+" : ""}${hasShift ? "Shift+" : ""}${letter ?? event.key}`;
}

// The dialog is there at once, and filled when the server has answered.
parley.showKeys = async () => {
  if (isBusy()) return;
  const content = dialog.querySelector(".keys-content");
  content.replaceChildren();
  content.ariaBusy = "true";
  dialog.showModal();
  try {
    const response = await fetch(dialog.dataset.address, { headers: parley.partHeaders() });
    if (!response.ok) throw new Error(response.status);
    content.innerHTML = await response.text();
  } catch {
    return location.assign(dialog.dataset.address); // the page says what is wrong
  }
  for (const line of content.querySelectorAll("[data-command]")) if (!canRun(commands[line.dataset.command])) line.remove();
  for (const group of content.querySelectorAll("section")) if (!group.querySelector("[data-command]")) group.remove();
  for (const key of content.querySelectorAll("[data-command-key]")) if (isApple) key.textContent = "⌘";
  content.ariaBusy = null;
};

function isForFieldOnly({ target }) {
  if (target.matches?.("select, input[type='date'], input[type='time']")) return true; // Alt and ↓ open it
  return isApple && isTyping(target) && target.value; // they move the caret
}

let pressedG = -Infinity; // when

// The address of a page, if this is the letter after G.
function pageOf(event) {
  const isSecond = event.timeStamp - pressedG < SEQUENCE_MS;
  const letter = letterOf(event);
  pressedG = -Infinity;
  return isSecond && letter && !event.shiftKey && dialog.dataset[`g${letter.toUpperCase()}`];
}

function singleKey(event, bindings) {
  if (event.key === "Shift") return;
  const address = !event.repeat && pageOf(event);
  if (address) {
    event.preventDefault();
    return location.assign(address);
  }
  const binding = bindingOf(event);
  if (binding === "g" && "singleKeys" in dialog.dataset) pressedG = event.timeStamp;
  else if (bindings.has(binding)) run(event, bindings.get(binding));
  else if (event.key.length === 1 && event.key !== " ") goWriting(event);
}

// A key that is held down only moves.
function run(event, name) {
  const command = commands[name];
  if (!command.run || !canRun(command) || (event.repeat && !["next", "previous"].includes(name))) return;
  if (command.run(event) !== false) event.preventDefault();
}

// The browser types the letter where the focus is now.
function goWriting({ target }) {
  const columns = [target.closest(".main, .panel"), ...document.querySelectorAll("#main, #panel")];
  const field = columns.map(parley.composerIn).find(Boolean);
  if (field) parley.focusAtEnd(field);
}

function listen() {
  const bindings = new Map(dialog.dataset.keys.split(" ").map((pair) => pair.split(/:(?=[^:]+$)/)));
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || parley.isComposing(event) || isBusy(event) || event.ctrlKey || event.metaKey) return;
    const binding = bindingOf(event);
    if (event.altKey) {
      if (bindings.has(binding) && !isForFieldOnly(event)) run(event, bindings.get(binding));
    } else if (event.key === "Escape") run(event, "close");
    else if (!isTyping(event.target)) singleKey(event, bindings);
  });
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target.closest("[data-closes-keys]")) dialog.close();
  });
}

if (dialog) listen();
