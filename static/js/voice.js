// Plays voice messages. Loaded by pictures.js with the first press.
//
// The sound is no element of the page, so that it goes on when its message is replaced, as by a reaction.

const SPEEDS = [1, 1.5, 2];
const KEY = "voice speed";
const sound = new Audio();
let file = null; // the id of what is played
let seconds = 0; // how long it is

const players = () => document.querySelectorAll(`.voice-player[data-file="${file}"]`);
const part = (player, name) => player.querySelector(`[data-voice="${name}"]`);
const { clock } = parley;
const speed = () => Number(localStorage.getItem(KEY)) || 1;

const next = (name) => new Promise((happened) => sound.addEventListener(name, happened, { once: true }));

// What the recorder wrote says no length, and browsers go to no place of it before they have looked for its end.
let isLooking = false;
async function lookForEnd() {
  const of = file;
  if (!sound.readyState) await next("loadedmetadata");
  if (Number.isFinite(sound.duration) || file !== of) return;
  isLooking = sound.muted = true;
  sound.currentTime = Number.MAX_SAFE_INTEGER;
  await next("seeked");
  if (file === of) isLooking = sound.muted = false; // else another one is played, and sounds already
}

function setFailed(hasFailed) {
  for (const player of players()) player.parentElement.querySelector(".voice-failed").hidden = !hasFailed;
}

function load(player) {
  if (file === player.dataset.file) return;
  sound.pause();
  show();
  file = player.dataset.file;
  setFailed(false);
  isLooking = sound.muted = false;
  seconds = Number(player.dataset.seconds);
  sound.src = player.dataset.src;
  sound.preload = "auto";
}

function show() {
  if (isLooking) return;
  const at = Math.min(sound.currentTime, seconds);
  for (const player of players()) {
    const isPlaying = !sound.paused && !sound.ended;
    const play = part(player, "play");
    play.dataset.play ??= play.ariaLabel;
    play.ariaLabel = isPlaying ? play.dataset.pause : play.dataset.play;
    play.firstElementChild.classList.toggle("icon-pause", isPlaying);
    play.firstElementChild.classList.toggle("icon-play", !isPlaying);
    const position = part(player, "position");
    position.value = at;
    position.ariaValueText = `${clock(at)} / ${clock(seconds)}`;
    part(player, "time").textContent = at || isPlaying ? clock(at) : part(player, "time").dataset.length;
    part(player, "speed").lastElementChild.textContent = `${speed()}×`;
    player.classList.add("used");
    const drawn = player.querySelector(".played");
    drawn.setAttribute("width", (drawn.ownerSVGElement.viewBox.baseVal.width * at) / seconds);
  }
}

let wanted = 0; // where to go

const actions = {
  play(player) {
    if (file === player.dataset.file && !sound.paused) return sound.pause();
    load(player);
    sound.playbackRate = speed();
    sound.play().catch(show);
  },
  async position(player, { value }) {
    load(player);
    wanted = Number(value);
    if (isLooking) return;
    await lookForEnd();
    if (file !== player.dataset.file) return; // another one was begun meanwhile
    sound.currentTime = wanted;
    show();
  },
  speed() {
    localStorage.setItem(KEY, SPEEDS[(SPEEDS.indexOf(speed()) + 1) % SPEEDS.length]);
    sound.playbackRate = speed();
    show();
  },
};

parley.useVoice = (player, target) => {
  const { voice } = target.closest("[data-voice]")?.dataset ?? {};
  if (voice) return actions[voice](player, target);
};

for (const name of ["play", "pause", "timeupdate", "ended", "seeked"]) sound.addEventListener(name, show);
sound.addEventListener("ended", () => {
  if (!isLooking) sound.currentTime = 0;
});
sound.addEventListener("error", () => {
  isLooking = sound.muted = false;
  sound.pause();
  show();
  setFailed(true);
  file = null; // the next press loads it again
});
document.addEventListener("htmx:after:swap", show);
document.addEventListener("leaving", () => sound.pause());
