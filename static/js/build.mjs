// Builds app.js, the script that every page loads, from the modules in this folder, each in its own scope. And
// passkeys.min.js, which a few pages load in addition.
//
// The modules import nothing. They share functions through the global `parley` (request.js), and send each other these
// events (live/__init__.py lists those of the stream):
//   counted         frame: the badges changed
//   replies-counted frame: load the unread counts of threads again
//   list-failed     frame: load a list again, since loading it failed
//   resume          live, notify: open the stream, or check the connection
//   connected       live: the stream is open
//   refused         live, seen: the server answered 401 or 403, so the CSRF token may be an old one
//   renewed         token: there is a new CSRF token
//   viewer          viewer: another person is signed in now, or nobody
//   folded          threads: branches were folded or opened
//   closed          slots: a form, a menu or the panel was closed
//   outbox          outbox, resending: the unsent messages changed
//   not-sent        outbox: a message could not be sent
import { readFileSync, writeFileSync } from "node:fs";
import { minify } from "terser";

const MODULES = [
  "request", // before those that use it
  "fields", // likewise
  "versions", // before those that read what will be swapped in
  "unsent",
  "viewer", // before those that keep something for the person
  "links",
  "copying",
  "timeline", // before the modules that read the lines and marks which it adds
  "slots",
  "more", // after slots, which notes the control of a request
  "composer",
  "continuing", // after those that focus what was opened and restore drafts
  "outbox",
  "outbox-actions",
  "replying",
  "threads",
  "token",
  "resending",
  "notices",
  "title",
  "seen",
  "notify", // before live: when a tab is hidden, it must first stop being the tab that watches
  "live",
  "announcing",
  "arrivals",
  "frame",
  "typing",
];

const folder = new URL(".", import.meta.url);
const scopes = MODULES.map((name) => `{\n${readFileSync(new URL(`${name}.js`, folder), "utf8")}}\n`);
const { code } = await minify(scopes.join(""), { module: true });
writeFileSync(new URL("app.js", folder), `// ${MODULES.map((name) => `${name}.js`).join(", ")}\n${code}\n`);
const passkeys = await minify(readFileSync(new URL("passkeys.js", folder), "utf8"), { module: true });
writeFileSync(new URL("passkeys.min.js", folder), `${passkeys.code}\n`);
