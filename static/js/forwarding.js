// Forwarding. The comment is the draft until the server has it, so that a lost connection loses nothing. It is no message
// of the conversation of this page, so the modules that keep and repeat what is sent do not hear of it.

const { viewer } = document.body.dataset;
const LEAVING = `forwarding ${viewer}`;

const { id, action } = JSON.parse(sessionStorage.getItem(LEAVING) ?? "{}");
if (id && document.querySelector(`.message[data-client="${id}"]`)) {
  parley.drafts.forget(action);
  sessionStorage.removeItem(LEAVING);
}

addEventListener(
  "submit",
  (event) => {
    const { target: form } = event;
    if (!form.matches(".forward")) return;
    event.stopImmediatePropagation();
    form.elements.client_id.value = crypto.randomUUID(); // the browser may have restored a page with a used one
    const sent = { id: form.elements.client_id.value, action: form.getAttribute("action") };
    sessionStorage.setItem(LEAVING, JSON.stringify(sent));
  },
  { capture: true },
);
