// Served instead of the service worker with PARLEY_SERVICE_WORKER=off: it removes the one that browsers have, and what
// that one kept.

self.addEventListener("install", () => self.skipWaiting());

async function remove() {
  for (const name of await caches.keys()) await caches.delete(name);
  await self.registration.unregister();
}

self.addEventListener("activate", (event) => event.waitUntil(remove()));
