// Writing. Enter sends and Shift+Enter starts a new line (on touch keyboards, which have no Shift+Enter, Enter
// starts a new line and the button sends); the up arrow in an empty composer edits one's last message; what is
// half-written is kept in this tab.

const keyboard = matchMedia("(hover: hover)");
const grows = CSS.supports("field-sizing", "content");
const viewer = document.body.dataset.viewer;

// Drafts by the address that they would be sent to. An edit begins with what is there, so it has none.
const isKept = (field) => field?.name === "content" && !field.form.matches(".edit-form");
const keyOf = (form) => `draft ${form.getAttribute("action")}`;

function keep(field) {
  if (field.value) sessionStorage.setItem(keyOf(field.form), field.value);
  else sessionStorage.removeItem(keyOf(field.form));
}

function restore() {
  for (const field of document.querySelectorAll("textarea")) {
    if (!isKept(field) || field.value || field.dataset.restored) continue;
    field.dataset.restored = ""; // once: afterwards empty is what the writer wants
    field.value = sessionStorage.getItem(keyOf(field.form)) ?? "";
    fit(field);
  }
}

function fit(field) {
  if (!grows) field.rows = Math.min(12, Math.max(2, field.value.split("\n").length));
}

function editLast(field) {
  const place = field.closest(".main, .panel");
  const mine = [...place.querySelectorAll(`.row > .message[data-author="${viewer}"]`)].at(-1);
  const edit = mine?.querySelector(".author-only");
  edit?.focus(); // it scrolls there, and the form takes the focus over
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
  if (!isKept(target)) return;
  keep(target);
  fit(target);
});

// Sent, or on its way: the outbox holds it from here on. A page that comes back with it restores it.
document.addEventListener("submit", ({ target }) => sessionStorage.removeItem(keyOf(target)));

restore();
document.addEventListener("htmx:after:swap", restore);
