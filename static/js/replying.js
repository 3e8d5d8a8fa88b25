// Messages that are sent without the outbox are kept too until they are known to be sent: a reply in the slot of its
// message, and what a page sends by leaving (a reply on a page of its own, or a message below old messages).

const { drop, keep, messageOf, refusalIn, settle } = parley.outbox;
const texts = document.querySelector("#texts")?.dataset ?? {};
const keyOf = (id) => `sending ${parley.viewer.id} ${id}`;

document.addEventListener("htmx:before:request", ({ target, detail: { ctx } }) => {
  if (!target.matches?.(".reply-form")) return;
  const { content, client_id } = target.elements;
  const message = messageOf(target, content.value, client_id.value);
  const isSame = ["client_id", "content", "files"].every((name) => String(target.message?.[name]) === String(message[name]));
  if (!isSame) target.message = message;
  ctx.reply = target;
  keep(target);
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const { reply } = ctx;
  if (!reply) return;
  const status = ctx.response?.status ?? 0;
  const refusal = (status === 409 || status === 422) && refusalIn(ctx.text);
  // If its text must be changed, the new form in the slot has it, and it is a draft again.
  if ((status >= 200 && status <= 299) || refusal?.mustChange) drop(reply.message.client_id);
  else if (refusal) settle(reply, refusal.error, false);
  else settle(reply, ctx.errorText ?? texts.unreachable, status === 0 || status >= 500);
  reply.settled?.();
});

// This page is left at once, perhaps before IndexedDB has stored the message. So it goes into `sessionStorage`, and the
// next page stores it (`takeOver`).
document.addEventListener("submit", (event) => {
  const { content, client_id } = event.target.elements;
  if (event.defaultPrevented || !client_id || !content.value.trim() || !parley.viewer.isSignedIn()) return;
  const message = messageOf(event.target, content.value, client_id.value);
  sessionStorage.setItem(keyOf(client_id.value), JSON.stringify(message));
});

// Stores what the page before has left, unless this page shows it as a sent message or in a form.
async function takeOver() {
  for (const key of Object.keys(sessionStorage).filter((one) => one.startsWith(keyOf("")))) {
    const message = JSON.parse(sessionStorage.getItem(key));
    const { client_id: id } = message;
    const isShown = document.querySelector(`.message[data-client="${id}"], [name=client_id][value="${id}"]`);
    if (isShown || (await parley.unsent.keep(message))) sessionStorage.removeItem(key);
  }
}

takeOver();
