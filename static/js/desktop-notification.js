// Shows a desktop notification while nobody looks at a page, and plays the sound that the person chose. The server
// decides whether there is something to show (models/inbox/delivery.py). Loaded when it is first needed (notify.js).

const texts = document.querySelector("#texts").dataset;

// Tones of each sound: [frequency in Hz, start and length in seconds].
const SOUNDS = {
  drop: [
    [880, 0, 0.09],
    [587, 0.08, 0.22],
  ],
  bell: [
    [1319, 0, 0.9],
    [1976, 0, 0.6],
  ],
  knock: [
    [196, 0, 0.08],
    [165, 0.15, 0.1],
  ],
};
const LOUDNESS = 0.15;

let context;

// A browser plays nothing before somebody has clicked or typed in the page.
export async function play(name) {
  if (!SOUNDS[name]) return;
  context ??= new AudioContext();
  await context.resume();
  for (const [frequency, start, length] of SOUNDS[name]) {
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    const at = context.currentTime + start;
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(LOUDNESS, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + length);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + length);
  }
}

function show(title, options, address) {
  const notification = new Notification(title, options);
  notification.onclick = () => {
    focus();
    if (address) location.assign(address);
    notification.close();
  };
}

// Whether it is newer than what this browser told of last. After a restored backup (another epoch) numbers begin again.
function isNewer({ epoch, id }) {
  const [before, newest] = (localStorage.notified ?? "").split(" ");
  return epoch !== before || id > Number(newest);
}

// `reminder` is the text about a reminder that came; empty if it is something else that came.
export async function notify(reminder) {
  const response = await fetch(texts.desktopNotification, { headers: parley.partHeaders() });
  if (!response.ok) return;
  const { notification: found, quiet, sound } = await response.json();
  const isNew = found && isNewer(found);
  if (reminder) show(document.title, { body: reminder, silent: true });
  if (isNew) {
    localStorage.notified = `${found.epoch} ${found.id}`;
    show(found.title, { body: found.body, tag: found.tag, renotify: true, silent: Boolean(sound) }, found.url);
  }
  if (!quiet && (isNew || reminder)) await play(sound);
}
