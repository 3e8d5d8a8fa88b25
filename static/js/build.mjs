// Builds app.js, the script that every page loads, from the modules in this folder, each in its own scope. And
// passkeys.min.js, which a few pages load in addition.
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
