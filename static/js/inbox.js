// The inbox: keys for the group that has the focus, and where the focus goes when its group is gone.

const groups = () => [...document.querySelectorAll("#list .waiting")];
const areKeysOn = () => "singleKeys" in (document.querySelector("#keys")?.dataset ?? {});
const isElsewhere = ({ target }) =>
  target.closest?.("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open], [popover]:popover-open");

// The control with this key in the group that has the focus, or outside of all groups.
function controlOf(letter) {
  const group = document.activeElement.closest(".waiting")?.querySelector(`[data-key="${letter}"]`);
  return group ?? document.querySelector(`.main [data-key="${letter}"]:not(.waiting *)`);
}

// A message that has the focus is answered itself (commands.js).
const isForMessage = (letter) => letter === "r" && document.activeElement.closest(".row");

// With the focus, so that it moves into a form that opens.
function press(control) {
  control.focus({ preventScroll: true });
  control.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!areKeysOn() || parley.isComposing(event) || isElsewhere(event) || !/^[a-z]$/.test(event.key)) return;
  if (isForMessage(event.key)) return;
  const control = controlOf(event.key);
  if (control) press(control);
  // If no group has the focus, a key only gives it to one, so that the person sees what the next key will change: to the
  // one whose button was pressed (disabled, it lost the focus), or else to the first.
  else if (document.querySelector(`.waiting [data-key="${event.key}"]`)) (groups()[place] ?? groups()[0]).focus();
  else return;
  event.preventDefault();
});

// When the group with the focus is gone, the next one has it, or the one before, or the list. A button that is
// pressed loses the focus, because it is disabled.
let place = -1;
function remember(element) {
  const found = groups().findIndex((group) => group.contains(element));
  if (found >= 0) place = found;
}
document.addEventListener("submit", ({ target }) => remember(target));
document.addEventListener("htmx:before:swap", () => remember(document.activeElement));
document.addEventListener("htmx:after:swap", () => {
  if (place < 0 || document.activeElement !== document.body) return;
  const left = groups();
  (left[place] ?? left.at(-1) ?? document.querySelector("#main")).focus();
  place = -1;
});
