// The composer. Enter sends, and Shift+Enter starts a new line. On touch keyboards, which have no Shift+Enter,
// Enter starts a new line, and the button sends. The up arrow in an empty composer edits the person's last
// message. Drafts are stored in this tab.

const keyboard = matchMedia("(hover: hover)");
const growsByItself = CSS.supports("field-sizing", "content");
const viewer = document.body.dataset.viewer;

// Drafts are stored by the address to which they would be sent. There are none for edits, which start with the
// text of the message.
const hasDraft = (field) => field?.name === "content" && !field.form.matches(".edit-form");
const keyOf = (form) => `draft ${form.getAttribute("action")}`;

function saveDraft(field) {
  if (field.value) sessionStorage.setItem(keyOf(field.form), field.value);
  else sessionStorage.removeItem(keyOf(field.form));
}

function restoreDrafts() {
  for (const field of document.querySelectorAll("textarea")) {
    if (!hasDraft(field) || field.value || field.dataset.restored) continue;
    field.dataset.restored = ""; // only once: if the field is empty later, the person has emptied it
    field.value = sessionStorage.getItem(keyOf(field.form)) ?? "";
    resize(field);
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
  if (!hasDraft(target)) return;
  saveDraft(target);
  resize(target);
});

// From here on the outbox holds the text. If the server refuses the message, its response contains the text again.
document.addEventListener("submit", ({ target }) => sessionStorage.removeItem(keyOf(target)));

restoreDrafts();
document.addEventListener("htmx:after:swap", restoreDrafts);
