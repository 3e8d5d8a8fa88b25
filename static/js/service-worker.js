// The service worker: shows push notices, and a page of its own if the server cannot be reached. It keeps that page and
// the hashed static files that it consists of, and nothing else: no page, no message, nothing with a cookie.
//
// views/site/app.py puts the constant `site` before it: addresses, and a version, which is part of the cache's name.

const CACHE = `app-${site.version}`;
const scope = self;

async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll(site.kept);
  const page = await fetch(site.offline, { credentials: "omit" });
  if (!page.ok) throw new Error(page.status);
  await cache.put(site.offline, page);
}

async function forgetOthers() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await scope.registration.navigationPreload?.enable();
  await scope.clients.claim();
}

scope.addEventListener("install", (event) => {
  scope.skipWaiting();
  event.waitUntil(keep());
});
scope.addEventListener("activate", (event) => event.waitUntil(forgetOthers()));

// Pages always come from the server. The offline page needs static files; they come from the cache if the server does
// not answer.
async function page({ request, preloadResponse }) {
  try {
    return (await preloadResponse) ?? (await fetch(request));
  } catch (error) {
    const kept = await caches.match(site.offline);
    if (kept) return kept;
    throw error;
  }
}

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== scope.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (site.kept.includes(pathname)) event.respondWith(fetch(request).catch(() => caches.match(pathname)));
});

// ---- Notices

const tagOf = (conversation) => (conversation ? `conversation-${conversation}` : "test");

function actionsOf({ texts, reply, read }) {
  if (!texts) return [];
  const answer = { action: "reply", type: "text", title: texts.reply, placeholder: texts.placeholder };
  return [...(reply ? [answer] : []), ...(read ? [{ action: "read", title: texts.read }] : [])];
}

// A notice about the same conversation replaces the one before.
function show(notice, options = {}) {
  return scope.registration.showNotification(notice.title, {
    body: notice.why ? `${notice.body}\n${notice.why}` : notice.body,
    tag: tagOf(notice.conversation),
    renotify: true,
    icon: site.icon,
    badge: site.badge,
    timestamp: notice.at,
    data: notice,
    actions: actionsOf(notice),
    ...options,
  });
}

function setBadge(number) {
  const done = number ? scope.navigator.setAppBadge?.(number) : scope.navigator.clearAppBadge?.();
  return done?.catch(() => {});
}

// Closes the notices about what was read meanwhile, on any device, and counts on the icon what is still unread. The
// server is asked only after a notice was shown or answered: a push that shows nothing would cost the permission.
async function closeRead() {
  const notices = (await scope.registration.getNotifications()).filter(({ data }) => data?.conversation && !data.text);
  const asked = new URLSearchParams({ conversations: notices.map(({ data }) => data.conversation).join(" ") });
  const response = await fetch(`${site.unread}?${asked}`, { headers: parley.part });
  if (!response.ok) return;
  const { viewer, unread, badge } = await response.json();
  for (const notice of notices) {
    const { data } = notice;
    if (data.viewer === viewer && !unread.includes(data.conversation)) notice.close();
  }
  await setBadge(badge);
}

async function pushed(data) {
  let notice = { title: "Parley", body: "" };
  try {
    notice = data.json();
  } catch {} // something must be shown
  await show(notice);
  if ("badge" in notice) await setBadge(notice.badge);
  await closeRead().catch(() => {});
}

scope.addEventListener("push", (event) => event.waitUntil(pushed(event.data)));

// ---- What is done from a notice: as the person who is signed in, if it is the one whom the notice is for

class SignedOut extends Error {}

async function post(address, fields, viewer) {
  const response = await fetch(site.token, { headers: parley.part });
  if (response.status === 401) throw new SignedOut();
  if (!response.ok) throw new Error(response.status);
  const signedIn = await response.json();
  if (viewer !== undefined && signedIn.viewer !== viewer) throw new SignedOut();
  const headers = { ...parley.part, "X-CSRFToken": signedIn.token };
  const answer = await fetch(address, { method: "POST", headers, body: new URLSearchParams(fields) });
  if (answer.status === 401) throw new SignedOut();
  if (!answer.ok) throw new Error(answer.status);
  return answer;
}

async function markRead({ read, until, viewer, url }) {
  try {
    await post(read, { until }, viewer);
  } catch {
    return open(url); // where it is read
  }
  return closeRead().catch(() => {});
}

// What was typed stays in the notice until it was sent. If it is sent twice, the server stores it once: the id is the
// same. If only marking as read fails, no notice says that it was not sent. The next notice counts what is still unread.
async function reply(notice, text, id) {
  try {
    await post(notice.reply, { content: text, client_id: id }, notice.viewer);
  } catch (error) {
    return showUnsent(notice, text, id, error);
  }
  try {
    await post(notice.read, { until: notice.until }, notice.viewer);
    await closeRead();
  } catch {}
}

function showUnsent(notice, text, id, error) {
  const { texts } = notice;
  const body = `${texts.notSent.replace("{text}", () => text)}${error instanceof SignedOut ? `\n${texts.signedOut}` : ""}`;
  const again = [{ action: "again", title: texts.again }];
  return show({ ...notice, text, id, body, why: "" }, { actions: again, requireInteraction: true });
}

// Shows an address in a window that is open, or in a new one.
async function open(url) {
  const windows = await scope.clients.matchAll({ type: "window" });
  const shown = windows.find(({ visibilityState }) => visibilityState === "visible") ?? windows[0];
  if (!shown) return scope.clients.openWindow(url);
  shown.postMessage({ open: url });
  return shown.focus().catch(() => {});
}

function clicked({ action, reply: text, notification }) {
  const notice = notification.data ?? { url: site.home };
  notification.close();
  if (notice.text) return reply(notice, notice.text, notice.id); // whatever was clicked: it must not be lost
  if (action === "read") return markRead(notice);
  if (action === "reply" && text?.trim()) return reply(notice, text, crypto.randomUUID());
  return open(notice.url);
}

scope.addEventListener("notificationclick", (event) => event.waitUntil(clicked(event)));

// The browser renewed its subscription.
async function renewed({ oldSubscription, newSubscription }) {
  const known = oldSubscription?.endpoint;
  const key = oldSubscription?.options.applicationServerKey;
  if (!known || !(newSubscription ?? key)) return;
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const { endpoint, keys } = (newSubscription ?? (await scope.registration.pushManager.subscribe(options))).toJSON();
  await post(site.subscribe, { known, endpoint, public_key: keys.p256dh, secret: keys.auth });
}

scope.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renewed(event)));
