// Enter sends and Shift+Enter starts a new line; on touch keyboards, which have no Shift+Enter, Enter
// starts a new line and the button sends.

const keyboard = matchMedia("(hover: hover)");

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("textarea")?.form;
  if (!form?.matches("[data-enter-sends]") || event.key !== "Enter") return;
  if (event.shiftKey || event.isComposing || !keyboard.matches) return;
  event.preventDefault();
  form.requestSubmit();
});
