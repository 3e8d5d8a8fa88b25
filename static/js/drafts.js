// What is typed and not sent. This tab stores it, for the person who is signed in (viewer.js), by the address to which
// it would be sent; the server stores it for all their devices (drafts-saving.js, which is loaded with the first key).
// Beside the text the tab stores what it knows of the server's: its version, its text and its token, the `client_id` of
// a message that is sent from it. The text is null while such a message is under way. If this tab has saved it, also the
// text that it saved last: `saving`.
//
// There are no drafts of edits, which start with the text of the message. Nor does the browser itself keep what was
// typed: it would show it to the next person, too.

const { viewer } = document.body.dataset;
const KINDS = ["draft", "draft-in", "draft-base"];
const keyOf = (kind, action) => `${kind} ${viewer} ${action}`;
const actionOf = (form) => form.getAttribute("action");
const has = (field) => field?.name === "content" && !field.form.matches(".edit-form, .schedule, .share");
const fields = (root = document) => [...root.querySelectorAll("textarea")].filter(has);
const fieldsOf = (action) => fields().filter(({ form }) => actionOf(form) === action);
const text = (action) => sessionStorage.getItem(keyOf("draft", action));
const base = (action) => JSON.parse(sessionStorage.getItem(keyOf("draft-base", action)));

function setBase(action, known) {
  if (known) sessionStorage.setItem(keyOf("draft-base", action), JSON.stringify(known));
  else sessionStorage.removeItem(keyOf("draft-base", action));
}

// The conversation is the one that is open; the address of a reply does not say it (row-marks.js).
function keep(action, typed) {
  const conversation = sessionStorage.getItem(keyOf("draft-in", action)) ?? document.querySelector("#main").dataset.conversation;
  for (const kind of KINDS.slice(0, 2)) sessionStorage.removeItem(keyOf(kind, action));
  if (!typed) return;
  sessionStorage.setItem(keyOf("draft", action), typed);
  if (conversation) sessionStorage.setItem(keyOf("draft-in", action), conversation);
}

// From here on the outbox holds the text.
function sent(action) {
  const known = base(action);
  keep(action, "");
  if (known) setBase(action, { ...known, token: null, text: null });
}

// Whether a text of the server's with this token was saved by this tab, also on an earlier page.
const isOwn = (known, token) => Boolean(token) && known?.token === token && "saving" in known;

let saving;
const load = () =>
  (saving ??= parley.import(document.querySelector("#texts").dataset.draftsScript).then(
    () => drafts.saving,
    () => (saving = undefined),
  ));

// The server has filled a field with the person's draft. What this tab has typed since stays. A save of this tab may have
// been answered after its page was left, or may still come.
function meet(field) {
  const action = actionOf(field.form);
  const [version, token] = field.dataset.draft.split(" ");
  const added = field.dataset.addsToDraft;
  const stored = { version: Number(version), token, text: added ? field.value.slice(0, -added.length).trimEnd() : field.value };
  const typed = text(action);
  const known = base(action);
  const isKnown = known?.version >= stored.version;
  // Not if nothing was typed since: a tab that was duplicated has the same token, and the other one has gone on.
  const isEarlier = !isKnown && isOwn(known, token) && (typed ?? "") !== (known.text ?? "");
  delete field.dataset.draft;
  field.value = isKnown || isEarlier ? (typed ?? "") : stored.text;
  field.defaultValue = ""; // so that it does not come back with the place, after it was sent
  if (isKnown) return;
  if (isEarlier) {
    setBase(action, { ...known, ...stored });
    if (field.value !== stored.text) load().then((found) => found?.saveSoon(action));
  } else if (typed === null || typed === known?.text || typed === stored.text) setBase(action, stored);
  else {
    field.value = typed;
    load().then((found) => found?.offer(action, stored));
  }
}

document.addEventListener("input", ({ target }) => {
  if (!has(target)) return;
  const action = actionOf(target.form); // the field may be replaced before the script comes
  load().then((found) => found?.typed(action));
});

// The message gets the draft's token and version, so that its draft is deleted when it is sent. Otherwise it gets a new
// id, since a page that the browser has restored may contain a used one; but not if the same message or command is sent
// again, as after a question or a lost answer.
const submitted = new Map(); // texts, by the ids that they were sent under
addEventListener("pageshow", () => submitted.clear());

function name(form, isSavedNow = false) {
  const { content, client_id: id, draft } = form.elements;
  if (!draft || form.matches(".outgoing-message, .schedule")) return;
  const known = base(actionOf(form));
  draft.value = known?.version ?? "";
  if (!isSavedNow && (form.command === content.value || submitted.get(id.value) === content.value)) return;
  const isSaved = [known?.text, known?.saving].includes(content.value) || isOwn(known, known?.token);
  id.value = (isSaved && known?.token) || crypto.randomUUID();
  submitted.set(id.value, content.value);
}

addEventListener("submit", ({ target }) => name(target), { capture: true });

// All drafts, as the stream lists them.
document.addEventListener("drafts", ({ detail }) => {
  drafts.listed = JSON.parse(detail.data);
  const { places } = drafts.listed;
  if (places.length || drafts.saving || drafts.actions("draft-base").length) load().then((found) => found?.follow());
});

const drafts = {
  actionOf,
  has,
  fields,
  fieldsOf,
  text,
  keep,
  base,
  setBase,
  sent,
  isOwn,
  name,
  meet,
  load,
  // Where there is something of this kind.
  actions: (kind) =>
    Object.keys(sessionStorage)
      .map((key) => key.split(" "))
      .filter(([one, person]) => one === kind && person === viewer)
      .map(([, , action]) => action),
  forget: (action) => KINDS.forEach((kind) => sessionStorage.removeItem(keyOf(kind, action))),
};
parley.drafts = drafts;
