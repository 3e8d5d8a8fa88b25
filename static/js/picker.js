// People picker. If somebody is chosen while a search is running, its answer would not show them as chosen. So the
// search is repeated; the focus stays on that person.

let chosen = null;

document.addEventListener("change", ({ target }) => {
  const words = target.closest("#picker-found")?.closest("form").querySelector("#picker-words");
  if (!words?.matches(".htmx-request")) return;
  chosen = target.value;
  htmx.trigger(words, "chosen");
});

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.target?.id !== "picker-found") return;
  const box = [...document.querySelectorAll("#picker-found input")].find(({ value }) => value === chosen);
  if (document.activeElement === document.body) box?.focus();
  chosen = null;
});
