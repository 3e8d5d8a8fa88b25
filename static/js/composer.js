// The composer. Enter sends, and Shift+Enter starts a new line. On touch keyboards, which have no Shift+Enter,
// Enter starts a new line, and the button sends. The up arrow in an empty composer edits the person's last
// message. What is typed is stored as a draft (drafts.js).

const keyboard = matchMedia("(hover: hover)");
const growsByItself = CSS.supports("field-sizing", "content");
const viewer = document.body.dataset.viewer;
const { drafts } = parley;
const actionOf = (field) => drafts.actionOf(field.form);

function saveDraft(field) {
  if (parley.viewer.isSignedIn()) drafts.keep(actionOf(field), field.value);
}

// The form to reply to the first message of a thread and the composer of the thread have the same draft. It is in one of
// them only, so that it is not sent twice.
const isElsewhere = (field) => drafts.fieldsOf(actionOf(field)).some((other) => other !== field && other.value);

function restoreDraft(field) {
  if (!field.value && !isElsewhere(field)) field.value = drafts.text(actionOf(field)) ?? "";
  resize(field);
}

// A quotation or a link with which the field begins comes after what was typed before.
function addToDraft(field) {
  const { addsToDraft: added } = field.dataset;
  const draft = (drafts.text(actionOf(field)) ?? (field.value === added ? "" : field.value)).trimEnd();
  if (!draft || !draft.includes(added.trim())) field.value = draft ? `${draft}\n\n${added}` : added;
  else field.value = draft;
  if (field.form.matches(".composer")) history.replaceState(history.state, "", location.pathname); // a reload does not begin it again
}

// Each field once: if it is empty later, the person has emptied it.
const prepared = new WeakSet();
function prepareFields() {
  for (const field of document.querySelectorAll("textarea")) {
    if (prepared.has(field)) continue;
    prepared.add(field);
    if (drafts.has(field)) {
      field.autocomplete = "off";
      if (field.dataset.draft && isElsewhere(field)) field.value = field.defaultValue = field.dataset.draft = "";
      if (field.dataset.draft) drafts.meet(field);
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
  if (!drafts.has(target)) return;
  saveDraft(target);
  resize(target);
});

// From here on the outbox holds the text. If the server refuses the message, its response contains the text again.
document.addEventListener("submit", ({ target }) => {
  drafts.sent(drafts.actionOf(target));
  const isHere = target.contains(document.activeElement) || document.activeElement === document.body;
  if (target.matches("[data-enter-sends]") && isHere) target.elements.content.focus({ preventScroll: true });
});

parley.resize = resize;
prepareFields();
document.addEventListener("htmx:after:swap", prepareFields);
document.addEventListener("viewer", () => drafts.fields().forEach(saveDraft));
