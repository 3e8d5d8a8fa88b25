// Makes app.js, the one script that pages load, of the modules in this folder: each in a scope of its own. And
// passkeys.min.js, which a few pages load beside it.
import { readFileSync, writeFileSync } from "node:fs";
import { minify } from "terser";

const MODULES = [
  "request", // before those that use it
  "links",
  "copying",
  "timeline", // before what reads the lines and marks that it draws
  "slots",
  "composer",
  "outbox",
  "threads",
  "token",
  "notices",
  "title",
  "seen",
  "notify", // before live: a tab that is hidden lets go of the watch first
  "live",
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
