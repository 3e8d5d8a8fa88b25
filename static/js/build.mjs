// Builds app.js, the script that every page loads, from the modules in this folder, each in its own scope. It also
// builds the scripts of LOADED, which pages load in addition when they need them.
//
// The modules import nothing. They share functions through the global `parley` (request.js), and send each other these
// events (live/__init__.py lists those of the stream):
//   counted         frame: the badges changed
//   replies-counted frame: load the unread counts of threads again
//   list-failed     frame: load a list again, since loading it failed
//   list-changed    the server: load the list again, since the person changed what is in it
//   resume          live, notify: open the stream, or check the connection
//   leaving         places: another place will be shown in a moment; the old one is still there
//   arrived         places: it is shown
//   connected       live: the stream is open
//   refused         live, seen: the server answered 401 or 403, so the CSRF token may be an old one
//   renewed         token: there is a new CSRF token
//   viewer          viewer: another person is signed in now, or nobody
//   folded          threads: branches were folded or opened
//   closed          slots: a form, a menu or the panel was closed
//   outbox          outbox, resending: the unsent messages changed
//   not-sent        outbox: a message could not be sent
//   scheduled       the server: it has a text that it sends later
import { readFileSync, writeFileSync } from "node:fs";
import { minify } from "terser";

const MODULES = [
  "request", // before those that use it
  "fields", // likewise
  "list", // likewise
  "versions", // before those that read what will be swapped in
  "unsent",
  "viewer", // before those that keep something for the person
  "links",
  "copying",
  "positions",
  "places", // before those that handle what arrives
  "shell",
  "long-texts",
  "spoilers",
  "panel",
  "references", // before slots, which gives the focus back to what is in them, and timeline, which shows their times
  "slots",
  "waiting", // after slots, which knows the menu of a request
  "more", // after slots, which notes the control of a request
  "scrolling", // likewise; before timeline, which draws the lines between the rows that are left
  "timeline", // before the modules that read the lines and marks which it adds
  "drafts", // these three before composer, which restores drafts; and this one before those that stop a submit
  "forwarding",
  "scheduling",
  "composer",
  "completing",
  "writing", // before switcher, which has the same key
  "continuing", // after those that focus what was opened and restore drafts
  "question", // before outbox
  "outbox",
  "outbox-actions",
  "attaching",
  "pictures",
  "replying",
  "threads",
  "suggestions", // before lists, which would use the arrow keys
  "lists", // after those that add controls to messages
  "token",
  "resending",
  "notices",
  "title",
  "seen",
  "service-worker-client",
  "notify", // before live: when a tab is hidden, it must first stop being the tab that watches
  "live",
  "announcing",
  "arrivals",
  "jump",
  "address", // after arrivals, which keeps the scroll position
  "frame",
  "inbox",
  "sidebar",
  "row-menu", // after sidebar
  "dragging", // likewise
  "sidebar-view",
  "row-marks", // after outbox
  "typing",
  "reactions",
  "picker",
  "ticks",
  "polls", // after reactions, whose requests it uses
  "switcher",
  "person-card",
  "focusing", // after those that fill in drafts
  "commands",
  "keys", // last: what another module has done with a key is not done again
];

const LOADED = {
  push: ["push"],
  "desktop-notification": ["desktop-notification"],
  "service-worker": ["service-worker-start", "service-worker", "unsent", "service-worker-unsent"], // served with constants before it (views/site/app.py)
  "service-worker-off": ["service-worker-off"],
  drafts: ["drafts-offer", "drafts-saving"],
  passkeys: ["passkeys"],
  emoji: ["emoji"],
  uploads: ["uploads"],
  recording: ["clock", "recording-levels", "recording"],
  voice: ["clock", "voice"],
  lightbox: ["lightbox"],
  writing: ["writing-marks", "writing-lines", "writing-keys", "writing-length"],
  formatting: ["writing-link", "writing-preview", "writing-bar"],
  pasting: ["pasting-html", "pasting"],
  commanding: ["commanding"],
  completion: ["completion-token", "completion-names", "completion-outside", "completion"],
};

const folder = new URL(".", import.meta.url);
const source = (name) => readFileSync(new URL(`${name}.js`, folder), "utf8");

// One module may have exports; several are joined, each in a scope of its own.
const joined = (names) => (names.length > 1 ? names.map((name) => `{\n${source(name)}}\n`).join("") : source(names[0]));

async function write(file, names) {
  const { code } = await minify(joined(names), { module: true });
  writeFileSync(new URL(file, folder), `// ${names.map((name) => `${name}.js`).join(", ")}\n${code}\n`);
}

await write("app.js", MODULES);
for (const [name, names] of Object.entries(LOADED)) await write(`${name}.min.js`, names);
