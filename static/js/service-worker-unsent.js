// Background Sync, where the browser has it: sends what pages kept unsent (unsent.js) when there is a connection again
// and no page is open. A refusal is left for the next page, which says why.

const channel = new BroadcastChannel("unsent");

function fieldsOf({ content, client_id: id, draft = "", files = [], group_mentions: answer }) {
  const fields = [["content", content], ["client_id", id], ["draft", draft]];
  for (const [file, , alternative] of files) fields.push(["uploaded", file], [`alternative-${file}`, alternative]);
  if (answer) fields.push(["group_mentions", answer]);
  return fields;
}

// Rejects if it may work later: then the browser fires the event again.
async function sendOne(message, headers) {
  const body = new URLSearchParams(fieldsOf(message));
  const { ok, status } = await fetch(message.action, { method: "POST", headers, body });
  if (status === 429 || status >= 500) throw new Error(status);
  if (!ok) return;
  await parley.unsent.drop(message.client_id);
  channel.postMessage(message.client_id);
}

async function checkNoPage() {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.length) throw new Error("a page does it");
}

const due = async () => (await parley.unsent.all()).filter(parley.unsent.isDue);

async function sendUnsent() {
  await checkNoPage();
  const response = await fetch(site.token, { headers: parley.part });
  if (response.status === 401) return; // a session that has ended sends nothing
  if (!response.ok) throw new Error(response.status);
  const { viewer, token } = await response.json();
  parley.viewer.id = String(viewer); // what somebody else wrote here is not sent
  for (const { client_id: id } of await due()) {
    await navigator.locks.request(`unsent ${id}`, { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      await checkNoPage(); // in one that was opened meanwhile the message may be edited or discarded
      const message = (await due()).find((one) => one.client_id === id);
      if (message) await sendOne(message, { ...parley.part, "X-CSRFToken": token });
    });
  }
}

self.addEventListener("sync", (event) => event.tag === "unsent" && event.waitUntil(sendUnsent()));
