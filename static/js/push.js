// Push notifications in this browser: turned on and off in the settings. Loaded if push is on, or on the settings page.
// `localStorage.push` is the person for whom they are turned on here.

const section = () => document.querySelector("#push");
const { viewer } = document.body.dataset;
const isPossible = "PushManager" in window && "Notification" in window;

const ready = () => navigator.serviceWorker.ready;
const current = async () => (await ready()).pushManager.getSubscription();

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const isFor = (subscription, key) => {
  const used = new Uint8Array(subscription.options.applicationServerKey ?? []);
  const wanted = bytes(key);
  return used.length === wanted.length && used.every((byte, index) => byte === wanted[index]);
};

function tell(subscription, known) {
  const { endpoint, keys } = subscription.toJSON();
  const fields = { endpoint, public_key: keys.p256dh, secret: keys.auth, ...(known && { known }) };
  const address = document.querySelector("#texts").dataset.pushSubscribe;
  return fetch(address, { method: "POST", headers: parley.partHeaders(), body: new URLSearchParams(fields) });
}

async function forget(subscription) {
  delete localStorage.push;
  await subscription?.unsubscribe();
}

function state() {
  if (!section().dataset.key) return "none"; // push is off on this site
  if (!isPossible) return navigator.standalone === false ? "home-screen" : "impossible";
  if (Notification.permission === "denied") return "blocked";
  return localStorage.push === viewer && section().querySelector("[data-here]") ? "on" : "off";
}

function draw() {
  if (section()) section().dataset.state = state();
}

async function turnOn() {
  const { key, failed } = section().dataset;
  if ((await Notification.requestPermission()) !== "granted") return draw();
  try {
    let subscription = await current();
    if (subscription && !isFor(subscription, key)) {
      await subscription.unsubscribe(); // for another site, or an earlier key of this one
      subscription = null;
    }
    const options = { userVisibleOnly: true, applicationServerKey: bytes(key) };
    subscription ??= await (await ready()).pushManager.subscribe(options);
    const response = await tell(subscription);
    if (!response.ok) throw new Error(response.status);
    localStorage.push = viewer;
    section().outerHTML = await response.text();
    draw();
    section().querySelector("button")?.focus();
  } catch {
    parley.showError(failed);
  }
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("#push .turn-on")) turnOn();
});
// The row of this browser is removed: its subscription ends too.
document.addEventListener("submit", ({ target }) => {
  if (target.matches("#push [data-here] .remove")) current().then(forget).catch(() => {});
});

// The subscription ends with its session, or is removed on another device. Then the browser forgets it and says so.
async function check() {
  if (localStorage.push !== viewer) return;
  const subscription = await current();
  if (!subscription) return delete localStorage.push;
  const response = await tell(subscription, subscription.endpoint);
  if (response.status !== 404) return;
  await forget(subscription);
  draw();
  parley.notice(document.querySelector("#texts").dataset.pushEnded);
}

draw();
document.addEventListener("arrived", draw);
if (isPossible) check().catch(() => {}); // the next page tries again
