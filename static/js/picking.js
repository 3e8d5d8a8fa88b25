// Choosing people. An answer to a search only knows who was chosen when it was asked for. So if somebody is chosen
// while a search is under way, that search is made again; the focus stays on that person.

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
