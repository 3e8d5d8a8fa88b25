// The filters that a search offers while one types: the answer to what was typed has them too (templates/messaging/search/
// _suggestions.html). The focus stays in the field; the arrow keys choose an option, Enter takes it.

const field = () => document.querySelector("#search-words");
const list = () => document.querySelector("#search-suggestions");
const chosen = () => list()?.querySelector("[aria-selected='true']");
const isOpen = () => list()?.hidden === false;

function setOpen(isOpened) {
  if (!list()) return;
  choose(null);
  list().hidden = !isOpened;
  field().ariaExpanded = String(isOpened);
}

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  if (option) field().setAttribute("aria-activedescendant", option.id);
  else field().removeAttribute("aria-activedescendant");
}

// Beyond the ends no option is chosen.
function move(step) {
  const options = [...list().children];
  const place = options.indexOf(chosen());
  const next = place < 0 && step < 0 ? options.length - 1 : place + step;
  choose(options[next] ?? null);
}

function take(option) {
  const input = field();
  input.value = option.dataset.query;
  setOpen(false);
  input.focus();
  parley.caretToEnd(input);
  input.dispatchEvent(new Event("input", { bubbles: true })); // which loads what it finds
}

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.target?.id !== "results") return;
  const input = field();
  const isAtEnd = input && input === document.activeElement && input.selectionStart === input.value.length;
  const isOfThis = list()?.children.length && [...list().children].every(({ dataset }) => dataset.typed === input.value);
  if (list()) setOpen(Boolean(isAtEnd && isOfThis));
});

document.addEventListener("input", ({ target }) => target === field() && setOpen(false));
document.addEventListener("focusout", ({ target }) => target === field() && setOpen(false));
document.addEventListener("mousedown", (event) => event.target.closest?.("#search-suggestions") && event.preventDefault());
document.addEventListener("click", ({ target }) => {
  const option = target.closest?.("#search-suggestions [role='option']");
  if (option) take(option);
});

document.addEventListener("keydown", (event) => {
  if (event.target !== field() || !isOpen() || parley.isComposing(event)) return;
  if (event.key === "ArrowDown") move(1);
  else if (event.key === "ArrowUp") move(-1);
  else if (event.key === "Escape") setOpen(false);
  else if (event.key === "Enter" && chosen()) take(chosen());
  else return;
  event.preventDefault();
});

// After Back or Forward the field says what was typed last; if that was left before its answer came, it is searched for now.
document.addEventListener("arrived", () => {
  const input = field();
  const typed = new URLSearchParams(location.search).get("q") ?? "";
  if (input && input.value !== typed) input.dispatchEvent(new Event("input", { bubbles: true }));
});
