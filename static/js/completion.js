// The list of what may be completed. The focus stays in the field, which names the highlighted option, as that of a
// combobox does; HTML does not allow that role for a field of several lines. Keys do what the highlight says: Enter and
// Tab take the highlighted option, and without one do what they always do. The first option is highlighted by itself only
// if what is typed begins its name, and is not the whole of it. Esc closes only the list.

const { completion } = parley;
const list = document.querySelector("#completion");
const count = document.querySelector("#completion-count");
const keyboard = matchMedia("(hover: hover)");
const ATTRIBUTES = { "aria-controls": list.id, "aria-autocomplete": "list", "aria-haspopup": "listbox" };

let open = null; // the field and the token, while the list is shown
let begun = null; // the token that is being typed, also if nothing is found for it
let dismissed = null; // where the token begins that Esc was pressed for

const chosen = () => list.querySelector("[aria-selected='true']");

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) open.field.setAttribute("aria-activedescendant", option.id);
  else open.field.removeAttribute("aria-activedescendant");
}

// Beyond the ends no option is chosen.
function move(step) {
  const options = [...list.children];
  const place = options.indexOf(chosen());
  const next = place < 0 && step < 0 ? options.length - 1 : place + step;
  choose(options[next] ?? null);
}

function close() {
  if (!open) return;
  for (const name of [...Object.keys(ATTRIBUTES), "aria-activedescendant"]) open.field.removeAttribute(name);
  open = null;
  list.hidePopover();
  list.replaceChildren();
  document.body.append(list); // it is not lost with the form
  count.textContent = "";
}

// Whether Enter takes the first option by itself. On touch keyboards Enter starts a line, and a tap chooses.
function isMeant({ kind, group, text }, { sign, typed }) {
  const isWhole = sign !== ":" && text.slice(1) === typed.toLowerCase();
  return keyboard.matches && typed && kind <= completion.BEGINS && group < completion.OUTSIDE && !isWhole;
}

function show(field, token, found) {
  const before = open?.field === field && open.token.start === token.start && open.hasMoved ? chosen()?.dataset.text : null;
  if (open && open.field !== field) close();
  const isNew = !open;
  open = { field, token, hasMoved: Boolean(before) };
  list.replaceChildren(...found.map(({ option }) => document.importNode(option, true)));
  for (const [place, option] of [...list.children].entries()) option.id = `completion-${place + 1}`;
  if (isNew) {
    field.form.append(list); // in the landmark of the field
    for (const [name, value] of Object.entries(ATTRIBUTES)) field.setAttribute(name, value);
    list.showPopover({ source: field });
  }
  const again = [...list.children].find(({ dataset }) => dataset.text === before);
  choose(again ?? (isMeant(found[0], token) ? list.firstElementChild : null));
  count.textContent = list.dataset.count.replace("{count}", found.length);
}

// Says who gets no notification, if the person has gone on after a name that they typed in full.
function warnAboutWhole({ field, sign, start, typed }) {
  if (sign !== "@" || !/^\s/.test(field.value.slice(start + 1 + typed.length))) return;
  const person = completion.outsiderCalled(field, typed.replace(/[.-]+$/, ""));
  if (person) completion.warn(field, person.option);
}

// Shows the people, rooms or emoji that match the word before the caret. Called again when their list has arrived.
function update(field) {
  const token = field === document.activeElement ? completion.tokenAt(field) : null;
  const isSame = token && begun?.field === field && begun.start === token.start;
  if (begun?.field === field && !isSame) warnAboutWhole(begun);
  begun = token && { field, ...token };
  if (!isSame) dismissed = null;
  if (!token || dismissed === token.start) return close();
  const found = completion.sources[token.sign](field, { ...token, isNew: !isSame }, () => field === document.activeElement && update(field));
  if (found.length) show(field, token, found);
  else close();
}

function take(option) {
  const { field } = open;
  const { start, end } = completion.tokenAt(field) ?? open.token;
  const text = option.dataset.text + (/^\s/.test(field.value.slice(end)) ? "" : " ");
  close();
  field.focus({ preventScroll: true });
  field.setSelectionRange(start, end);
  // It is typed, so that it can be undone.
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (option.dataset.outside) completion.warn(field, option);
}

document.addEventListener("input", ({ target }) => {
  if (target.matches?.("[data-enter-sends] textarea")) update(target);
});
document.addEventListener("selectionchange", () => {
  const token = open && completion.tokenAt(open.field);
  if (open && token?.start !== open.token.start) close();
});
document.addEventListener("focusout", ({ target }) => target === open?.field && close());
document.addEventListener("submit", close);
document.addEventListener("leaving", close);
list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
list.addEventListener("click", ({ target }) => {
  const option = target.closest("[role='option']");
  if (option) take(option);
});

// Before all others that listen to keys.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.target !== open?.field || parley.isComposing(event)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const option = chosen();
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") {
      dismissed = open.token.start;
      close();
    } else if ((event.key === "Enter" || event.key === "Tab") && option) take(option);
    else return;
    if (open && event.key.startsWith("Arrow")) open.hasMoved = true;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

completion.update = update;
