// Makes app.js of the modules in this folder: one file, without comments and indentation, each module in a scope
// of its own. They are small, and thirteen of them as thirteen files travel at half again their size.
import { readFileSync, writeFileSync } from "node:fs";

const MODULES = [
  "links",
  "timeline", // before what reads the lines and marks that it draws
  "slots",
  "composer",
  "outbox",
  "threads",
  "notices",
  "title",
  "seen",
  "live",
  "arrivals",
  "frame",
  "typing",
];

const folder = new URL(".", import.meta.url);
const stripped = (text) =>
  text
    .split("\n")
    .map((line) => line.replace(/^\s+/, "").replace(/(^|\s)\/\/ .*$/, "").trimEnd())
    .filter(Boolean)
    .join("\n");

const parts = MODULES.map((name) => `// ${name}.js\n{\n${stripped(readFileSync(new URL(`${name}.js`, folder), "utf8"))}\n}\n`);
writeFileSync(new URL("app.js", folder), parts.join(""));
