// Saves drafts on the server: after a pause, and when the place or the page is left. It takes what other tabs and devices
// have saved, if that replaces nothing that was typed here; otherwise it offers it (drafts-offer.js).

const PAUSE_MS = 2000;
const LONGEST_MS = 20_000; // the longest time without a save while somebody types
const RETRY_MS = 30_000;
const { drafts } = parley;
const { offers, offer, refused, clear, show } = parley.draftNotes;

const waiting = new Map(); // by the address to which a draft would be sent: the timer, and since when
const underWay = new Set();
const changedMeanwhile = new Set();
const missed = new Set(); // drafts of which news came during their save; they are looked at after it
const sequences = new Map(); // by the tokens of this page: how often its text was saved

const isKept = (action) => /\/(send|reply)\/$/.test(action);
const addressOf = (action) => action.replace(/(send|reply)\/$/, "draft/");
const typedIn = (action) => drafts.text(action) ?? "";
const isUntouched = (action) => typedIn(action) === (drafts.base(action)?.text ?? "");

function saveSoon(action, ms = PAUSE_MS) {
  const before = waiting.get(action);
  clearTimeout(before?.timer);
  const since = before?.since ?? Date.now();
  const timer = setTimeout(save, Math.max(0, Math.min(ms, since + LONGEST_MS - Date.now())), action);
  waiting.set(action, { since, timer });
}

function saveAll() {
  for (const action of waiting.keys()) save(action, true);
}

// The answer's status, and its JSON if it has some. The status is 0 if no answer came.
async function post(action, values, keepalive = false) {
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  try {
    const response = await fetch(addressOf(action), { method: "POST", body, headers: parley.partHeaders(), keepalive });
    const hasJson = response.headers.get("Content-Type") === "application/json";
    return { status: response.status, answer: hasJson ? await response.json() : null };
  } catch {
    return { status: 0, answer: null };
  }
}

async function save(action, isLeaving = false) {
  clearTimeout(waiting.get(action)?.timer);
  waiting.delete(action);
  if (offers.has(action) || !parley.viewer.isSignedIn()) return;
  if (underWay.has(action) && !isLeaving) return changedMeanwhile.add(action);
  if (isUntouched(action) && !underWay.has(action)) return;
  const text = typedIn(action);
  const known = drafts.base(action);
  const token = sequences.has(known?.token) ? known.token : crypto.randomUUID();
  const sequence = (sequences.get(token) ?? 0) + 1;
  sequences.set(token, sequence);
  drafts.setBase(action, { version: known?.version ?? 0, token, text: known?.text ?? "", saving: text });
  underWay.add(action);
  const { status, answer } = await post(action, { content: text, token, sequence, known: known?.version ?? 0 }, isLeaving);
  try {
    answered(action, token, text, status, answer);
  } finally {
    underWay.delete(action);
    if (missed.delete(action)) follow();
    if (changedMeanwhile.delete(action)) saveSoon(action, 0);
  }
}

function answered(action, token, text, status, answer) {
  const known = drafts.base(action);
  const isCurrent = known?.token === token; // else it was sent meanwhile
  if (status === 401 || status === 403) document.dispatchEvent(new Event("refused"));
  if (!parley.viewer.isSignedIn()) return;
  if (status === 200 && answer) {
    const { version } = answer;
    if (!known) return;
    if (version || typedIn(action)) drafts.setBase(action, isCurrent ? { ...known, version, text } : { ...known, version });
    else drafts.setBase(action, null);
    if (isCurrent) clear(action);
  } else if (status === 409 && answer && isCurrent) meet(action, answer);
  else if (status === 422 && answer) refused(action, answer.error);
  else if (![400, 404, 409].includes(status)) saveSoon(action, RETRY_MS);
}

// The server has another text than this tab knows; or none, which has the version 0.
function meet(action, { version, token, text }) {
  const known = drafts.base(action);
  const isEarlier = drafts.isOwn(known, token) && !isUntouched(action); // else a duplicate of this tab may have gone on
  if (version && (sequences.has(token) || isEarlier)) {
    drafts.setBase(action, { ...known, version, token, text }); // an answer was lost
    saveSoon(action);
  } else if (!version) {
    const wasUntouched = isUntouched(action);
    drafts.setBase(action, null);
    if (wasUntouched && known) show(action, "");
    else saveSoon(action);
  } else if (!typedIn(action) || isUntouched(action) || typedIn(action) === text) {
    clear(action);
    drafts.setBase(action, { version, token, text });
    show(action, text);
  } else offer(action, { version, token, text });
}

const versionHere = (action) => drafts.base(action)?.version ?? 0;

async function read(action) {
  const before = versionHere(action);
  let response;
  try {
    response = await fetch(addressOf(action), { headers: parley.partHeaders() });
  } catch {
    return;
  }
  const stored = response.ok && (await response.json());
  if (!stored || !parley.viewer.isSignedIn()) return;
  if (underWay.has(action)) missed.add(action);
  else if (versionHere(action) !== before) follow(); // another answer was faster, and this one may be older
  else if (stored.version !== before) meet(action, stored);
}

function versionOf(action) {
  const [, kind, id] = action.match(/^\/(conversations|messages)\/(\d+)\//);
  const isReply = kind === "messages";
  const place = drafts.listed.places.find(([conversation, parent]) => (isReply ? parent : !parent && conversation) === Number(id));
  return place?.[2] ?? 0;
}

// Compares what this tab knows with the list from the stream.
function follow() {
  if (!drafts.listed || !parley.viewer.isSignedIn()) return;
  const here = new Set(drafts.fields().map(({ form }) => drafts.actionOf(form)));
  for (const action of new Set([...here, ...drafts.actions("draft-base")])) {
    if (!isKept(action)) continue;
    if (underWay.has(action)) {
      missed.add(action);
      continue;
    }
    const known = versionHere(action);
    const version = versionOf(action);
    if (known > drafts.listed.as_of || version === known) continue;
    if (!version && (here.has(action) || isUntouched(action))) meet(action, { version });
    else if (here.has(action)) read(action);
    else if (isUntouched(action)) drafts.forget(action); // the server brings it with its place
  }
}

// A message that was not sent was discarded.
function discard({ action, client_id: token, draft }) {
  post(action, { content: "", token, sequence: Number.MAX_SAFE_INTEGER, known: draft });
}

document.addEventListener("submit", ({ target }) => {
  const action = drafts.actionOf(target);
  clearTimeout(waiting.get(action)?.timer);
  waiting.delete(action);
  if (offers.has(action)) clear(action);
});
document.addEventListener("leaving", () => {
  saveAll();
  offers.clear();
});
document.addEventListener("arrived", follow);
document.addEventListener("renewed", saveAll);
document.addEventListener("visibilitychange", () => document.hidden && saveAll());
addEventListener("pagehide", saveAll);
addEventListener("online", saveAll);

drafts.saving = {
  typed: (action) => isKept(action) && saveSoon(action),
  atOnce: (action) => save(action, true),
  saveSoon,
  offer,
  follow,
  discard,
};
