// Desktop notifications while no tab is visible, if the person has turned them on in this browser. One of the
// hidden tabs watches for all of them: it keeps its stream open (live.js), which counts what is personal.

const texts = document.querySelector("#texts")?.dataset ?? {};
const settings = document.querySelector("#desktop");
const { dataset } = document.body;
const permission = () => window.Notification?.permission;
const isEnabled = () => localStorage.notify && permission() === "granted";

let release; // releases the lock. Visible tabs share the lock "false"; one hidden tab holds the lock "true"
let before;

function requestLock() {
  release?.();
  delete dataset.watch;
  const { hidden } = document;
  if (!isEnabled()) return;
  navigator.locks.request(hidden, { mode: hidden ? "exclusive" : "shared" }, () => {
    if (hidden !== document.hidden) return null; // it changed while the tab waited for the lock
    dataset.watch = "";
    htmx.trigger("#live", "resume");
    return new Promise((done) => {
      release = done;
    });
  });
}

document.addEventListener("badges", ({ detail }) => {
  const { personal } = JSON.parse(detail.data);
  if (personal > before && "watch" in dataset) {
    navigator.locks.request(false, { ifAvailable: true }, (lock) => {
      // The lock is available only if no tab is visible.
      if (lock) new Notification(document.title, { body: texts.unread.replace("{count}", personal) }).onclick = () => focus();
    });
  }
  before = personal;
});

function draw() {
  settings.dataset.state = isEnabled() ? "on" : permission();
}

if (settings) {
  draw();
  settings.querySelector("button").addEventListener("click", async () => {
    localStorage.notify = isEnabled() ? "" : "yes";
    await Notification.requestPermission();
    draw();
    requestLock();
  });
}

requestLock();
document.addEventListener("visibilitychange", requestLock);
