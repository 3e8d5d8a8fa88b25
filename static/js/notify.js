// A notification on the desktop while no tab is in sight, where the person wanted that in this browser. Of the
// hidden tabs one watches for all: it keeps its stream (live.js), which tells how much is personal.

const texts = document.querySelector("#texts")?.dataset ?? {};
const settings = document.querySelector("#desktop");
const { dataset } = document.body;
const permission = () => window.Notification?.permission;
const wanted = () => localStorage.notify && permission() === "granted";

let release; // of the lock: the tabs in sight share "false", one of the hidden ones has "true"
let before;

function take() {
  release?.();
  delete dataset.watch;
  const { hidden } = document;
  if (!wanted()) return;
  navigator.locks.request(hidden, { mode: hidden ? "exclusive" : "shared" }, () => {
    if (hidden !== document.hidden) return null; // it changed while another had the lock
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
    navigator.locks.request(false, { ifAvailable: true }, (unseen) => {
      if (unseen) new Notification(document.title, { body: texts.unread.replace("{count}", personal) }).onclick = () => focus();
    });
  }
  before = personal;
});

function draw() {
  settings.dataset.state = wanted() ? "on" : permission();
}

if (settings) {
  draw();
  settings.querySelector("button").addEventListener("click", async () => {
    localStorage.notify = wanted() ? "" : "yes";
    await Notification.requestPermission();
    draw();
    take();
  });
}

take();
document.addEventListener("visibilitychange", take);
