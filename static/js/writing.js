// Keys that format what one writes, the bar with buttons for the same, lists that continue, and what is pasted. It costs
// nothing before it is needed: the rest are scripts of their own, loaded with the first key (writing-keys.js), the
// first paste (pasting.js), and the bar.

const FIELD = "[data-enter-sends] textarea";
const isApple = /^(Mac|iP)/.test(navigator.platform);
const SHORTCUTS = { b: "bold", i: "italic", k: "link", X: "strike", C: "code", 6: "tasks", 7: "numbers", 8: "bullets", 9: "quote" };
const scripts = document.querySelector("#formatting")?.dataset;
const MAX_LINES = 150; // that are typed by a script: browsers take a second for a thousand
let pastesPlain = false;

const load = (name) => parley.import(scripts[name]).catch(() => {}); // the next key tries again

const isField = (element) => scripts && element.matches?.(FIELD);

// "b" for Ctrl+B, "X" for Ctrl+Shift+X. On a keyboard without Latin letters, the key at the place of the letter counts.
// The key of a digit counts as the digit, since it types another sign with Shift.
function shortcutOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }) {
  if (altKey || (isApple ? ctrlKey || !metaKey : !ctrlKey)) return null;
  const name = /^[a-z]$/i.test(key) ? key : code.replace(/^Key|^Digit/, "");
  if (/\d/.test(name)) return shiftKey ? name : null;
  return shiftKey ? name.toUpperCase() : name.toLowerCase();
}

parley.format = async (field, name) => {
  const isInPlace = ["link", "preview"].includes(name); // writing-link.js, writing-preview.js
  if (!(await load(isInPlace ? "bar" : "keys"))) parley.showError();
  else if (isInPlace) parley.formatting[name](field);
  else parley.writing.format(field, name);
};

// Ctrl+Alt+P; not AltGr, with which letters are typed.
parley.isPreviewKey = (event) =>
  event.code === "KeyP" && event.altKey && !event.shiftKey && (isApple ? event.metaKey : event.ctrlKey) && !event.getModifierState("AltGraph");

document.addEventListener("keydown", async (event) => {
  const field = event.target;
  if (!isField(field) || event.defaultPrevented || parley.isComposing(event)) return;
  const shortcut = shortcutOf(event);
  pastesPlain = shortcut === "V";
  const name = parley.isPreviewKey(event) ? "preview" : SHORTCUTS[shortcut];
  // Without a selection Ctrl+K opens the quick switcher.
  if (name && (name !== "link" || field.selectionStart < field.selectionEnd)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    await parley.format(field, name);
  } else if (event.key === "Tab" && shortcut === null && !event.altKey) {
    if (parley.writing?.indent(field, event.shiftKey)) event.preventDefault();
  } else load("keys");
});

document.addEventListener("beforeinput", (event) => {
  if (!isField(event.target)) return;
  load("keys");
  if (event.inputType !== "insertLineBreak" || event.isComposing) return;
  if (parley.writing?.startLine(event.target)) event.preventDefault();
});

// A text is pasted as it is, at once. What it becomes replaces it, so that one undo brings it back.
document.addEventListener("paste", async (event) => {
  const { target: field, clipboardData } = event;
  if (!isField(field) || event.defaultPrevented || pastesPlain) return;
  const [plain, html] = ["text/plain", "text/html"].map((type) => clipboardData.getData(type).replace(/\r\n?/g, "\n"));
  if (!plain || !(html || /\t|^\s*https?:\/\/\S+\s*$/i.test(plain))) return;
  if (plain.split("\n").length > MAX_LINES) return;
  event.preventDefault();
  const { value, selectionStart: from, selectionEnd: to } = field;
  parley.replaceText(field, { from, to, text: plain, start: from + plain.length });
  await Promise.all([load("keys"), load("paste")]);
  parley.pasting?.convert(field, { value, start: from, end: to }, { plain, html });
});

// The bar with buttons (writing-bar.js).
document.addEventListener("click", async ({ target }) => {
  const button = target.closest(".formats, .formatting > button");
  if (!button) return;
  if (await load("bar")) parley.formatting.press(button);
  else parley.showError();
});
if (scripts && localStorage.getItem("formatting bar")) load("bar");
