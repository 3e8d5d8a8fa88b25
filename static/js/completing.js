// Completion of @people, #rooms, :emoji: and /commands while one writes. It costs nothing before it is needed: the rest of it is a script
// of its own (completion.js), loaded at the first sign that may begin one.

const list = document.querySelector("#completion");
const BEGUN = /(?:@|#.|:..)[^\s@:]*$|^\/[a-z]*$/i;
// As messaging/text/commands.py. What only stands for a text is sent as one.
const COMMAND = /^\/(?!me\s+\S|shrug(?:\s|$))(?:[a-z]{1,20}[@:]|(?:[a-z]{1,20}|\?)(?:\s|$))/i;
let isLoading = false;

async function load(field) {
  isLoading = true;
  try {
    await parley.import(list.dataset.script);
    parley.completion.update(field);
  } catch {
    isLoading = false; // the next sign tries again
  }
}

document.addEventListener("input", ({ target: field }) => {
  if (isLoading || !list || !field.matches?.("[data-enter-sends] textarea")) return;
  if (BEGUN.test(field.value.slice(0, field.selectionStart).slice(-64))) load(field);
});

// A command is no message: it is not kept in the outbox, and not sent again by itself. It is what stood in
// the field when it was submitted. What is typed until its script is loaded is no part of it.
async function run(form) {
  if (form.ariaBusy) return;
  form.ariaBusy = "true";
  const sent = form.elements.content.value;
  form.command = sent; // drafts.js keeps the id while it has no answer
  const body = new FormData(form);
  try {
    const script = await parley.import(list.dataset.commandsScript);
    await script.run(form, sent, body);
  } catch {
    parley.showError();
  }
  form.ariaBusy = null;
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const isText = !form.matches(":is(.composer, .reply-form)") || event.submitter?.hasAttribute("formaction");
    if (!list || isText || !COMMAND.test(form.elements.content.value)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    run(form);
  },
  { capture: true },
);
