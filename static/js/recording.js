// Records a voice message for a form. Loaded by attaching.js with the first press of its button.
//
// While it runs, the recording is a row of the form's files that is "under way" (uploads.js): a message that is sent
// waits for it, and somebody who leaves the page is asked. When it is stopped, it becomes a file like any other.

let template; // what the form shows, and its texts; loaded once
let texts;
const TYPES = { "audio/webm;codecs=opus": "webm", "audio/mp4": "m4a", "audio/ogg;codecs=opus": "ogg" };
const BITS_PER_SECOND = 32_000;
let current = null; // { form, row, recorder, started } while one is recorded

const { clock } = parley;
const drawing = (name) => template.content.querySelector(name).cloneNode(true);

async function load() {
  const { recorder, unreachable } = document.querySelector("#uploads").dataset;
  try {
    const answer = await fetch(recorder, { headers: parley.partHeaders() });
    if (!answer.ok) throw new Error(answer.status);
    template = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#recorder");
    texts = template.dataset;
  } catch {
    parley.showError(unreachable);
  }
}

function note(form, text, file) {
  const row = drawing(".recording-note");
  row.querySelector(".upload-says").textContent = text;
  row.form = form;
  row.file = file;
  if (!file) row.querySelector("[data-recording=undo]").remove();
  parley.uploads.listOf(form).append(row);
  return row;
}

const clearNotes = (form) => form.querySelectorAll(".recording-note").forEach((row) => row.remove());

async function microphone(form) {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch ({ name }) {
    note(form, { NotAllowedError: texts.notAllowed, NotFoundError: texts.notFound }[name] ?? texts.failed);
    return null;
  }
}

let isAsking = false; // the texts are loaded, or the browser asks whether the page may use the microphone

async function record(form) {
  if (current) return current.row.querySelector("[data-recording=stop]").focus();
  if (isAsking) return;
  clearNotes(form);
  isAsking = true;
  if (!template) await load();
  const stream = template && (await microphone(form));
  isAsking = false;
  if (!stream) return;
  if (form.isConnected) begin(form, stream);
  else silence(stream);
}

const silence = (stream) => stream.getTracks().forEach((track) => track.stop());

function begin(form, stream) {
  const type = Object.keys(TYPES).find((one) => MediaRecorder.isTypeSupported(one));
  let recorder;
  try {
    recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS_PER_SECOND });
  } catch {
    silence(stream);
    return note(form, texts.failed);
  }
  const row = drawing(".recording");
  const started = performance.now();
  const parts = [];
  const heard = (level) => {
    const seconds = (performance.now() - started) / 1000;
    row.querySelector(".recording-time").textContent = clock(seconds);
    row.querySelector("meter").value = Math.sqrt(level);
    if (!row.isConnected) end("discard");
    else if (seconds >= Number(texts.most) - 1) end("full");
  };
  const listening = parley.listen(stream, heard);
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.onstop = () => {
    silence(stream);
    listening.stop();
    const { how = "stop", seconds = elapsed() } = current; // without both, the browser ended it by itself
    const file = new File(parts, `${texts.name}.${TYPES[type] ?? "webm"}`, { type: recorder.mimeType });
    file.recording = { waveform: parley.waveformOf(listening.levels), seconds };
    current = null;
    finish(form, row, file, how);
  };
  // The microphone was unplugged, or the person took it from the page.
  stream.getTracks()[0].onended = () => end("stop");
  current = { form, row, recorder, started };
  parley.uploads.listOf(form).append(row);
  recorder.start(1000);
  row.querySelector("[data-recording=stop]").focus();
}

const elapsed = () => Math.min(Number(texts.most), Math.ceil((performance.now() - current.started) / 1000));

function end(how) {
  if (!current || current.recorder.state === "inactive") return;
  current.how = how;
  current.seconds = elapsed();
  current.recorder.stop();
}

function finish(form, row, file, how) {
  const isHere = row.isConnected;
  const hasFocus = row.contains(document.activeElement);
  if (!isHere) return;
  if (how === "discard") {
    const discarded = note(form, texts.discarded, file);
    if (hasFocus) discarded.querySelector("[data-recording=undo]").focus();
    row.remove();
  } else if (!file.size) {
    note(form, texts.silent);
    row.remove();
  } else {
    if (how === "full") note(form, texts.ended);
    parley.uploads.add(form, [file]); // before its row goes: a message may wait for it
    row.remove();
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-recording]");
  if (!button) return;
  const { recording: what } = button.dataset;
  if (what === "stop" || what === "discard") return end(what);
  const row = button.closest(".recording-note");
  if (what === "undo") parley.uploads.add(row.form, [row.file]);
  else row.form.elements.content.focus({ preventScroll: true });
  row.remove();
});

// A message that is sent waits for what is recorded now (uploads.js).
parley.stopRecording = (form) => current?.form === form && end("stop");
document.addEventListener("leaving", () => end("discard"));

parley.record = record;
