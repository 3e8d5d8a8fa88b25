// Stores unsent messages in the browser's database (IndexedDB), which survives a reload, a crash, and a browser that
// discards the tab. If the browser has no such database, nothing is stored and `keep` returns false.
//
// A message in it: { client_id, viewer, action, content, files, draft, conversation, thread, title, href, about, written,
// retried, error, isDown }. `files` are uploaded: [[id, name, alternative text], …]; `draft` is the version of the draft
// that the message was made from; `written` is the time in milliseconds; `retried` whether a page has sent it again by
// itself; `error` why it was not sent, empty while it is being sent; `isDown` whether the server was unreachable or
// failed; `group_mentions` the answer to the question whether to notify many people, if it was asked.

const NAME = "unsent";
const HOUR_MS = 3_600_000;

const outcome = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function open() {
  const request = indexedDB.open(NAME);
  request.onupgradeneeded = () => request.result.createObjectStore(NAME, { keyPath: "client_id" });
  return outcome(request);
}

// Each access opens the database anew: signing out in another tab deletes it, and closes what is open.
async function access(mode, act) {
  const database = await open();
  database.onversionchange = () => database.close();
  try {
    const transaction = database.transaction(NAME, mode);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const [result] = await Promise.all([outcome(act(transaction.objectStore(NAME))), done]);
    return result;
  } finally {
    database.close();
  }
}

// One access after the other, so that a message is never kept after it was dropped.
let last = Promise.resolve();
function inOrder(act, otherwise) {
  last = last.then(act).catch(() => otherwise);
  return last;
}

// Whether it is to be sent again without the person, once: not if the server refused it.
const isWaiting = ({ retried, error, isDown }) => !retried && (!error || isDown);
const isRecent = ({ written }) => written <= Date.now() && Date.now() - written < HOUR_MS;

parley.unsent = {
  isDue: (message) => isWaiting(message) && isRecent(message),
  isTooOld: (message) => isWaiting(message) && !isRecent(message),

  // Whether it is kept.
  keep: (message) =>
    inOrder(async () => {
      if (!parley.viewer.isSignedIn()) return false;
      await access("readwrite", (store) => store.put(message));
      return true;
    }, false),

  drop: (id) => inOrder(() => access("readwrite", (store) => store.delete(id))),

  // Replaces what is kept of a message by `changed(message)`, if it is kept and `changed` returns something. Resolves
  // to the message before. It is one transaction, so that a message dropped meanwhile is not kept again.
  change: (id, changed) =>
    inOrder(() =>
      access("readwrite", (store) => {
        const stored = store.get(id);
        stored.addEventListener("success", () => {
          const message = stored.result && changed(stored.result);
          if (message) store.put(message);
        });
        return stored;
      }),
    ),

  // The person's messages, the oldest first.
  all: () =>
    inOrder(async () => {
      const messages = await access("readonly", (store) => store.getAll());
      return messages.filter(({ viewer }) => viewer === parley.viewer.id).sort((a, b) => a.written - b.written);
    }, []),

  // Deletes what is kept for anybody but this person; "" is nobody.
  deleteOthers: (viewer) =>
    inOrder(async () => {
      if (!viewer) return outcome(indexedDB.deleteDatabase(NAME));
      const messages = await access("readonly", (store) => store.getAll());
      for (const message of messages) {
        if (message.viewer !== viewer) await access("readwrite", (store) => store.delete(message.client_id));
      }
    }),
};
