// The outbox. A message is shown at once below the others, as a form that sends itself. The form is removed when
// the real message is on the page. Messages are sent one at a time, to keep their order. One that could not be
// sent stays with its text, and can be sent again with the same id.

const atNewest = () => !document.querySelector("#timeline > .more.newer:last-child");
const waiting = ".outgoing-message:not(.busy, .failed, .sent)";

function sendNext(outbox) {
  if (!outbox.querySelector(".busy")) outbox.querySelector(waiting)?.requestSubmit();
}

function enqueue(composer) {
  const { content } = composer.elements;
  if (!content.value.trim()) return content.focus();
  const column = composer.closest(".main, .panel");
  const form = composer.querySelector("template").content.cloneNode(true).firstElementChild;
  form.elements.content.value = content.value;
  form.elements.client_id.value = crypto.randomUUID(); // a page that the browser has restored may contain a used id
  form.querySelector(".prose").textContent = content.value;
  form.composer = composer;
  content.value = "";
  composer.querySelector(".errors")?.remove();
  const outbox = column.querySelector(".outbox");
  outbox.append(form);
  htmx.process(form);
  const scroll = outbox.closest(".scroll");
  scroll.scrollTop = scroll.matches(".newest-first") ? 0 : scroll.scrollHeight;
  sendNext(outbox);
}

function fail(form, errorText) {
  form.classList.add("failed");
  form.querySelector(".said").textContent = errorText;
}

// A text that was refused goes back to the composer, with the reason, unless the composer is in use again.
function returnToComposer(form, html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const fields = answer.querySelector(".composer-fields");
  form.elements.client_id.value = fields.querySelector("[name=client_id]").value;
  if (form.composer.elements.content.value) return fail(form, fields.querySelector(".errors").textContent.trim());
  const isElsewhere = ![document.body, form.composer.elements.content].includes(document.activeElement);
  form.composer.querySelector(".composer-fields").replaceWith(fields);
  parley.caretToEnd(form.composer.elements.content);
  if (!isElsewhere) form.composer.elements.content.focus();
  form.remove();
}

function removeArrived() {
  for (const form of document.querySelectorAll(".outgoing-message")) {
    const id = form.elements.client_id.value;
    if (!document.querySelector(`.message[data-client="${id}"]`)) continue;
    if (form.matches(".busy")) form.hidden = true; // it is still needed when its response arrives
    else form.remove();
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".composer") || !atNewest()) return;
  event.preventDefault();
  enqueue(event.target);
});

document.addEventListener("htmx:before:request", ({ target }) => {
  if (!target.matches?.(".outgoing-message")) return;
  target.classList.remove("failed");
  target.classList.add("busy");
});

document.addEventListener("htmx:finally:request", ({ target, detail: { ctx } }) => {
  if (!target.matches?.(".outgoing-message")) return;
  const outbox = target.parentElement;
  target.classList.remove("busy");
  const status = ctx.response?.status ?? 0;
  if (status === 409 || status === 422) returnToComposer(target, ctx.text);
  else if (status < 200 || status > 299) fail(target, ctx.errorText);
  else target.classList.add("sent");
  removeArrived();
  sendNext(outbox);
});

document.addEventListener("click", ({ target }) => {
  const form = target.closest("[data-take-back]")?.closest(".outgoing-message");
  if (!form) return;
  const field = form.composer.elements.content;
  field.value = [form.elements.content.value, field.value].filter(Boolean).join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  form.remove();
});

document.addEventListener("htmx:after:swap", removeArrived);

addEventListener("beforeunload", (event) => {
  const edits = [...document.querySelectorAll(".edit-form textarea")];
  const unsaved = edits.some((field) => field.value !== field.defaultValue);
  if (unsaved || document.querySelector(".outgoing-message:not(.sent)")) event.preventDefault();
});
