// Files for a message are chosen, pasted or dropped. The script that uploads them (uploads.js) is loaded with the first.

const scripts = document.querySelector("#uploads")?.dataset;
parley.loadUploads = async (load = parley.load) => (await load(scripts.script)) && parley.uploads;
const inSilence = (script) => parley.import(script).catch(() => {});

let chosen = 0; // how many chosen lists of files wait for the script
parley.isUploading = () => chosen > 0 || Boolean(document.querySelector(".upload.under-way:not(.failed)"));

// How many lists of files of each form wait for the script. A message that is sent meanwhile waits too.
const waiting = new Map();
const toSubmit = new Map(); // of these forms: the button that was pressed, or null

// Calls `act` with the script, when it is there.
parley.withUploads = async (form, act, load) => {
  waiting.set(form, (waiting.get(form) ?? 0) + 1);
  const uploads = await parley.loadUploads(load);
  const left = waiting.get(form) - 1;
  if (left) waiting.set(form, left);
  else waiting.delete(form);
  if (uploads && form.isConnected) act(uploads);
  if (left) return;
  const button = toSubmit.get(form);
  if (toSubmit.delete(form) && uploads && form.isConnected) form.requestSubmit(form.contains(button) ? button : null);
};

// Runs before the outbox and htmx.
addEventListener(
  "submit",
  (event) => {
    if (!waiting.has(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    toSubmit.set(event.target, event.submitter);
  },
  { capture: true },
);

const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");

// The form of a message that is meant: the one that an element is in, or the composer of its column.
const formFor = (element) => {
  const inside = element?.closest?.("form:has(.attach)");
  return inside ?? parley.composerIn(element?.closest?.(".main, .panel") ?? document.querySelector("#main"))?.form;
};

async function add(form, list) {
  if (!form || !list.length) return;
  const files = [...list];
  chosen++;
  await parley.withUploads(form, (uploads) => uploads.add(form, files));
  chosen--;
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches(".attach input")) return;
  add(target.form, [...target.files]);
  target.value = ""; // so that they are not sent twice
});

// Text that was copied with a picture of it, as by a spreadsheet, is pasted as text.
document.addEventListener("paste", (event) => {
  const { files, types } = event.clipboardData;
  if (!files.length || types.includes("text/plain") || !event.target.closest("textarea")?.form.matches(":has(.attach)")) return;
  event.preventDefault();
  add(event.target.form, files);
});

// A dropped file never replaces the page.
let over = null; // the form that would get the files; the script may come after they were dropped
function clearDrop() {
  over = null;
  document.querySelector(".drop-here")?.remove();
}
document.addEventListener("dragover", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  const form = formFor(event.target);
  event.dataTransfer.dropEffect = form ? "copy" : "none";
  if (!form) return clearDrop();
  if (over === form) return;
  over = form;
  parley.loadUploads().then((uploads) => over === form && uploads?.showDrop(form));
});
document.addEventListener("dragleave", (event) => !event.relatedTarget && clearDrop());
document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  clearDrop();
  add(formFor(event.target), event.dataTransfer.files);
});

// Voice messages (recording.js). Browsers have microphones for pages of secure origins only.
if (window.MediaRecorder && navigator.mediaDevices) document.documentElement.classList.add("records");
document.addEventListener("click", async ({ target }) => {
  const form = target.closest(".record")?.form;
  if (form && (await parley.loadUploads()) && (await parley.load(scripts.recording))) parley.record(form);
});

// What is uploaded and not sent stays with its form while this tab shows another place, as the draft does.
const keyOf = (form) => `files ${document.body.dataset.viewer} ${form.getAttribute("action")}`;

function save() {
  if (!parley.viewer.isSignedIn()) return;
  for (const form of document.querySelectorAll("form:has([name=uploaded]:checked)")) {
    if (!form.wasSubmitted) sessionStorage.setItem(keyOf(form), JSON.stringify(parley.outbox.filesOf(form)));
  }
}

function restore() {
  for (const form of document.querySelectorAll("form:has(.attach)")) {
    const kept = sessionStorage.getItem(keyOf(form));
    if (!kept) continue;
    parley.withUploads(form, (uploads) => {
      sessionStorage.removeItem(keyOf(form));
      uploads.putBack(form, JSON.parse(kept));
    }, inSilence); // the next swap tries again
  }
}

document.addEventListener("submit", ({ target }) => {
  target.wasSubmitted = true;
});
document.addEventListener("leaving", save);
addEventListener("pagehide", save);
for (const name of ["arrived", "htmx:after:swap"]) document.addEventListener(name, restore);
restore();
