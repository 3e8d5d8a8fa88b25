// Choosing people, and the conversation for what is forwarded or shared. If one is chosen while a search is running, its
// answer would not show it as chosen. So the search is repeated; the focus stays on what was chosen.

const FOUND = "#picker-found, #target-found";
let chosen = null;

document.addEventListener("change", ({ target }) => {
  const words = target.closest(FOUND)?.closest("form").querySelector("[type=search]");
  if (!words?.matches(".htmx-request")) return;
  chosen = target.value;
  htmx.trigger(words, "chosen");
});

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!ctx.target?.matches?.(FOUND)) return;
  const box = [...ctx.target.querySelectorAll("input")].find(({ value }) => value === chosen);
  if (document.activeElement === document.body) box?.focus();
  chosen = null;
});
