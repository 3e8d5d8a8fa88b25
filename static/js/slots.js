// Forms, menus, histories and threads that the reader opens. A form opens in the slot of its message; a menu or a
// history floats beside the control that opened it; a thread opens in the panel. The focus moves into what was
// opened, and back when it is closed (to the message, if a key pressed there has opened it), but is never taken away
// from a field where the person is writing.

const keyboard = matchMedia("(hover: hover)");
const openers = new WeakMap(); // slot or panel -> the control that opened it
const latest = new WeakMap(); // slot or panel -> the last request to fill it, until it is closed

const messageOf = (element) => element?.closest(".message")?.classList[1]; // the same when the message is replaced

// Whether the focus is on the message of this control.
const isAround = (control) => document.activeElement?.matches(".message") && document.activeElement.contains(control);

// The control; or, if its message was drawn again, the same control in the new one.
function latestOf(control, row) {
  if (control.isConnected || !row) return control;
  const same = `.${CSS.escape(control.classList[0])}[href="${CSS.escape(control.getAttribute("href"))}"]`;
  return row.querySelector(`:scope > .message ${same}`) ?? control;
}
parley.latestOf = latestOf;

// What floats stays beside its control when the message changes. For this the control gets a CSS anchor name, again after
// each change, since an open popover cannot change its implicit anchor.
let names = 0;
function stayBeside(popover) {
  const control = latestOf(popover.opener, popover.closest(".row"));
  if (control !== popover.opener) popover.style.positionAnchor ||= `--opener-${++names}`;
  popover.opener = control;
  if (popover.style.positionAnchor) control.style.anchorName = popover.style.positionAnchor;
}
document.addEventListener("htmx:after:swap", () => {
  for (const popover of document.querySelectorAll(".slot > [popover]:popover-open")) if (popover.opener) stayBeside(popover);
});

function float(popover, pressed) {
  const anchor = latestOf(pressed, popover.closest(".row"));
  popover.opener = anchor;
  popover.showPopover({ source: anchor });
  const field = keyboard.matches && popover.querySelector("[type='search']");
  (field || popover.querySelector("a, button"))?.focus({ preventScroll: true });
  popover.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    const message = popover.closest(".row")?.querySelector(":scope > .message");
    if (popover.style.positionAnchor) popover.opener.removeAttribute("style");
    popover.remove();
    // The browser gives the focus back to what opened it, but that is gone if the message was replaced meanwhile.
    if (!anchor.isConnected && document.activeElement === document.body) message?.focus({ preventScroll: true });
  });
}

function close(container, fallback) {
  container.replaceChildren();
  latest.delete(container);
  const opener = openers.get(container);
  (opener?.isConnected ? opener : fallback)?.focus();
  document.dispatchEvent(new Event("closed"));
}

// Whether an edit or a poll was begun in it that is not saved.
parley.isChanged = (container) =>
  [...container.querySelectorAll(":is(.edit-form, .poll-form) textarea")].some((field) => field.value !== field.defaultValue);
const mayDiscard = (container) => !(parley.isChanged(container) || container.querySelector(".recording")) || confirm(document.querySelector("#texts").dataset.discard);

function closeSlot(slot) {
  const row = slot.closest(".row");
  slot.replaceChildren(); // first, since a form keeps its row in sight
  const message = row?.querySelector(":scope > .message");
  close(slot, !message || row.checkVisibility() ? row?.querySelector(".moment") : parley.lists.neighbourOf(message));
}

// After saving, people with a keyboard go on in a composer (continuing.js).
function afterSaving(slot, composer) {
  if (composer && keyboard.matches) parley.focusAtEnd(composer);
  else closeSlot(slot);
}

