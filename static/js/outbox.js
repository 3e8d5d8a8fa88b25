// The outbox. A message is shown at once below the others, as a form that sends itself. The form is removed when
// the real message is on the page. Messages are sent one at a time, to keep their order. One that could not be
// sent stays with its text, and can be sent again with the same id. Meanwhile the browser keeps it (unsent.js), and
// later pages show it again (resending.js).

const texts = document.querySelector("#texts")?.dataset ?? {};
const main = () => document.querySelector("#main");
const waiting = ".outgoing-message:not(.busy, .pending, .failed, .sent)";
const channel = new BroadcastChannel("unsent");

const atNewest = () => !document.querySelector("#timeline > .more.newer:last-child");
const all = () => [...document.querySelectorAll(".outgoing-message")];
const find = (id) => all().find((form) => form.message.client_id === id);

const isPlaceOf = (outbox, { conversation, thread }) =>
  outbox?.dataset.parent === thread && main().dataset.conversation === conversation;

// The form in which this message can be edited, if the page has it.
const fieldOf = ({ action }) =>
  document.querySelector(`:is(.composer, .reply-form)[action="${action}"]`)?.elements.content;

// Where a form of the page sends: a group of the inbox says so itself.
function placeOf(form) {
  const group = form.closest(".waiting");
  const { parent = "", href = location.pathname } = form.closest(".main, .panel").querySelector(".outbox")?.dataset ?? {};
  return group?.dataset ?? { ...main().dataset, thread: parent, href };
}

// The files that a form sends, which were uploaded before: [[id, name, alternative text], …].
const filesOf = (form) =>
  [...form.querySelectorAll("[name=uploaded]:checked")].map(({ value }) => [
    value,
    form.querySelector(`[name=uploaded][value="${value}"]`).closest("li").querySelector("b").textContent,
    form.elements[`alternative-${value}`]?.value ?? "",
  ]);

// What is kept of a message that is sent with a form of the page.
function messageOf(form, content, id) {
  const { conversation, thread, title, href } = placeOf(form);
  return {
    client_id: id,
    viewer: parley.viewer.id,
    action: form.getAttribute("action"),
    content,
    files: filesOf(form),
    draft: form.elements.draft.value,
    conversation,
    thread,
    title,
    href,
    about: form.matches(".composer") ? "" : (form.querySelector(".about")?.textContent ?? ""),
    written: Date.now(),
    retried: false,
    error: "",
    isDown: false,
  };
}

async function keep(form) {
  form.classList.toggle("kept", await parley.unsent.keep(form.message));
}

// Removes a message in all tabs. The other tabs are told after it is deleted.
async function drop(id) {
  await parley.unsent.drop(id);
  channel.postMessage(id);
}

function show(message, outbox) {
  const form = document.querySelector("#outgoing").content.cloneNode(true).firstElementChild;
  form.message = message;
  form.setAttribute("hx-post", message.action);
  form.elements.content.value = message.content;
  form.elements.client_id.value = message.client_id;
  form.elements.draft.value = message.draft ?? "";
  form.querySelector(".prose").textContent = message.content;
  for (const [id, name, alternative] of message.files ?? []) {
    for (const [field, value] of [["uploaded", id], [`alternative-${id}`, alternative]]) {
      form.elements.content.before(Object.assign(document.createElement("input"), { type: "hidden", name: field, value }));
    }
    form.querySelector(".outgoing-files").append(Object.assign(document.createElement("li"), { textContent: name }));
  }
  if (message.group_mentions) parley.question.answer(form, message.group_mentions);
  const place = form.querySelector(".outgoing-place");
  const isElsewhere = outbox.matches("#unsent .outbox");
  place.textContent = [isElsewhere && message.title, message.about].filter(Boolean).join(" · ");
  place.href = message.href;
  outbox.append(form);
  htmx.process(form);
  document.dispatchEvent(new Event("outbox"));
  return form;
}

function fail(form, error) {
  form.classList.remove("busy", "pending", "leaving");
  form.classList.add("failed");
  form.querySelector(".send-error").textContent = error;
}

// Resolves when the answer is there, or failed to come.
function send(form) {
  form.classList.remove("failed", "pending");
  parley.question.end(form);
  form.classList.add("busy");
  return new Promise((settled) => {
    form.settled = settled;
    form.requestSubmit();
  });
}

// Runs `act` under the lock of a message, so that no other tab sends it by itself meanwhile. `act` gets null if
// another tab has the lock, or if the browser has no locks.
async function withLock(id, act) {
  let hasBegun = false;
  const begin = (lock) => {
    hasBegun = true;
    return act(lock);
  };
  try {
    await navigator.locks.request(`unsent ${id}`, { ifAvailable: true }, begin);
  } catch (error) {
    if (hasBegun) throw error;
    await begin(null);
  }
}

function sendNext(outbox) {
  const form = !outbox.querySelector(".busy") && outbox.querySelector(waiting);
  if (!form) return;
  form.classList.add("busy");
  withLock(form.message.client_id, () => send(form));
}

