// Threads. Each message with replies has a control to fold them; long branches at a deep level are folded at first.

const FOLDED_LEVEL = 3; // the only level at which branches are folded at first, so one click shows all of a branch
const FOLDED_SIZE = 3; // a branch with at least this many replies counts as long
const texts = document.querySelector("#texts")?.dataset ?? {};
const choices = new Map(); // id of a row -> whether the reader folded it

function isFolded(row) {
  const below = Number(row.dataset.below);
  return choices.get(row.id) ?? (Number(row.dataset.indent) === FOLDED_LEVEL && below >= FOLDED_SIZE);
}

function branch(row) {
  const rows = [];
  for (let next = row.nextElementSibling; next; next = next.nextElementSibling) {
    if (!next.matches(".row") || Number(next.dataset.indent) <= Number(row.dataset.indent)) break;
    rows.push(next);
  }
  return rows;
}

function addControl(row, folded) {
  const { more } = row.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "fold";
  button.ariaExpanded = String(!folded);
  button.title = folded ? more : texts.collapse;
  button.textContent = folded ? more : "";
  if (!folded) button.ariaLabel = button.title;
  row.querySelector(folded ? ".message-body" : ".byline").append(button);
}

// A branch is not folded automatically if it contains the linked message, a new one, or an open form.
const mustStayOpen = (rows) => rows.some((row) => row.matches(":target") || row.querySelector(".new, .slot > *"));

function fold() {
  for (const thread of document.querySelectorAll(".thread")) {
    for (const button of thread.querySelectorAll(".fold")) button.remove();
    const hidden = new Set();
    for (const row of thread.querySelectorAll(".row[data-below]")) {
      const rows = branch(row);
      if (!rows.length || row.dataset.indent === "0") continue;
      const folded = isFolded(row) && !(choices.get(row.id) === undefined && mustStayOpen(rows));
      if (folded) rows.forEach((one) => hidden.add(one));
      addControl(row, folded);
    }
    for (const row of thread.querySelectorAll(".row")) row.hidden = hidden.has(row);
  }
  document.dispatchEvent(new Event("folded"));
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest(".fold");
  if (!button) return;
  const { id } = button.closest(".row");
  choices.set(id, button.ariaExpanded === "true");
  fold();
  document.querySelector(`#${id} .fold`).focus();
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
addEventListener("hashchange", fold);
