// What is shown beside a field about its draft: another text that was saved elsewhere, which the person can use instead,
// keep out, or add; or why the draft could not be saved. Until they have decided, their text stays in this tab.

const { drafts } = parley;
const { fieldsOf } = drafts;
const offers = new Map(); // the address to which a draft would be sent -> the other text

const fieldOf = (action) => fieldsOf(action).find((field) => field.value) ?? fieldsOf(action)[0];
const notesOf = (action) => fieldsOf(action).flatMap(({ form }) => [...form.querySelectorAll(".draft-note")]);

function clear(action) {
  offers.delete(action);
  for (const note of notesOf(action)) note.remove();
}

function put(action, template) {
  for (const note of notesOf(action)) note.remove();
  const field = fieldOf(action);
  if (!field) return null;
  const note = document.querySelector(template).content.cloneNode(true).firstElementChild;
  field.closest(".composer-fields").after(note);
  return note;
}

function offer(action, stored) {
  const isShown = notesOf(action).some((note) => note.querySelector("[data-draft-choice]"));
  if (offers.get(action)?.version === stored.version && isShown) return; // somebody may be about to press a button
  offers.set(action, stored);
  const note = put(action, "#draft-offer");
  if (note) note.querySelector("blockquote").textContent = stored.text;
}

function refused(action, error) {
  const note = put(action, "#draft-refused");
  if (note) note.textContent = error;
}

// Puts a text into the field without the events of typing.
function show(action, text) {
  drafts.keep(action, text);
  const field = fieldOf(action);
  if (!field || field.value === text) return;
  field.value = text;
  parley.resize(field);
  parley.caretToEnd(field);
}

function decide(action, choice) {
  const { version, token, text } = offers.get(action);
  const typed = drafts.text(action) ?? "";
  clear(action);
  drafts.setBase(action, { version, token, text });
  if (choice === "theirs") show(action, text);
  if (choice === "both") show(action, `${text.trimEnd()}\n\n${typed}`);
  fieldOf(action)?.focus();
  drafts.saving.saveSoon(action, 0);
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest(".draft-note [data-draft-choice]");
  if (button) decide(drafts.actionOf(button.form), button.dataset.draftChoice);
});

parley.draftNotes = { offers, offer, refused, clear, show };
