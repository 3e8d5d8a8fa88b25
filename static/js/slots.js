// What opens on request: in a message's slot a menu or a history that floats beside the control that asked
// for it, or a form; in the panel a thread. The focus goes in and comes back, but it is never taken from
// somebody who has gone on to write elsewhere.

const keyboard = matchMedia("(hover: hover)");
const openers = new WeakMap(); // slot or panel -> the control that asked

function float(popover, opener) {
  popover.opener = opener;
  popover.showPopover({ source: opener });
  popover.querySelector("a, button")?.focus({ preventScroll: true });
  popover.addEventListener("toggle", (event) => event.newState === "closed" && popover.remove());
}

function close(place, otherwise) {
  place.replaceChildren();
  const opener = openers.get(place);
  (opener?.isConnected ? opener : otherwise)?.focus();
}

const isChanged = (place) => [...place.querySelectorAll(".edit-form textarea")].some((field) => field.value !== field.defaultValue);
const mayGo = (place) => !isChanged(place) || confirm(document.querySelector("#texts").dataset.discard);

function closeSlot(slot) {
  close(slot, slot.closest(".row")?.querySelector(".moment"));
}

// Saved: on a keyboard one goes on writing where one writes.
function leaveSlot(slot) {
  const field = keyboard.matches && slot.closest(".main, .panel")?.querySelector(".composer textarea");
  if (field) field.focus({ preventScroll: true });
  else closeSlot(slot);
}

function closePanel(panel) {
  const message = panel.querySelector("[data-close]").getAttribute("href");
  close(panel, document.querySelector(`.timeline .moment[href="${message}"]`));
}

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  const replaced = ctx.request.method === "GET" && ctx.swap !== "beforeend" && ctx.target?.closest?.(".slot, .panel");
  if (replaced && !ctx.target.matches(".replies") && !mayGo(replaced)) return event.preventDefault();
  ctx.asked = ctx.sourceElement; // htmx replaces its own note of it when the swap takes it away
  ctx.menu = ctx.asked.closest("[popover]");
  ctx.opener = ctx.menu?.opener ?? ctx.asked;
});

// htmx gives the focus back by id, and what is in a message has none.
let focused = null;
document.addEventListener("htmx:before:swap", () => {
  const { activeElement } = document;
  const row = activeElement?.closest(".row:has(> .message)");
  const href = row && !activeElement.closest(".slot") && activeElement.getAttribute("href");
  focused = href ? `#${row.id} > .message [class="${activeElement.className}"][href="${CSS.escape(href)}"]` : null;
});
document.addEventListener("htmx:after:swap", () => {
  if (focused && document.activeElement === document.body) document.querySelector(focused)?.focus({ preventScroll: true });
});

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const place = ctx.target?.closest?.(".slot") ?? (ctx.target?.matches?.(".panel") && ctx.target);
  if (!place) {
    // Done from a menu, which is gone: back to what had opened it.
    if (ctx.menu && !ctx.menu.isConnected) ctx.opener?.focus();
    return;
  }
  const popover = place.querySelector("[popover]:not(:popover-open)");
  if (popover) {
    ctx.menu?.hidePopover();
    float(popover, ctx.opener);
    return;
  }
  if (ctx.opener?.isConnected) openers.set(place, ctx.opener);
  const focused = document.activeElement;
  if (focused !== document.body && focused !== ctx.asked) return;
  if (!place.firstElementChild) leaveSlot(place);
  else place.querySelector(place.matches(".panel") ? "[data-close]" : "textarea, button")?.focus();
});

document.addEventListener("click", (event) => {
  const control = event.target.closest("[data-dismiss], [data-close]");
  const place = control?.closest(".slot, .panel");
  if (!place) return; // on a page of its own Cancel is a link
  event.preventDefault();
  if (!mayGo(place)) return;
  if (control.matches("[data-close]")) closePanel(place);
  else closeSlot(place);
});

document.addEventListener("keydown", (event) => {
  const slot = event.key === "Escape" && !event.isComposing && event.target.closest?.(".slot form")?.closest(".slot");
  if (slot && mayGo(slot)) closeSlot(slot);
});
