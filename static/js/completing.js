// Completion of @people, #rooms and :emoji: while one writes. It costs nothing before it is needed: the rest of it is a script
// of its own (completion.js), loaded at the first sign that may begin one.

const list = document.querySelector("#completion");
const BEGUN = /(?:@|#.|:..)[^\s@:]*$/;
let isLoading = false;

async function load(field) {
  isLoading = true;
  try {
    await import(list.dataset.script);
    parley.completion.update(field);
  } catch {
    isLoading = false; // the next sign tries again
  }
}

document.addEventListener("input", ({ target: field }) => {
  if (isLoading || !list || !field.matches?.("[data-enter-sends] textarea")) return;
  if (BEGUN.test(field.value.slice(0, field.selectionStart).slice(-64))) load(field);
});
