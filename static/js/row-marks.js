// Marks in the sidebar: where the person has a draft, as the server knows and this tab, and where a message of this tab
// could not be sent. Until the stream lists the drafts, those marks stay with which the sidebar came.

const DRAFT = "draft";
const FAILED = "failed";
const marks = document.querySelector("#row-marks");
const { drafts } = parley;
const { viewer } = document.body.dataset;

// A draft is stored by the address to which it would be sent. That of a reply does not say its conversation. What this tab
// is sending, or could not send, is a draft only for others.
function withDraft() {
  const sending = drafts.actions("draft-base").map(drafts.base).filter(({ text }) => text === null).map(({ version }) => version);
  const here = drafts.actions("draft").map(
    (action) => action.match(/^\/conversations\/(\d+)\//)?.[1] ?? sessionStorage.getItem(`draft-in ${viewer} ${action}`),
  );
  const saved = (drafts.listed?.places ?? []).filter(([, , version]) => !sending.includes(version));
  return [...here.filter(Boolean), ...saved.map(([conversation]) => String(conversation))];
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
  const link = document.querySelector("#drafts-link");
  if (link && drafts.listed) link.hidden = !drafts.listed.places.length;
  for (const one of document.querySelectorAll("#sidebar .row-mark")) {
    if (one.matches("[data-saved]") && !drafts.listed) continue;
    const id = one.parentElement.querySelector(".badge").id.slice("badge-".length);
    if (!marked[one.matches(".draft") ? DRAFT : FAILED].delete(id)) one.remove();
  }
  for (const [kind, ids] of Object.entries(marked)) for (const id of ids) mark(id, kind);
}

if (marks) {
  draw();
  for (const event of ["arrived", "outbox", "not-sent", "viewer", "change", "drafts", "htmx:after:swap"]) {
    document.addEventListener(event, draw);
  }
}
