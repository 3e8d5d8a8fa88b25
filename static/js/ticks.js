// Task lists. A press on a box ticks the task, or unticks it: the server has an address for each, so that a press that
// comes twice does no harm. The message is shown again with the answer; the focus stays at the box.

const BOX = ".message [data-task]";
const boxesOf = (row) => [...row.querySelectorAll(":scope > .message [data-task]")];

async function press(box) {
  if (box.ariaBusy) return;
  box.ariaBusy = "true";
  const row = box.closest(".row");
  const hadFocus = box === document.activeElement;
  const place = boxesOf(row).indexOf(box);
  const verb = box.ariaChecked === "true" ? "untick" : "tick";
  await parley.changeMessage(row, verb, { task: box.dataset.task }).finally(() => {
    box.ariaBusy = null; // it is still there if the server refused
  });
  const isLost = hadFocus && !box.isConnected && row.contains(document.activeElement ?? row);
  if (isLost || document.activeElement === document.body) boxesOf(row)[place]?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const box = event.target.closest(BOX);
  if (!box || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  press(box);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches(BOX)) return;
  event.preventDefault();
  if (!event.repeat) press(event.target);
});
