// Announces new messages of others to screen readers, each once: those in the timeline (arrivals.js), and the replies
// in an open thread.

const MAX_LINES = 20;
const log = document.querySelector("#arrivals");
const texts = document.querySelector("#texts")?.dataset ?? {};
const { viewer } = document.body.dataset;
const latest = new WeakMap(); // thread -> the largest number of a message in it

// The text of a message, with the names of its spoilers in place of what they hide.
function wordsOf(prose) {
  const copy = prose.cloneNode(true);
  for (const spoiler of copy.querySelectorAll(".spoiler")) spoiler.replaceWith(spoiler.title);
  return copy.textContent.trim();
}

const seqOf = (row) => Number(row.querySelector(".message").dataset.seq);

parley.announce = (row) => {
  const message = row.querySelector(".message");
  const prose = row.querySelector(".prose");
  const isBlocked = prose && getComputedStyle(prose).display === "none"; // the reader's stylesheet hides it
  if (message.dataset.author === viewer || isBlocked) return;
  const line = document.createElement("p");
  const name = row.querySelector(".name")?.textContent;
  const words = prose ? wordsOf(prose) || row.querySelector(".files")?.ariaLabel : texts.removed;
  line.textContent = [name, words].filter(Boolean).join(": ");
  log.append(line);
  while (log.children.length > MAX_LINES) log.firstElementChild.remove();
};

function followThreads(mayAnnounce) {
  for (const thread of document.querySelectorAll(".thread[data-thread]")) {
    const loadedAt = thread.closest(".main, .panel").querySelector("#new-replies")?.dataset.version;
    const before = latest.get(thread) ?? Number(loadedAt);
    const rows = [...thread.querySelectorAll(".row[id]")].sort((one, other) => seqOf(one) - seqOf(other));
    const added = rows.filter((row) => seqOf(row) > before);
    if (mayAnnounce) added.forEach(parley.announce);
    latest.set(thread, Math.max(before, ...rows.map(seqOf)));
  }
}

followThreads(false);
// A thread that changed loads its list again. Other requests open a thread, or load earlier and later replies.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  followThreads(Boolean(ctx.sourceElement?.matches?.(".replies")));
});
