// Where a person goes on writing after a reply or an edit was saved: in the composer of the column after an edit, in
// the composer of its thread after a reply. If the thread of a reply is not shown, it opens in the panel. Until then,
// and if there is no room for the panel, the form of the reply stays, emptied, so that the next line does not go to the
// whole room. What is typed while a form is being sent moves on with the person. In the inbox a form closes, so that the
// next key is for the next group.

const keyboard = matchMedia("(hover: hover)");
const hasRoomForPanel = matchMedia("(width >= 1100px)");
const threadsToOpen = new Set(); // rows to whose thread somebody has replied
const formsToMove = new Set(); // forms that stay until the thread is shown

const fieldOf = (form) => form.elements.content;
const idOf = (row) => row.id.slice(2);

const { composerIn, drafts } = parley;
const threadComposer = (row) => composerIn(document.querySelector(`#panel:has(.thread[data-thread="${idOf(row)}"])`));

// Whether replies to a message are not shown in the list that it is in.
const hasThreadElsewhere = (row) => row.matches(".timeline > .row, [data-last-level]");

function composerAfter(form) {
  if (form.closest(".waiting")) return null;
  const row = form.closest(".row");
  if (form.matches(".reply-form") && hasThreadElsewhere(row)) return threadComposer(row);
  return composerIn(form.closest(".main, .panel"));
}

function typedSince(sent, value) {
  return (value.startsWith(sent) ? value.slice(sent.length) : value).replace(/^\n/, "");
}

function setText(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true })); // stores the draft
}

// Removes a text that the server has handled from the field with that draft; if there is none any more, from the draft.
parley.takeOut = (form, sent) => {
  const action = drafts.actionOf(form);
  const field = drafts.fieldsOf(action).find(({ value }) => value.startsWith(sent));
  if (field) {
    setText(field, typedSince(sent, field.value));
    if (!field.value) field.form.querySelector("[data-dismiss]")?.click();
  } else {
    drafts.keep(action, typedSince(sent, drafts.text(action) ?? ""));
    drafts.load().then((found) => found?.typed(action));
  }
};

// The text may be in the field already, as its draft.
function add(field, text) {
  if (text && field.value !== text) setText(field, [field.value, text].filter(Boolean).join("\n"));
}

// The form as it is for the next reply.
function empty(form, typed) {
  for (const used of form.querySelectorAll(".errors, .uploads")) used.remove();
  for (const name of ["aria-invalid", "aria-describedby"]) fieldOf(form).removeAttribute(name);
  form.elements.client_id.value = crypto.randomUUID();
  setText(fieldOf(form), typed);
}

function moveToThread(form, composer) {
  const hadFocus = form.contains(document.activeElement);
  add(composer, fieldOf(form).value);
  form.closest(".slot").replaceChildren();
  const scroll = composer.closest(".panel").querySelector(".scroll");
  scroll.scrollTop = scroll.scrollHeight; // to the reply
  if (hadFocus) parley.focusAtEnd(composer);
}

function followThread(form) {
  const row = form.closest(".row");
  const isShown = document.querySelector(`#panel .thread[data-thread="${idOf(row)}"]`);
  const canOpen = hasRoomForPanel.matches && document.querySelector("#timeline");
  if (canOpen && !isShown && hasThreadElsewhere(row)) threadsToOpen.add(row);
}

function followThreads() {
  for (const form of formsToMove) {
    const composer = form.isConnected && threadComposer(form.closest(".row"));
    if (composer) moveToThread(form, composer);
    if (!form.isConnected) formsToMove.delete(form);
  }
  for (const row of threadsToOpen) {
    const link = row.querySelector(".summary, :scope > .continue");
    if (!link && row.isConnected) continue; // it comes with the next change of the list
    threadsToOpen.delete(row);
    link?.click();
  }
}

document.addEventListener("leaving", () => {
  threadsToOpen.clear();
  formsToMove.clear();
});

document.addEventListener("htmx:before:request", ({ target, detail: { ctx } }) => {
  if (!target.matches?.(".slot [data-enter-sends]")) return;
  ctx.sent = fieldOf(target).value;
  target.ariaBusy = "true";
});

document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  const form = ctx.sourceElement;
  if (!form.matches?.(".slot form")) return;
  const isSaved = ctx.response.raw.ok;
  ctx.composer = isSaved ? composerAfter(form) : null; // slots.js moves the focus there
  if (ctx.sent === undefined) return;
  ctx.value = fieldOf(form).value;
  ctx.typed = typedSince(ctx.sent, ctx.value);
  if (!isSaved || ctx.composer || !form.matches(".reply-form")) return;
  const isInInbox = form.closest(".waiting");
  if (!isInInbox) followThread(form);
  if (!ctx.typed && (isInInbox || !(keyboard.matches && form.contains(document.activeElement)))) return;
  tasks.splice(0, tasks.length, ...tasks.filter(({ type }) => type !== "main")); // the form stays
  empty(form, ctx.typed);
  if (!isInInbox) formsToMove.add(form);
  ctx.typed = "";
});

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const refused = ctx.typed && ctx.target?.querySelector?.(".slot-form textarea");
  if (ctx.composer) add(ctx.composer, ctx.typed);
  else if (refused) setText(refused, ctx.value);
  followThreads();
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.sent === undefined || !ctx.control.isConnected) return;
  ctx.control.ariaBusy = null;
  if (!ctx.response?.raw.ok) setText(fieldOf(ctx.control), fieldOf(ctx.control).value); // keeps the draft
});
