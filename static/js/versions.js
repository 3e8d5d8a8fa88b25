// An answer may arrive after the stream has brought something newer. A message on the page is never replaced by an
// older version of itself, except when the whole page is loaded again after a `reset`: after a backup was restored, all
// versions are older, and they are the right ones.

const isOlder = (message, shown) => Number(message.dataset.version) < Number(shown?.dataset.version);

function keepNewer(task) {
  const { fragment, target } = task;
  const one = typeof target === "string" ? document.querySelector(target) : target;
  for (const message of fragment.querySelectorAll?.(".message[data-version]") ?? []) {
    const row = message.closest(".row[id]");
    const shown = row ? document.querySelector(`#${row.id} > .message`) : one;
    if (!shown?.matches?.(".message") || !isOlder(message, shown)) continue;
    if (!row) return false;
    if (task.swapSpec?.style === "upsert") row.remove();
    else message.replaceWith(shown.cloneNode(true)); // the lists are morphed: what is the same stays
  }
  return true;
}

document.addEventListener("htmx:before:swap", ({ detail: { tasks } }) => {
  if (tasks.some(({ target }) => target === "#cursor")) return;
  tasks.splice(0, tasks.length, ...tasks.filter((task) => !task.fragment || keepNewer(task)));
});
