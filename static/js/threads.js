// Threads. Branches fold: with a control of their own under each message that has replies; long ones far out
// begin folded. And a reply that was sent from the timeline opens its thread beside it.

const FOLDED_FROM = 3; // levels deep: there a long branch begins folded, and opened it is open all the way
const FOLDED_SIZE = 3; // replies
const texts = document.querySelector("#texts")?.dataset ?? {};
const roomForPanel = matchMedia("(width >= 1100px)");
const choices = new Map(); // id of a row -> whether its reader folded it

function isFolded(row) {
  const below = Number(row.dataset.below);
  return choices.get(row.id) ?? (Number(row.dataset.indent) === FOLDED_FROM && below >= FOLDED_SIZE);
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

// What is sought, new, or being written in is never folded away.
const holdsSomething = (rows) => rows.some((row) => row.matches(":target") || row.querySelector(".new, .slot > *"));

function fold() {
  for (const thread of document.querySelectorAll(".thread")) {
    for (const button of thread.querySelectorAll(".fold")) button.remove();
    const hidden = new Set();
    for (const row of thread.querySelectorAll(".row[data-below]")) {
      const rows = branch(row);
      if (!rows.length || row.dataset.indent === "0") continue;
      const folded = isFolded(row) && !(choices.get(row.id) === undefined && holdsSomething(rows));
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

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (!ctx.sent || !ctx.response?.raw.ok || !roomForPanel.matches) return;
  const summary = ctx.sent.querySelector(".summary");
  if (!document.querySelector(`#panel .thread[data-thread="${ctx.sent.id.slice(2)}"]`)) summary?.click();
});

document.addEventListener("htmx:before:request", ({ target, detail: { ctx } }) => {
  if (target.matches?.(".reply-form")) ctx.sent = target.closest(".timeline > .row");
});

// Its message is gone, and all below it.
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
