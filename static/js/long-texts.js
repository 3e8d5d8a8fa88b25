// Long messages are folded until the reader opens them: a <details> after the text says which are open, and the
// stylesheet does the rest, also without this script. The script keeps what is being read where it is on the screen,
// opens messages again that were open before a swap, and opens those in which the browser's search found something.

const opened = new Set(); // by the class of their message, and the id of a file
const keyOf = (details) => `${details.closest(".message").classList[1]} ${details.dataset.of}`;
for (const details of document.querySelectorAll(".long[open]")) opened.add(keyOf(details)); // before this script ran

function toggle(details) {
  const scroll = details.closest(".scroll");
  // Opened, the message goes on below; closed, what comes after it stays in sight.
  const fixed = details.open ? details : details.closest(".row");
  const before = fixed.getBoundingClientRect().top;
  details.open = !details.open;
  if (details.open) opened.add(keyOf(details));
  else opened.delete(keyOf(details));
  if (scroll) scroll.scrollTop += fixed.getBoundingClientRect().top - before;
}

document.addEventListener("click", (event) => {
  const summary = event.target.closest(".long > summary");
  if (!summary) return;
  event.preventDefault();
  toggle(summary.parentElement);
});

// The search of the browser, and the focus of a link, scroll within the folded text.
document.addEventListener(
  "scroll",
  ({ target }) => {
    if (target.matches?.(".prose:has(+ .long:not([open]))") && target.scrollTop) toggle(target.nextElementSibling);
  },
  { capture: true },
);

document.addEventListener("htmx:before:swap", ({ detail: { tasks } }) => {
  for (const { fragment } of tasks) {
    for (const details of fragment?.querySelectorAll?.(".long") ?? []) {
      details.open = opened.has(keyOf(details));
    }
  }
});