function closePanel(panel) {
  const message = panel.querySelector("[data-close]").getAttribute("href");
  close(panel, document.querySelector(`.timeline .moment[href="${message}"]`));
}

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  const replaced = ctx.request.method === "GET" && ctx.swap !== "beforeend" && ctx.target?.closest?.(".slot, .panel");
  if (replaced && !ctx.target.matches(".replies") && !mayDiscard(replaced)) return event.preventDefault();
  ctx.control = ctx.sourceElement; // htmx changes `sourceElement` if the swap removes it
  ctx.menu = ctx.control.closest("[popover]");
  ctx.anchor = ctx.menu?.opener ?? ctx.control;
  ctx.message = messageOf(ctx.anchor);
  ctx.opener = isAround(ctx.anchor) ? document.activeElement : ctx.anchor;
  if (ctx.swap !== "none" && ctx.target?.matches?.(".slot, .panel")) latest.set(ctx.target, ctx);
});

// What the reader has opened since, or closed, stays as it is.
document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  const main = tasks.findIndex(({ type }) => type === "main");
  const isCurrent = latest.get(ctx.target) === ctx && !ctx.isDismissed; // waiting.js
  ctx.isLate = ctx.swap !== "none" && ctx.target?.matches?.(".slot, .panel") && !isCurrent;
  if (ctx.isLate && main >= 0) tasks.splice(main, 1);
});

// htmx restores the focus by id, but the controls in a message have none.
let focused = null;
document.addEventListener("htmx:before:swap", () => {
  const { activeElement } = document;
  const row = activeElement?.closest(".row:has(> .message)");
  const href = row && !activeElement.closest(".slot") && activeElement.getAttribute("href");
  const { task } = activeElement?.dataset ?? {}; // the boxes of all tasks lead to the same page
  const control = task ? `[data-task="${CSS.escape(task)}"]` : `[class="${activeElement?.className}"][href="${CSS.escape(href)}"]`;
  focused = href ? `#${row.id} > .message ${control}` : null;
});
document.addEventListener("htmx:after:swap", () => {
  if (focused && document.activeElement === document.body) document.querySelector(focused)?.focus({ preventScroll: true });
});

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.isLate) return;
  if (ctx.swap === "none") {
    if (!ctx.menu?.isConnected) return; // it was closed meanwhile
    const message = ctx.menu.closest(".row")?.querySelector(":scope > .message");
    ctx.menu.hidePopover();
    if (ctx.opener?.isConnected || !message) return ctx.opener?.focus();
    message.tabIndex = 0; // it is new, and lists.js has not seen it yet
    return message.focus({ preventScroll: true });
  }
  const container = ctx.target?.closest?.(".slot") ?? (ctx.target?.matches?.(".panel") && ctx.target);
  if (!container) return;
  const popover = container.querySelector("[popover]:not(:popover-open, .composer *)");
  if (popover) {
    ctx.menu?.hidePopover();
    float(popover, ctx.anchor);
    return;
  }
  if (ctx.opener?.isConnected) openers.set(container, ctx.opener);
  const focused = document.activeElement;
  const isOnMessage = ctx.message && messageOf(focused) === ctx.message && !focused.matches("input, textarea");
  if (focused !== document.body && focused !== ctx.control && !isOnMessage) return;
  const field = keyboard.matches && container.matches(".panel") && parley.composerIn(container);
  if (!container.firstElementChild) afterSaving(container, ctx.composer);
  else if (field) parley.focusAtEnd(field);
  else container.querySelector(container.matches(".panel") ? "[data-close]" : "textarea, button")?.focus();
});

document.addEventListener("click", (event) => {
  const control = event.target.closest("[data-dismiss], [data-close]");
  const container = control?.closest(".slot, .panel");
  if (!container) return; // if the form is a page of its own, Cancel is an ordinary link
  event.preventDefault();
  if (!mayDiscard(container)) return;
  if (control.matches("[data-close]")) closePanel(container);
  else closeSlot(container);
});

document.addEventListener("keydown", (event) => {
  const slot = event.key === "Escape" && !parley.isComposing(event) && event.target.closest?.(".slot form:not([popover] *)")?.closest(".slot");
  if (!slot) return;
  event.preventDefault();
  if (mayDiscard(slot)) closeSlot(slot);
});
