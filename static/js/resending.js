// Unsent messages of earlier pages and of other tabs are shown again: in their room or thread, on other pages in the
// sidebar. When the server can be reached again, each is sent once more by itself, by one tab, with the same id. A
// message that is older than an hour, or that the server refused, waits for the person.

const RETRY_DELAY_MS = 10_000;
const texts = document.querySelector("#texts")?.dataset ?? {};
const sidebar = document.querySelector("#unsent .outbox");
const { all, channel, fail, find, isPlaceOf, keep, send, show, withLock } = parley.outbox;

const { isDue, isTooOld } = parley.unsent;

const reason = (message) => (isTooOld(message) ? texts.tooOld : message.error || texts.unsure);

// A reply whose thread is not open is in its room.
function outboxFor(message) {
  const outboxes = [...document.querySelectorAll(".outbox")];
  return (
    outboxes.find((outbox) => isPlaceOf(outbox, message)) ??
    outboxes.find((outbox) => isPlaceOf(outbox, { ...message, thread: "" })) ??
    sidebar
  );
}

const openForm = (id) =>
  [...document.querySelectorAll(".reply-form")].find((form) => form.elements.client_id.value === id);

// What is being sent is no draft any more, also in a page that the server has filled with it.
function unwrite({ client_id: id, action, content }) {
  const { drafts } = parley;
  if (drafts.base(action)?.token !== id || drafts.text(action) !== content) return;
  drafts.sent(action);
  for (const field of drafts.fieldsOf(action)) field.value = "";
}

function place(message) {
  const { client_id: id } = message;
  if (document.querySelector(`.message[data-client="${id}"]`)) return parley.outbox.drop(id);
  if (openForm(id)) return;
  unwrite(message);
  const before = find(id);
  if (before && !before.matches(".pending, .failed")) return; // this page is sending it
  const form = before ?? show(message, outboxFor(message));
  form.message = message;
  form.classList.add("kept");
  if (isDue(message) && !message.error) form.classList.add("pending");
  else fail(form, reason(message));
}

async function restore() {
  if (!sidebar) return;
  const dropped = new Set(); // since they were read
  const note = ({ data: id }) => dropped.add(id);
  channel.addEventListener("message", note);
  const messages = await parley.unsent.all();
  channel.removeEventListener("message", note);
  for (const message of messages) if (!dropped.has(message.client_id)) place(message);
  resend();
}

async function resendOne(form) {
  const { client_id: id } = form.message;
  await withLock(id, async (lock) => {
    if (!lock) {
      navigator.locks?.request(`unsent ${id}`, restore); // another tab is sending it
      return;
    }
    const message = await parley.unsent.change(id, (one) => isDue(one) && { ...one, retried: true });
    if (!form.isConnected) return;
    if (!message || !isDue(message)) return form.matches(".pending") && fail(form, reason(message ?? form.message));
    form.message = { ...message, retried: true };
    await send(form);
  });
}

const isUnchanged = (form) => form.message && form.elements.content.value === form.message.content;
const toResend = () => [
  ...all().filter((form) => form.matches(".kept:is(.failed, .pending)")),
  ...[...document.querySelectorAll(".reply-form")].filter(isUnchanged),
].filter((form) => isDue(form.message));

let isResending = false;
async function resend() {
  if (isResending || !toResend().length) return;
  isResending = true;
  if (await parley.isStillViewer()) {
    for (const form of toResend()) await resendOne(form);
  } else {
    for (const form of all()) if (form.matches(".pending")) fail(form, texts.unreachable);
    resendSoon();
  }
  isResending = false;
}

// If the connection is lost, `connected` comes when it is back.
function resendSoon() {
  if ("live" in document.body.dataset) setTimeout(resend, RETRY_DELAY_MS);
}

// A panel or a form that is closed may have shown a message that is still unsent.
const shown = new Set();
function findLost() {
  const lost = [...shown].filter((form) => !form.isConnected);
  for (const form of lost) shown.delete(form);
  for (const form of document.querySelectorAll(".outgoing-message, .reply-form")) shown.add(form);
  if (lost.some((form) => !form.matches(".sent"))) restore();
}

// What is not known to be sent when the place is left goes on in the sidebar, and comes back with its place.
document.addEventListener("leaving", () => {
  for (const form of document.querySelectorAll("#main .outgoing-message, #panel .outgoing-message")) {
    if (form.matches(".sent")) {
      form.remove();
      continue;
    }
    form.classList.toggle("leaving", !form.matches(".failed, .pending")); // probably it is about to be sent
    sidebar.append(form);
  }
});
document.addEventListener("arrived", () => {
  for (const form of sidebar.querySelectorAll(".outgoing-message")) {
    const outbox = outboxFor(form.message);
    if (outbox === sidebar) continue;
    form.classList.remove("leaving");
    outbox.append(form);
  }
  document.dispatchEvent(new Event("outbox"));
});

channel.onmessage = ({ data: id }) => {
  const form = id && find(id);
  if (form?.matches(".busy")) form.isDropped = true;
  else if (form) form.remove();
  if (id) document.dispatchEvent(new Event("outbox"));
  else restore();
};

// After a sign-out the page still shows what was not sent, but the browser does not keep it.
document.addEventListener("viewer", () => {
  for (const form of all()) if (!form.matches(".sent")) keep(form);
});

document.addEventListener("not-sent", resendSoon);
document.addEventListener("connected", resend);
addEventListener("online", resend);
addEventListener("pageshow", (event) => event.persisted && restore());
for (const name of ["outbox", "closed", "htmx:after:swap"]) document.addEventListener(name, findLost);
restore();