function enqueue(composer) {
  const { content } = composer.elements;
  if (!content.value.trim() && !filesOf(composer).length) return content.focus();
  const outbox = composer.closest(".main, .panel").querySelector(".outbox");
  const form = show(messageOf(composer, content.value, composer.elements.client_id.value), outbox);
  for (const used of [content, composer.elements.draft, composer.elements.client_id]) used.value = "";
  for (const used of composer.querySelectorAll(".errors, .uploads")) used.remove();
  keep(form);
  const scroll = outbox.closest(".scroll");
  scroll.scrollTop = scroll.matches(".newest-first") ? 0 : scroll.scrollHeight;
  sendNext(outbox);
}

// What the server says about a message that it refused: the fields of the form, what it asks, the reason, the id to
// send it with again, and whether its text must be changed.
function refusalIn(html) {
  const fields = new DOMParser().parseFromString(html, "text/html").querySelector(".composer-fields");
  return {
    fields,
    question: fields?.querySelector(".group-question"),
    error: fields?.querySelector(".errors, .group-question p")?.textContent.trim() ?? texts.failed,
    id: fields?.querySelector("[name=client_id]").value,
    mustChange: Boolean(fields?.querySelector("[name=content][aria-invalid=true]")),
  };
}

// A text that must be changed goes back to the composer, with the reason, unless the composer is in use. Resolves when
// that is stored.
function refuse(form, html) {
  const { fields, question, error, id, mustChange } = refusalIn(html);
  const field = fieldOf(form.message);
  if (mustChange && field?.form.matches(".composer") && !field.value && !field.form.querySelector(".upload")) {
    const isElsewhere = ![document.body, field].includes(document.activeElement);
    field.form.querySelector(".composer-fields").replaceWith(fields);
    const refused = fields.querySelector("[name=content]");
    refused.dispatchEvent(new Event("input", { bubbles: true })); // so that it is kept as a draft
    parley.caretToEnd(refused);
    if (!isElsewhere) refused.focus();
    form.remove();
    return drop(form.message.client_id);
  }
  if (id && id !== form.message.client_id) {
    drop(form.message.client_id);
    form.elements.client_id.value = form.message.client_id = id;
    form.classList.remove("kept"); // not by this id
  }
  const settled = settle(form, error, false);
  if (question) parley.question.ask(form, question);
  return settled;
}

// The message was not sent. `form` is in the outbox, or is the form of a reply or an edit. A message that another tab has
// sent or discarded meanwhile is not kept again.
async function settle(form, error, isDown) {
  if (form.isDropped) return form.remove();
  if (form.matches(".outgoing-message")) fail(form, error);
  Object.assign(form.message, { error, isDown });
  const before = await parley.unsent.change(form.message.client_id, () => form.message);
  if (!form.matches(".kept")) await keep(form);
  else form.classList.toggle("kept", Boolean(before));
  channel.postMessage(null);
  document.dispatchEvent(new Event("not-sent"));
}

function accept(form) {
  const { message } = form;
  const dropped = drop(message.client_id);
  form.classList.add("sent");
  // The list beside its outbox shows the message in a moment. Other lists do not.
  if (message.about || !isPlaceOf(form.parentElement, message) || !(message.thread || atNewest())) form.remove();
  return dropped;
}

function removeArrived() {
  for (const form of all()) {
    const id = form.message.client_id;
    if (!document.querySelector(`.message[data-client="${id}"]`)) continue;
    drop(id);
    if (form.matches(".busy")) form.hidden = true; // it is still needed when its response arrives
    else form.remove();
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".composer")) return;
  event.preventDefault();
  if (!atNewest() && event.target.closest(".main:has(#timeline)")) document.querySelector("#to-newest").click();
  enqueue(event.target);
});

document.addEventListener("htmx:before:request", ({ target, detail: { ctx } }) => {
  if (target.matches?.(".outgoing-message")) ctx.outgoing = target;
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const form = ctx.outgoing;
  if (!form) return;
  const outbox = form.parentElement;
  form.classList.remove("busy");
  const status = ctx.response?.status ?? 0;
  let stored;
  if (status === 409 || status === 422) stored = refuse(form, ctx.text);
  else if (status < 200 || status > 299) stored = settle(form, ctx.errorText ?? texts.unreachable, status === 0 || status >= 500);
  else stored = accept(form);
  removeArrived();
  stored.finally(form.settled); // before that, another tab would send it again
  if (outbox) sendNext(outbox);
  document.dispatchEvent(new Event("outbox"));
});

document.addEventListener("htmx:after:swap", removeArrived);

addEventListener("beforeunload", (event) => {
  if (parley.isChanged(document) || parley.isUploading() || document.querySelector(".outgoing-message:not(.sent, .kept)")) event.preventDefault();
});

parley.outbox = { channel, all, find, fieldOf, filesOf, isPlaceOf, messageOf, refusalIn, settle, keep, drop, show, fail, send, sendNext, withLock };
