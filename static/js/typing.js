// Who is typing. The page sends a signal while its user types, and another if the field is emptied. It shows above each
// composer who else is typing.

const texts = document.querySelector("#texts")?.dataset ?? {};
const INTERVAL_MS = 3000;
const viewer = Number(document.body.dataset.viewer);
const sentAt = new Map(); // thread ("" for the timeline) -> the time of the last signal
const nowTyping = new Map(); // thread ("" for the timeline) -> ids

let lastSignal = Promise.resolve();
let underWay = new AbortController();

// One after the other, so that they arrive in this order.
function signal(url, values) {
  const options = { method: "POST", headers: parley.partHeaders(), body: new URLSearchParams(values), signal: underWay.signal };
  lastSignal = lastSignal.then(() => fetch(url, options)).catch(() => {});
}

const lineOf = (element) => element.closest?.(".composer")?.parentElement.querySelector("[data-typing]");

document.addEventListener("input", ({ target }) => {
  const line = lineOf(target);
  if (!line) return;
  const { typing, thread } = line.dataset;
  const isEmpty = !target.value.trim();
  if (isEmpty && sentAt.delete(thread)) signal(typing, { thread, stopped: "" });
  if (isEmpty || Date.now() - (sentAt.get(thread) ?? 0) < INTERVAL_MS) return;
  sentAt.set(thread, Date.now());
  signal(typing, { thread });
});

// A signal that has not arrived before the message would say that its author is still typing.
document.addEventListener("submit", ({ target }) => {
  const line = lineOf(target);
  if (!line) return;
  underWay.abort();
  underWay = new AbortController();
  sentAt.delete(line.dataset.thread);
});

// The ids of the people whom the reader blocks, from the reader's stylesheet.
function blockedIds() {
  const ids = getComputedStyle(document.documentElement).getPropertyValue("--blocked").trim();
  return ids.split(/\s+/).map(Number);
}

function nameOf(id) {
  return document.querySelector(`.name-${id}`)?.textContent.trim();
}

function sentence(ids) {
  if (ids.length > 3) return texts.typingMany;
  const names = ids.map(nameOf);
  if (names.includes(undefined)) return names.length === 1 ? texts.typingUnknown : texts.typingMany;
  if (names.length === 1) return texts.typingOne.replace("{name}", () => names[0]);
  return texts.typingSome.replace("{names}", () => new Intl.ListFormat(document.documentElement.lang).format(names));
}

function draw() {
  for (const line of document.querySelectorAll("[data-typing]")) {
    const ids = nowTyping.get(line.dataset.thread) ?? [];
    const text = ids.length ? sentence(ids) : "";
    if (line.textContent !== text) line.textContent = text;
  }
}

document.addEventListener("typing", ({ detail }) => {
  const { thread, people } = JSON.parse(detail.data);
  const hidden = [viewer, ...blockedIds()];
  nowTyping.set(String(thread ?? ""), people.filter((id) => !hidden.includes(id)));
  draw();
});
document.addEventListener("htmx:after:swap", draw);
document.addEventListener("leaving", () => {
  sentAt.clear();
  nowTyping.clear();
});
