// Sending later. A time of the menu beside "Send" is sent with the text, which stays in its field until the server has it.
// None of this is a message yet, so the modules that keep and repeat what is sent do not hear of it.

const { viewer } = document.body.dataset;

function schedule(form, button) {
  const { content } = form.elements;
  button.closest("[popover]").hidePopover();
  if (!content.value.trim()) return content.focus();
  // The same id if it is tried again, as after a lost answer.
  if (form.later?.text !== content.value) form.later = { text: content.value, id: crypto.randomUUID() };
  const values = { when: button.value, content: content.value, client_id: form.later.id };
  htmx.ajax("POST", button.getAttribute("formaction"), { source: form, swap: "none", values, later: { form, ...form.later } });
}

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (!ctx.later || ctx.hx?.trigger !== "scheduled") return;
  const { form, text, id } = ctx.later;
  parley.takeOut(form, text);
  if (form.later?.id === id) delete form.later;
  form.elements.content.focus({ preventScroll: true });
});

// What has come is no longer waited for.
document.addEventListener("htmx:after:swap", () => {
  const here = document.querySelector("#scheduled-here");
  const hasCome = (id) => id && document.querySelector(`.message[data-client="${id}"]`);
  if (here?.dataset.waitsFor.split(" ").some(hasCome)) htmx.trigger(here, "scheduled");
});

// The text of the page on which any time can be entered is the draft until the server has it, so that a lost
// connection loses nothing.
const LEAVING = `scheduling ${viewer}`;

function keepDraft({ dataset: { composer }, elements }) {
  if (!composer) return;
  sessionStorage.setItem(`draft ${viewer} ${composer}`, elements.content.value);
  sessionStorage.setItem(LEAVING, composer);
}

// To that page. The draft stays until that is sent, which names it.
function leaveFor(form) {
  const { drafts } = parley;
  drafts.saving?.atOnce(drafts.actionOf(form));
  drafts.name(form, true);
}

if (document.querySelector(".notice.is-scheduled")) {
  parley.drafts.forget(sessionStorage.getItem(LEAVING));
  sessionStorage.removeItem(LEAVING);
}

addEventListener(
  "submit",
  (event) => {
    const { target: form, submitter } = event;
    const isInMenu = form.matches(".composer") && submitter?.hasAttribute("formaction");
    if (!isInMenu && !form.matches(".schedule")) return;
    event.stopImmediatePropagation();
    if (!isInMenu) return keepDraft(form);
    if (!submitter.value) return leaveFor(form);
    event.preventDefault();
    schedule(form, submitter);
  },
  { capture: true },
);
