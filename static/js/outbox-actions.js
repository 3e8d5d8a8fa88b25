// What can be done with a message that was not sent: try again, edit, discard, or answer what the server asks first. Messages that belong to another
// page are in the sidebar.

const sidebar = document.querySelector("#unsent");
const { all, drop, fieldOf, sendNext } = parley.outbox;

function edit({ message }) {
  const field = fieldOf(message);
  field.value = [message.content, field.value].filter(Boolean).join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  if (message.files?.length) parley.withUploads(field.form, (uploads) => uploads.putBack(field.form, message.files));
}

function draw() {
  for (const form of all()) form.querySelector("[data-edit]").hidden = !fieldOf(form.message);
  if (!sidebar) return;
  const count = sidebar.querySelectorAll(".outgoing-message:not(.leaving)").length;
  sidebar.querySelector(".badge").textContent = count;
  sidebar.hidden = !count;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".outgoing-message button");
  const form = button?.closest(".outgoing-message");
  if (!form) return;
  const isAnswer = button.matches("[name=group_mentions]");
  if (isAnswer || button.matches("[data-try-again]")) {
    event.preventDefault();
    if (isAnswer) parley.question.answer(form, button.value);
    form.classList.remove("failed");
    return sendNext(form.parentElement);
  }
  if (button.matches("[data-copies-message]")) return; // copying.js
  if (button.matches("[data-edit]")) edit(form);
  else if (form.message.draft) parley.drafts.load().then((found) => found?.discard(form.message));
  drop(form.message.client_id);
  form.remove();
  draw();
});

document.addEventListener("outbox", draw);
document.addEventListener("htmx:after:swap", draw);
