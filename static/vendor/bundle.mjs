// Rebuilds all files that are made from npm packages: the htmx bundle and the fonts, and README.md, which lists
// their checksums. One bundle, because htmx and its extensions as separate deferred files race on a cold cache.
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { font } from "./fonts.mjs";

const HTMX = "node_modules/htmx.org";
const PARTS = ["htmx.min.js", "ext/hx-sse.min.js", "ext/hx-upsert.min.js"];
const SERIF = "@fontsource-variable/source-serif-4";
// A package, its file, our file, the weight, and a reserved name with the one that takes its place.
const FONTS = [
  ["@fontsource-variable/inter", "inter-latin-wght-normal", "inter", { min: 400, max: 700 }],
  [SERIF, "source-serif-4-latin-wght-normal", "serif", 600, ["Source", "Parley"]],
  [SERIF, "source-serif-4-latin-wght-italic", "serif-italic", 400, ["Source", "Parley"]],
];
const LICENCES = [["@fontsource-variable/inter", "inter"], [SERIF, "source-serif-4"]];

const sum = (content) => createHash("sha256").update(content).digest("hex");
const versionOf = (folder) => JSON.parse(readFileSync(`${folder}/package.json`, "utf8")).version;

const version = versionOf(HTMX);
const parts = PARTS.map((name) => [name, readFileSync(`${HTMX}/dist/${name}`, "utf8").trim()]);
const bundle = `/* htmx ${version} with hx-sse and hx-upsert; Zero-Clause BSD */\n${parts.map(([, text]) => text).join("\n")}\n`;
writeFileSync("static/vendor/htmx.bundle.js", bundle);

const rows = PARTS.map((name) => [`\`dist/${name}\``, sum(readFileSync(`${HTMX}/dist/${name}`))]);
rows.push(["`htmx.bundle.js`", sum(bundle)]);
for (const [name, short] of LICENCES) {
  copyFileSync(`node_modules/${name}/LICENSE`, `static/fonts/${short}-LICENSE.txt`);
}
for (const [name, source, file, weight, rename] of FONTS) {
  const made = await font(`node_modules/${name}/files/${source}.woff2`, weight, rename);
  writeFileSync(`static/fonts/${file}.woff2`, made);
  rows.push([`\`fonts/${file}.woff2\` (${name} ${versionOf(`node_modules/${name}`)})`, sum(made)]);
}

writeFileSync(
  "static/vendor/README.md",
  `# Third-party files

\`htmx.bundle.js\` is npm's \`htmx.org\` ${version} (Zero-Clause BSD) with its \`hx-sse\` and \`hx-upsert\` extensions, one
after the other in one file: as separate deferred files they race on a cold cache. The fonts in \`../fonts/\` are made
from Inter and Source Serif 4 (SIL Open Font License, beside them): the latin letters, and the weights and features that
pages use (\`fonts.mjs\`). Source is a reserved name, which a modified font may not have, so ours is called Parley Serif.
\`npm run vendor\` rebuilds these files, and this page, from the versions in \`package-lock.json\`.

| file | SHA-256 |
|---|---|
${rows.map(([name, hash]) => `| ${name} | \`${hash}\` |`).join("\n")}
`,
);
