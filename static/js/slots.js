// What opens in a message's slot: a menu or a history that floats beside the control that asked for it,
// and forms that are put away by Cancel or Escape.

const openers = new WeakMap(); // slot -> the control that asked

function show(popover, opener) {
  const within = opener?.closest("[popover]");
  popover.opener = within?.opener ?? opener; // from a menu: the place of the menu
  within?.hidePopover();
  popover.showPopover({ source: popover.opener });
  popover.querySelector("a, button")?.focus({ preventScroll: true });
  popover.addEventListener("toggle", (event) => event.newState === "closed" && popover.remove());
}

function dismiss(slot) {
  slot.replaceChildren();
  const opener = openers.get(slot);
  (opener?.isConnected ? opener : slot.closest(".row")?.querySelector(".moment"))?.focus();
}

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const slot = ctx.target?.closest?.(".slot");
  if (!slot) return;
  const popover = slot.querySelector("[popover]:not(:popover-open)");
  if (popover) show(popover, ctx.opener);
  else if (ctx.opener && !slot.contains(ctx.opener)) openers.set(slot, ctx.opener);
  if (!popover) slot.querySelector("textarea, button")?.focus();
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  ctx.opener = ctx.sourceElement; // htmx replaces its own note of it when the swap takes it away
});

document.addEventListener("click", (event) => {
  const slot = event.target.closest("[data-dismiss]")?.closest(".slot");
  if (!slot) return; // on a page of its own Cancel is a link
  event.preventDefault();
  dismiss(slot);
});

document.addEventListener("keydown", (event) => {
  const slot = event.key === "Escape" && !event.isComposing && event.target.closest?.(".slot form")?.closest(".slot");
  if (slot) dismiss(slot);
});
