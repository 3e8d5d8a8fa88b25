// What is loaded on use (completing.js). Runs a command that was typed (views/messages/commands.py). The text stays in the
// field until the command is done. What is typed meanwhile stays after it.

const texts = document.querySelector("#texts").dataset;
const TEXTS = { 401: texts.signedOut, 403: texts.notAllowed, 404: texts.notFound, 503: texts.busy };

// Whether the person has left the place of the form, or goes on to another one (places.js).
const isLeft = (form) => !form.isConnected || document.querySelector("#main").ariaBusy;

function done(form, sent, response, page) {
  const address = response.headers.get("HX-Redirect");
  const leads = address && !isLeft(form);
  parley.takeOut(form, sent);
  if (leads) location.assign(address);
  else if (!address) parley.notice(page.querySelector(".notice").textContent);
}

function refuse(form, response, page) {
  const refusal = page.querySelector(".composer-fields .errors")?.textContent.trim();
  parley.showError(refusal || TEXTS[response.status] || texts.failed);
  if (form.contains(document.activeElement)) form.elements.content.focus({ preventScroll: true });
}

export async function run(form, sent, body) {
  const response = await fetch(form.getAttribute("action"), { method: "POST", body, headers: parley.partHeaders() });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (response.status < 500) delete form.command;
  if (response.ok) done(form, sent, response, page);
  else refuse(form, response, page);
}
