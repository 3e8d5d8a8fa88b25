// Spoilers that the reader has opened stay open when their message is shown again.

const opened = new Set(); // by the class of their message, and their place in it

const boxesOf = (message) => [...message.querySelectorAll(".spoiler > input")];
const keyOf = (message, place) => `${message.classList[1]} ${place}`;

document.addEventListener("change", ({ target }) => {
  if (!target.matches(".message .spoiler > input")) return; // others are in a preview
  const message = target.closest(".message");
  const key = keyOf(message, boxesOf(message).indexOf(target));
  if (target.checked) opened.add(key);
  else opened.delete(key);
});

document.addEventListener("htmx:before:swap", ({ detail: { tasks } }) => {
  for (const { fragment } of tasks) {
    for (const box of fragment?.querySelectorAll?.(".message .spoiler > input") ?? []) {
      const message = box.closest(".message");
      box.checked = opened.has(keyOf(message, boxesOf(message).indexOf(box)));
    }
  }
});
