// Marks in the sidebar: where this tab has a draft, and where a message could not be sent. The server knows of neither.

const DRAFT = "draft";
const FAILED = "failed";
const marks = document.querySelector("#row-marks");
const { viewer } = document.body.dataset;

// A draft is stored by the address to which it would be sent. That of a reply does not say its conversation.
function withDraft() {
  const here = document.querySelector("#main").dataset.conversation;
  const actions = Object.keys(sessionStorage)
    .map((key) => key.split(" "))
    .filter(([kind, person]) => kind === "draft" && person === viewer);
  return actions
    .map(([, , action]) => action.match(/^\/conversations\/(\d+)\//)?.[1] ?? sessionStorage.getItem(`draft-in ${viewer} ${action}`))
    .filter((id) => id && id !== here); // in the open one it is in sight
}

const withFailed = () =>
  parley.outbox.all().filter((form) => form.matches(".failed")).map((form) => form.message.conversation);

function mark(id, kind) {
  const badge = document.querySelector(`#badge-${id}`);
  const isMarked = badge?.parentElement.querySelector(`.row-mark.${kind}`);
  if (badge && !isMarked) badge.before(marks.content.querySelector(`.${kind}`).cloneNode(true));
}

function draw() {
  const marked = { [DRAFT]: new Set(withDraft()), [FAILED]: new Set(withFailed()) };
  for (const one of document.querySelectorAll("#sidebar .row-mark")) {
    const id = one.parentElement.querySelector(".badge").id.slice("badge-".length);
    if (!marked[one.matches(".draft") ? DRAFT : FAILED].delete(id)) one.remove();
  }
  for (const [kind, ids] of Object.entries(marked)) for (const id of ids) mark(id, kind);
}

if (marks) {
  draw();
  for (const event of ["arrived", "outbox", "not-sent", "viewer", "change", "htmx:after:swap"]) {
    document.addEventListener(event, draw);
  }
}
