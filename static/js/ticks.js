// Task lists. A press on a box ticks the task, or unticks it: the server has an address for each, so that a press that
// comes twice does no harm. The message is shown again with the answer; the focus stays where it is (slots.js).

const BOX = ".message [data-task]";

function press(box) {
  if (box.ariaBusy) return;
  box.ariaBusy = "true";
  const verb = box.ariaChecked === "true" ? "untick" : "tick";
  parley.changeMessage(box.closest(".row"), verb, { task: box.dataset.task }).finally(() => {
    box.ariaBusy = null; // it is still there if the server refused
  });
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
