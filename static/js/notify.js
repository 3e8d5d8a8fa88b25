// Desktop notifications while no tab is visible, if the person has turned them on in this browser. One of the
// hidden tabs watches for all of them: it keeps its stream open (live.js), whose `badges` events contain the number
// of personal notifications. Nothing here if this browser gets push notifications (push.js), which show the same.

const texts = document.querySelector("#texts")?.dataset ?? {};
const settings = () => document.querySelector("#desktop");
const { dataset } = document.body;
const permission = () => window.Notification?.permission;
const isEnabled = () => localStorage.notify && !localStorage.push && permission() === "granted";

// The locks: visible tabs share one, and one hidden tab holds the other.
const VISIBLE_TABS = "visible-tabs";
const HIDDEN_TAB = "hidden-tab";

let release; // releases the lock that this tab holds or waits for
let before;
let remindersBefore;

function requestLock() {
  release?.();
  delete dataset.watch;
  const { hidden } = document;
  if (!isEnabled()) return;
  const lock = hidden ? HIDDEN_TAB : VISIBLE_TABS;
  navigator.locks.request(lock, { mode: hidden ? "exclusive" : "shared" }, () => {
    if (hidden !== document.hidden) return null; // it changed while the tab waited for the lock
    dataset.watch = "";
    htmx.trigger("#live", "resume");
    return new Promise((done) => {
      release = done;
    });
  });
}

document.addEventListener("badges", ({ detail }) => {
  const { personal, reminders } = JSON.parse(detail.data);
  const isReminder = reminders > remindersBefore;
  const last = [before, remindersBefore];
  if ((personal > before || isReminder) && "watch" in dataset) {
    navigator.locks.request(VISIBLE_TABS, { ifAvailable: true }, (lock) => {
      // The lock is available only if no tab is visible.
      if (!lock) return;
      parley.import(texts.desktopNotificationScript).then(
        ({ notify }) => notify(isReminder ? texts.reminder : ""),
        () => ([before, remindersBefore] = last), // the next event tries again
      );
    });
  }
  [before, remindersBefore] = [personal, reminders];
});

function draw() {
  if (settings()) settings().dataset.state = isEnabled() ? "on" : permission();
}

draw();
document.addEventListener("arrived", draw);
document.addEventListener("change", ({ target: { name, value } }) => {
  if (name === "sound") parley.load(texts.desktopNotificationScript).then((script) => script?.play(value));
});
document.addEventListener("click", async ({ target }) => {
  if (!target.closest("#desktop button")) return;
  localStorage.notify = isEnabled() ? "" : "yes";
  await Notification.requestPermission();
  draw();
  requestLock();
});

requestLock();
document.addEventListener("visibilitychange", requestLock);
