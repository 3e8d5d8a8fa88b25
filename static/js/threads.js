// Threads. Each message with replies has a control to fold them; long branches at a deep level are folded at first.
// Once a branch is open, only the reader folds it.

const FOLDED_LEVEL = 3; // the only level at which branches are folded at first, so one click shows all of a branch
const FOLDED_SIZE = 3; // a branch with at least this many replies counts as long
const texts = document.querySelector("#texts")?.dataset ?? {};
// Whether the replies of a row are folded, by the row's id: `shown` at first, `choices` as the reader chose. A choice is
// kept after a reload.
const shown = new Map();
const STORED = "folded branches";
const MAX_STORED = 500;
const choices = new Map(JSON.parse(sessionStorage.getItem(STORED) ?? "[]"));
const drawn = new WeakSet(); // threads
const { viewer } = document.body.dataset;

const isFolded = ({ id }) => choices.get(id) ?? shown.get(id);

function choose({ id }, folded) {
  choices.set(id, folded);
  sessionStorage.setItem(STORED, JSON.stringify([...choices].slice(-MAX_STORED)));
}

function rowsAbove(row) {
  const rows = [];
  let level = Number(row.dataset.indent);
  for (let before = row.previousElementSibling; before; before = before.previousElementSibling) {
    if (Number(before.dataset.indent) >= level || !before.matches(".row")) continue;
    rows.push(before);
    level = Number(before.dataset.indent);
  }
  return rows;
}

function branch(row) {
  const rows = [];
  for (let next = row.nextElementSibling; next; next = next.nextElementSibling) {
    if (!next.matches(".row") || Number(next.dataset.indent) <= Number(row.dataset.indent)) break;
    rows.push(next);
  }
  return rows;
}

// One that is there already stays, since it may have the focus, or be pressed at this moment.
function putControl(row, folded) {
  const { more } = row.dataset;
  const place = row.querySelector(folded ? ".message-body" : ".byline");
  const button = place.querySelector(":scope > .fold") ?? document.createElement("button");
  const words = folded ? more : "";
  button.type = "button";
  button.className = "fold";
  button.ariaExpanded = String(!folded);
  button.title = folded ? more : texts.collapse;
  if (button.textContent !== words) button.textContent = words;
  if (!folded) button.ariaLabel = button.title;
  if (!button.isConnected) place.append(button);
  return button;
}

const isOwn = (row) => row.querySelector(".message").dataset.author === viewer;

const isInUse = (row) => row.querySelector(".new, .slot > *");

function open(row) {
  for (const above of rowsAbove(row)) choose(above, false);
}

// Adds rows that were not drawn before. A branch can be folded only at this moment, not when more replies arrive. A link
// to a row, and a row that the reader has just written, open the branches that contain it, also those that the reader
// had folded.
function add(rows, justWritten) {
  for (const row of rows) {
    shown.set(row.id, Number(row.dataset.indent) === FOLDED_LEVEL && Number(row.dataset.below) >= FOLDED_SIZE);
  }
  for (const row of rows) if (isInUse(row)) for (const above of rowsAbove(row)) shown.set(above.id, false);
  for (const row of rows) if (row.matches(":target") || justWritten.includes(row)) open(row);
}

function fold() {
  for (const thread of document.querySelectorAll(".thread")) {
    const added = [...thread.querySelectorAll(".row[id]")].filter(({ id }) => !shown.has(id));
    const justWritten = drawn.has(thread) ? added.filter(isOwn) : [];
    add(added, justWritten);
    drawn.add(thread);
    const hidden = new Set();
    const controls = new Set();
    for (const row of thread.querySelectorAll(".row[data-below]")) {
      const rows = branch(row);
      if (!rows.length || row.dataset.indent === "0") continue;
      const folded = isFolded(row);
      if (folded) rows.forEach((one) => hidden.add(one));
      controls.add(putControl(row, folded));
    }
    for (const button of thread.querySelectorAll(".fold")) if (!controls.has(button)) button.remove();
    for (const row of thread.querySelectorAll(".row")) row.hidden = hidden.has(row);
    thread.classList.add("with-folds");
    const isHere = thread.closest(".main, .panel").contains(document.activeElement);
    if (isHere) justWritten.at(-1)?.scrollIntoView({ block: "nearest" });
  }
  document.dispatchEvent(new Event("folded"));
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest(".fold");
  if (!button) return;
  const row = button.closest(".row");
  choose(row, button.ariaExpanded === "true");
  fold();
  row.querySelector(".fold").focus();
});

// The thread was removed.
document.addEventListener("htmx:response:error", ({ target, detail: { ctx } }) => {
  if (!target.matches?.(".replies") || ctx.response.status !== 404) return;
  const gone = document.createElement("p");
  gone.className = "beginning";
  gone.textContent = texts.threadDeleted;
  target.replaceChildren(gone);
});

fold();
document.addEventListener("htmx:after:swap", fold);
document.addEventListener("leaving", () => shown.clear());
addEventListener("hashchange", () => {
  const row = document.querySelector(".thread .row:target");
  if (!row) return;
  open(row);
  fold();
  row.scrollIntoView({ block: "nearest" });
});
