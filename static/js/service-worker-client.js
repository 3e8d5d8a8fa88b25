// Registers the service worker (service-worker.js) for people who are signed in, and removes it if the site has turned it
// off. Closes notifications whose messages were read, and shows the inbox's number on the app's icon.

const { worker, pushScript } = document.querySelector("#texts")?.dataset ?? {};
const container = navigator.serviceWorker;

async function remove() {
  for (const name of await caches.keys()) await caches.delete(name);
  for (const registration of await container.getRegistrations()) await registration.unregister();
}

async function closeNotices(unread) {
  const registration = await container.getRegistration();
  for (const notice of (await registration?.getNotifications()) ?? []) {
    const { conversation, text } = notice.data ?? {};
    if (conversation && !text && !unread.includes(conversation)) notice.close();
  }
}

// Only where Parley is installed as an app, which has an icon. 0 clears the badge; it may show none.
function setBadge(number) {
  if (matchMedia("(display-mode: standalone)").matches) navigator.setAppBadge?.(number)?.catch(() => {});
}

// What is needed where push is turned on, or can be.
const loadPush = () => (document.querySelector("#push") || localStorage.push) && parley.import(pushScript);

if (container && parley.viewer.isSignedIn() && worker !== undefined) {
  (worker ? container.register(worker) : remove()).catch(() => {}); // a private window may not have any
  container.addEventListener("message", ({ data }) => {
    if (data.open) location.href = data.open;
  });
  document.addEventListener("badges", ({ detail }) => {
    const { for_me, personal } = JSON.parse(detail.data);
    setBadge(personal);
    closeNotices(for_me).catch(() => {});
  });
  document.addEventListener("not-sent", () => container.ready.then(({ sync }) => sync?.register("unsent")).catch(() => {})); // service-worker-unsent.js
  loadPush();
  document.addEventListener("arrived", loadPush);
}
