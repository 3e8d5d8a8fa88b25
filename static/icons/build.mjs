// Joins the icons in this folder, one below the other, into ../icons.svg, and writes ../css/icons.css, which shows
// each by its place. One file, because each icon as a mask of its own would be a request.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const SIZE = 20; // of the viewBox of every icon
const HEAD = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" fill="none" stroke="#000" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">`;

// Those that point forwards or backwards. Where text is read from the right, they are mirrored.
const POINTING = ["back", "bullets", "forward", "go", "leave", "poll", "quote", "reply", "thread"];

const folder = new URL(".", import.meta.url);
const names = readdirSync(folder).filter((file) => file.endsWith(".svg")).map((file) => file.slice(0, -4)).sort();

const drawings = names.map((name, place) => {
  const text = readFileSync(new URL(`${name}.svg`, folder), "utf8").trim();
  if (!text.startsWith(HEAD) || !text.endsWith("</svg>")) {
    throw new Error(`static/icons/${name}.svg must begin with ${HEAD} and end with </svg>.`);
  }
  return `<g transform="translate(0 ${place * SIZE})">${text.slice(HEAD.length, -"</svg>".length)}</g>`;
});
const height = names.length * SIZE;
const head = HEAD.replace(`viewBox="0 0 ${SIZE} ${SIZE}"`, `viewBox="0 0 ${SIZE} ${height}"`);
writeFileSync(new URL("../icons.svg", folder), `${head}\n${drawings.join("\n")}\n</svg>\n`);

const rules = names.map((name, place) => `  .icon-${name} { --icon: ${place}; }`);
writeFileSync(
  new URL("../css/icons.css", folder),
  `/* Built from ../icons/ by its build.mjs. */
@layer components {
  .icon {
    mask: url("../icons.svg") 0 calc(var(--icon) * 100% / ${names.length - 1}) / 100% ${names.length}00% no-repeat;
  }
${rules.join("\n")}
  :is(${POINTING.map((name) => `.icon-${name}`).join(", ")}):dir(rtl) { scale: -1 1; }
}
`,
);
