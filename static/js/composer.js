// The composer. Enter sends, and Shift+Enter starts a new line. On touch keyboards, which have no Shift+Enter,
// Enter starts a new line, and the button sends. The up arrow in an empty composer edits the person's last
// message. Drafts are stored in this tab, for the person who is signed in (viewer.js).

const keyboard = matchMedia("(hover: hover)");
const growsByItself = CSS.supports("field-sizing", "content");
const viewer = document.body.dataset.viewer;

// Drafts are stored by the address to which they would be sent. There are none for edits, which start with the
// text of the message. Nor does the browser itself keep what was typed: it would show it to the next person, too.
const hasDraft = (field) => field?.name === "content" && !field.form.matches(".edit-form, .schedule");
const keyOf = (form) => `draft ${viewer} ${form.getAttribute("action")}`;

// In which conversation it is, which the address of a reply does not say (row-marks.js).
const placeKeyOf = (form) => keyOf(form).replace("draft", "draft-in");

function saveDraft(field) {
  if (!parley.viewer.isSignedIn()) return;
  const { conversation } = document.querySelector("#main").dataset;
  if (!field.value) return removeDraft(field.form);
  sessionStorage.setItem(keyOf(field.form), field.value);
  if (conversation) sessionStorage.setItem(placeKeyOf(field.form), conversation);
}

function removeDraft(form) {
  sessionStorage.removeItem(keyOf(form));
  sessionStorage.removeItem(placeKeyOf(form));
}

// The form to reply to the first message of a thread and the composer of the thread have the same draft. It is restored
// in one of them only, so that it is not sent twice.
function restoreDraft(field) {
  const key = keyOf(field.form);
  const others = [...document.querySelectorAll("textarea")].filter(hasDraft);
  if (field.value || others.some((other) => other.value && keyOf(other.form) === key)) return;
  field.value = sessionStorage.getItem(key) ?? "";
  resize(field);
}

// A quotation or a link with which the field begins comes behind what was typed before.
function addToDraft(field) {
  const draft = sessionStorage.getItem(keyOf(field.form))?.trimEnd();
  if (draft) field.value = draft.includes(field.value.trim()) ? draft : `${draft}\n\n${field.value}`;
  if (field.form.matches(".composer")) history.replaceState(history.state, "", location.pathname); // a reload does not begin it again
}

// Each field once: if it is empty later, the person has emptied it.
const prepared = new WeakSet();
function prepareFields() {
  for (const field of document.querySelectorAll("textarea")) {
    if (prepared.has(field)) continue;
    prepared.add(field);
    if (hasDraft(field)) {
      field.autocomplete = "off";
      if (field.dataset.addsToDraft !== undefined) addToDraft(field);
      if (field.value) saveDraft(field); // the server refused it, or began it
      else restoreDraft(field);
    }
    if (!field.selectionEnd) parley.caretToEnd(field);
  }
}

function resize(field) {
  if (!growsByItself) field.rows = Math.min(12, Math.max(2, field.value.split("\n").length));
}

function editLast(field) {
  const column = field.closest(".main, .panel");
  const mine = [...column.querySelectorAll(`.row > .message[data-author="${viewer}"]`)].at(-1);
  const edit = mine?.querySelector(".author-only");
  edit?.focus(); // scrolls to the message; the form takes the focus from here
  edit?.click();
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  const form = field.closest?.("textarea")?.form;
  if (!form?.matches("[data-enter-sends]") || parley.isComposing(event)) return;
  const hasModifier = event.altKey || event.ctrlKey || event.metaKey;
  if (event.key === "ArrowUp" && !hasModifier && form.matches(".composer") && !field.value) {
    event.preventDefault();
    editLast(field);
  }
  // While the form is being sent, Enter starts a line of what comes next (continuing.js).
  if (event.key === "Enter" && !event.shiftKey && keyboard.matches && !form.ariaBusy) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.addEventListener("input", ({ target }) => {
  if (!hasDraft(target)) return;
  saveDraft(target);
  resize(target);
});

// From here on the outbox holds the text. If the server refuses the message, its response contains the text again.
document.addEventListener("submit", ({ target }) => {
  removeDraft(target);
  const isHere = target.contains(document.activeElement) || document.activeElement === document.body;
  if (target.matches("[data-enter-sends]") && isHere) target.elements.content.focus({ preventScroll: true });
});

prepareFields();
document.addEventListener("htmx:after:swap", prepareFields);
document.addEventListener("viewer", () => [...document.querySelectorAll("textarea")].filter(hasDraft).forEach(saveDraft));
