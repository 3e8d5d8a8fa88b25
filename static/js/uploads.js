// Uploads files for a message, one after the other, each with its progress. Loaded by attaching.js.
//
// Each file is an `<li>` of the form. When it has arrived, the server's `<li>` takes its place, with the field that sends
// it. A message waits for its files; one that fails leaves the others and the text, and can be tried again.

const template = document.querySelector("#uploads");
const texts = template.dataset;
const waiting = new Map(); // forms that are sent as soon as their files have arrived: the button that was pressed, or null
const previews = new Set(); // pictures of this browser's own files
let last = Promise.resolve();

const drawing = () => template.content.querySelector(".upload").cloneNode(true);
const rowsOf = (form) => [...form.querySelectorAll(".upload.under-way")];

function listOf(form) {
  form.wasSubmitted = false; // there are files again (attaching.js)
  const fields = form.querySelector(".composer-fields");
  const found = fields.querySelector(".uploads");
  if (found) return found;
  const list = template.content.querySelector(".uploads").cloneNode();
  fields.querySelector("[name=content]").closest(".field, div").after(list);
  return list;
}

function request(row) {
  return new Promise((resolve) => {
    const data = new FormData();
    data.append("files", row.file);
    for (const [name, value] of Object.entries(row.file.recording ?? {})) data.append(name, value);
    const sender = new XMLHttpRequest();
    row.sender = sender;
    sender.open("POST", texts.address);
    for (const [name, value] of Object.entries(parley.partHeaders())) sender.setRequestHeader(name, value);
    sender.upload.onprogress = ({ loaded, total }) => {
      row.querySelector("progress").value = loaded / total;
      if (!row.isConnected) sender.abort(); // its form is gone
    };
    sender.onloadend = () => resolve(sender);
    sender.send(data);
  });
}

// `isFinal`: another try would fail, too.
function fail(row, error, isFinal = false) {
  row.classList.add("failed");
  row.querySelector(".upload-says").textContent = error;
  if (isFinal) row.querySelector("[data-retry]").remove();
}

// Without the name of the file, which is in the row.
const errorOf = (html) => new DOMParser().parseFromString(html, "text/html").querySelector(".upload-error")?.dataset.words;

async function upload(row) {
  if (!row.isConnected) return;
  let answer = await request(row);
  // After a new sign-in in another tab this page's token is renewed (token.js).
  if (answer.status === 403 && (await parley.isStillViewer())) answer = await request(row);
  const { status, responseText } = answer;
  if (!row.isConnected) return;
  if (status !== 200) {
    const known = { 0: texts.unreachable, 401: texts.signedOut, 403: texts.signedOut, 413: texts.tooLarge };
    fail(row, errorOf(responseText) ?? known[status] ?? texts.failed, status === 413 || !row.file.size);
  } else {
    const preview = row.querySelector("img");
    const stored = new DOMParser().parseFromString(responseText, "text/html").querySelector(".upload");
    if (!stored) return fail(row, texts.failed);
    if (preview) stored.querySelector("label").prepend(preview);
    row.replaceWith(stored);
  }
}

function start(row) {
  const form = row.closest("form");
  row.classList.remove("failed");
  row.querySelector(".upload-says").textContent = "";
  last = last.then(() => upload(row)).then(() => finish(form));
}

// Sends the message that has waited, unless a file failed: then the person decides.
function finish(form) {
  const rows = rowsOf(form);
  const button = waiting.get(form);
  if (!rows.every((row) => row.matches(".failed")) || !waiting.delete(form) || rows.length || !form.isConnected) return;
  form.requestSubmit(form.contains(button) ? button : null);
}

function forgetPreviews() {
  for (const preview of previews) {
    if (!preview.isConnected && previews.delete(preview)) URL.revokeObjectURL(preview.src);
  }
}

function add(form, files) {
  const list = listOf(form);
  forgetPreviews();
  let most = Number(texts.most) - form.querySelectorAll(".upload:not(.recording, .recording-note)").length;
  for (const file of files) {
    const row = drawing();
    row.file = file;
    row.querySelector("b").textContent = file.name;
    if (/^image\/(png|jpeg|gif|webp)$/.test(file.type)) {
      const preview = new Image();
      preview.src = URL.createObjectURL(file);
      preview.alt = "";
      previews.add(preview);
      row.prepend(preview);
    }
    list.append(row);
    if (most-- <= 0) fail(row, texts.tooMany);
    else if (file.size > Number(texts.limit)) fail(row, texts.tooLarge, true);
    else start(row);
  }
  form.elements.content.focus({ preventScroll: true });
}

// The files of a message that could not be sent, and is edited.
function putBack(form, files) {
  const list = listOf(form);
  for (const [id, name, alternative] of files) {
    if (form.querySelector(`[name=uploaded][value="${id}"]`)) continue;
    const row = template.content.querySelector(".upload.kept").cloneNode(true);
    Object.assign(row.querySelector("input"), { value: id, checked: true });
    row.querySelector("b").textContent = name;
    const field = { type: "hidden", name: `alternative-${id}`, value: alternative };
    if (alternative) row.append(Object.assign(document.createElement("input"), field));
    list.append(row);
  }
}

function showDrop(form) {
  const column = form.closest(".main, .panel");
  const shown = document.querySelector(".drop-here");
  if (shown?.parentElement === column) return;
  shown?.remove();
  const place = template.content.querySelector(".drop-here").cloneNode(true);
  const about = form.querySelector(".about")?.textContent.trim() || document.querySelector("#main").dataset.title;
  place.querySelector("b").textContent = about ?? "";
  column.append(place);
}

document.addEventListener("click", ({ target }) => {
  const row = target.closest(".upload.under-way");
  if (target.closest("[data-retry]")) start(row);
  if (!target.closest("[data-cancel]")) return;
  const form = row.closest("form");
  row.remove();
  row.sender?.abort();
  finish(form);
  form.elements.content.focus({ preventScroll: true });
});

// Before the outbox and htmx.
addEventListener(
  "submit",
  (event) => {
    const rows = rowsOf(event.target);
    if (!rows.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (rows.some((row) => row.matches(".failed"))) rows.find((row) => row.matches(".failed")).querySelector("button").focus();
    else {
      waiting.set(event.target, event.submitter);
      parley.stopRecording?.(event.target);
    }
  },
  { capture: true },
);

document.addEventListener("leaving", () => {
  for (const row of document.querySelectorAll(".upload.under-way")) row.sender?.abort();
  waiting.clear();
});

parley.uploads = { listOf, add, putBack, showDrop };
