// Where one writes has the focus when a page opens: the composer, or the field of a form that has to be filled in. Not on
// touch screens, where the keyboard would cover the page.

const keyboard = matchMedia("(hover: hover)");
const FIELDS =
  ".main :is(.composer, .slot-form) textarea, .main [autofocus], form :is(input, textarea):is(:invalid, [aria-invalid='true'])";

// The caret stays where it is if the person comes back to a place; otherwise it goes after the text.
parley.focusWriting = (comesBack = false) => {
  if (!keyboard.matches || !document.activeElement?.matches("body, #main")) return;
  const field = [...document.querySelectorAll(FIELDS)].find((one) => one.checkVisibility());
  if (!comesBack && field?.matches("textarea, [type='text']")) parley.focusAtEnd(field);
  else field?.focus({ preventScroll: true });
};

parley.focusWriting();
// A browser that scrolls to the message of an address takes the focus away.
if (location.hash) addEventListener("load", () => setTimeout(() => parley.focusWriting()));
document.addEventListener("arrived", ({ detail }) => parley.focusWriting(Boolean(detail.position)));

