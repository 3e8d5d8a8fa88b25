// What is loaded on use (reactions.js). The picker of emoji: searching as one types, the arrow keys, and the skin tone,
// which the browser remembers. Without script the search is a form, and the tone is chosen each time. And reactions that
// are typed: to the newest message of the place, or to the one that the form replies to. A notice says
// what happened, and can undo it.

const TONE = "skin tone"; // a key of localStorage

const shownIn = (picker) => [...picker.querySelectorAll(".emoji:not([hidden])")];

function find(picker, query) {
  const words = query.toLowerCase().replace(/[:_]/g, " ").split(/\s+/).filter(Boolean);
  for (const button of picker.querySelectorAll(".emoji")) {
    const names = `${button.title.replaceAll("_", " ")} ${button.ariaLabel}`;
    const isTwice = words.length && button.closest(".emoji-group").matches("[data-again]");
    button.hidden = isTwice || !words.every((word) => names.includes(word));
  }
  picker.querySelector(".emoji-none").hidden = shownIn(picker).length > 0;
}

// As messaging/text/emoji_choice.py puts an emoji in a tone.
function draw(picker, tone) {
  for (const button of picker.querySelectorAll(".emoji[data-toned]")) {
    const [first, ...rest] = button.value;
    button.textContent = tone ? first + tone + rest.join("").replace(/^\ufe0f/, "") : button.value;
  }
}

// The button that is nearest in the next row above or below.
function inRow(buttons, from, isBelow) {
  const here = from.getBoundingClientRect();
  const places = buttons.map((button) => [button, button.getBoundingClientRect()]);
  const beyond = places.filter(([, { top }]) => (isBelow ? top > here.top + 1 : top < here.top - 1));
  const next = (isBelow ? beyond[0] : beyond.at(-1))?.[1].top;
  const distance = ([, { left }]) => Math.abs(left - here.left);
  return beyond.filter(([, { top }]) => Math.abs(top - next) <= 1).sort((one, other) => distance(one) - distance(other))[0]?.[0];
}

function move(picker, event) {
  const { key, target } = event;
  const isSearch = target.matches("[type='search']");
  if (!isSearch && !target.matches(".emoji")) return;
  const buttons = shownIn(picker);
  const here = buttons.indexOf(target);
  const forward = getComputedStyle(picker).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const backward = forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
  let next;
  if (key === "ArrowDown") next = isSearch ? buttons[0] : (inRow(buttons, target, true) ?? target);
  else if (isSearch) return;
  else if (key === "ArrowUp") next = inRow(buttons, target, false) ?? picker.querySelector("[type='search']");
  else if (key === forward) next = buttons[here + 1];
  else if (key === backward) next = buttons[here - 1];
  else if (key === "Home") next = buttons[0];
  else if (key === "End") next = buttons.at(-1);
  else return;
  event.preventDefault();
  event.stopPropagation();
  next?.focus();
}

export function prepare(picker) {
  const search = picker.querySelector("[type='search']");
  const { tone } = picker.querySelector(".emoji-choice").elements;
  tone.value = localStorage.getItem(TONE) ?? "";
  if (tone.selectedIndex < 0) tone.value = "";
  draw(picker, tone.value);
  tone.addEventListener("change", () => {
    localStorage.setItem(TONE, tone.value);
    draw(picker, tone.value);
  });
  search.addEventListener("input", () => find(picker, search.value));
  // Enter chooses the first that was found.
  search.form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (search.value.trim()) shownIn(picker)[0]?.click();
  });
  picker.addEventListener("keydown", (event) => move(picker, event));
  if (search.value) find(picker, search.value);
  picker.dataset.ready = "";
}

const texts = document.querySelector("#texts").dataset;
const messageIn = (row) => row.querySelector(":scope > .message");

const mineIn = (row) => [...row.querySelectorAll(`.reaction[data-by~="${CSS.escape(parley.viewer.id)}"]`)].map(({ href }) => href);

function showDone(row, emoji, field) {
  const { ariaLabel, dataset } = messageIn(row);
  parley.notice(texts.reacted.replace("{name}", dataset.called ?? ariaLabel).replace("{emoji}", emoji));
  const undo = document.createElement("button");
  Object.assign(undo, { type: "button", className: "link", textContent: texts.undo });
  undo.addEventListener("click", () => {
    parley.react(row, emoji, "unreact");
    undo.parentElement.remove();
    field.focus();
  });
  document.querySelector(".notices").lastElementChild.append(undo);
}

export async function reactTo(form, row, emoji, typed) {
  if (!row) return parley.notice(texts.nothingToReactTo);
  const { content } = form.elements;
  const before = mineIn(row);
  let status;
  const answered = ({ detail: { ctx } }) => {
    if (ctx.reacting === form) ({ status } = ctx.response ?? {});
  };
  document.addEventListener("htmx:finally:request", answered);
  try {
    await parley.react(row, emoji, "react", { reacting: form });
  } finally {
    document.removeEventListener("htmx:finally:request", answered);
  }
  if (status !== 200) return; // a notice says why
  parley.takeOut(form, typed);
  if (!row.isConnected) return;
  const added = mineIn(row).find((href) => !before.includes(href));
  showDone(row, added ? new URL(added).searchParams.get("emoji") : emoji, content);
}
