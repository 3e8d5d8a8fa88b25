// Rich text becomes Markdown: bold, italic, links, lists, code, quotes, tables, and headings as bold. It is parsed as a
// document that runs nothing and loads nothing, and only its text and these marks are taken from it.

const BLOCKS = "address article blockquote div dl dd dt figure footer h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table ul";
const BLOCK = BLOCKS.split(" ").join(",");
const IGNORED = "script, style, template, title, head, noscript, button, input, select, textarea, svg, [hidden], [aria-hidden='true']";
const TIGHT = "div, li, dt, dd, header, footer"; // they are lines, and not paragraphs
const MAX_CELLS = 1_500; // of a table that is rendered (messaging/text/blocks.py)

let isMarked = false; // whether there is anything that plain text does not have
function marked(text) {
  isMarked = true;
  return text;
}

const escaped = (text) =>
  text
    .replace(/[\\`*[\]]|~(?=~)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|<(?=\S)/gu, "\\$&")
    .replace(/^(\s*)([-+>]|#{1,6})(?=\s|$)/, "$1\\$2")
    .replace(/^(\s*\d{1,9})([.)])(?=\s)/, "$1\\$2");

// Marks around the words: not around the space beside them, nor across a line break.
function wrapped(text, mark) {
  return text
    .split("\n")
    .map((line) => line.replace(/^(\s*)(.*?\S)(\s*)$/u, (_, before, words, after) => before + marked(mark + words + mark) + after))
    .join("\n");
}

function codeSpan(text) {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = "`".repeat(longest + 1);
  const space = /^`|`$/.test(text) ? " " : "";
  return text.trim() ? marked(`${ticks}${space}${text}${space}${ticks}`) : text;
}

// What the tag or the style of an element says; `font-weight: normal` is how Google Docs takes back its own <b>.
function stylesOf(element) {
  const { style = "" } = element.dataset;
  const says = (pattern) => pattern.test(style);
  return {
    bold: (element.matches("b, strong") && !says(/font-weight:\s*(?:normal|400)/)) || says(/font-weight:\s*(?:bold|[6-9]00)/),
    italic: (element.matches("i, em") && !says(/font-style:\s*normal/)) || says(/font-style:\s*italic/),
    strike: element.matches("s, del, strike") || says(/text-decoration[^;]*line-through/),
  };
}

function linked(element, text) {
  const address = element.getAttribute("href")?.trim() ?? "";
  const isPerson = text.startsWith("@") && address.startsWith(`${location.origin}/`);
  if (!/^(?:https?:\/\/|mailto:)\S+$/i.test(address) || isPerson || !text.trim()) return text;
  if (element.textContent.trim() === address) return address;
  return marked(`[${text.trim().replaceAll("\n", " ")}](${address.replace(/[()<>]/g, encodeURIComponent).replace(/[()]/g, "\\$&")})`);
}

const inlineOf = (nodes, on) => nodes.map((node) => inline(node, on)).join("");

function inline(node, on) {
  if (node.nodeType === Node.TEXT_NODE) return escaped(node.data.replace(/[ \t\n\r\u00a0]+/g, " "));
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches(IGNORED)) return "";
  if (node.matches("br")) return "\n";
  if (node.matches("img")) return escaped(node.alt);
  if (node.matches("code, tt, kbd, samp")) return codeSpan(node.textContent.replace(/\s+/g, " "));
  const styles = stylesOf(node);
  const inside = { bold: on.bold || styles.bold, italic: on.italic || styles.italic, strike: on.strike || styles.strike };
  let text = inlineOf([...node.childNodes], inside);
  if (node.matches("a")) text = linked(node, text);
  if (styles.strike && !on.strike) text = wrapped(text, "~~");
  if (styles.italic && !on.italic) text = wrapped(text, "*");
  return styles.bold && !on.bold ? wrapped(text, "**") : text;
}

const indented = (text, width) => text.replaceAll(/\n(?=[^\n])/g, `\n${" ".repeat(width)}`);

function listOf(element, on) {
  let number = Number(element.getAttribute("start") ?? 1);
  const lines = [];
  for (const item of element.children) {
    const isList = item.matches("ul, ol"); // an inner list beside the items, as some editors write it
    const mark = element.matches("ol") ? `${number}. ` : "- ";
    const text = isList ? listOf(item, on) : blocksOf([...item.childNodes], on, true);
    if (isList) lines.push(indented(`\n${text}`, mark.length).slice(1));
    else if (text.trim()) lines.push(mark + indented(text, mark.length));
    if (!isList) number += 1;
  }
  return marked(lines.join("\n"));
}

// Cells as a Markdown table, the first row as its head.
function table(rows) {
  const width = Math.max(...rows.map((row) => row.length));
  const line = (cells) => `| ${Array.from({ length: width }, (_, place) => cells[place] ?? "").join(" | ")} |`;
  const cells = rows.map((row) => row.map((cell) => cell.replace(/\s+/g, " ").trim().replaceAll(/(?<!\\)\|/g, "\\|")));
  return [line(cells[0]), line(Array(width).fill("---")), ...cells.slice(1).map(line)].join("\n");
}

function tableOf(element, on) {
  const rows = [...element.rows].map((row) => [...row.cells].map((cell) => blocksOf([...cell.childNodes], on, true)));
  const count = rows.length * Math.max(0, ...rows.map((row) => row.length));
  if (count < 2) return rows.flat().join("");
  if (count <= MAX_CELLS) return marked(table(rows));
  return marked(`\`\`\`\n${[...element.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()).join("\t")).join("\n")}\n\`\`\``);
}

function codeBlock(element) {
  const code = element.textContent.replace(/\n$/, "");
  const language = /(?:^|\s)language-([\w+-]+)/.exec(element.querySelector("code")?.className ?? "")?.[1] ?? "";
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return marked(`${fence}${language}\n${code}\n${fence}`);
}

function block(element, on) {
  if (element.matches("ul, ol")) return listOf(element, on);
  if (element.matches("pre")) return codeBlock(element);
  if (element.matches("table")) return tableOf(element, on);
  if (element.matches("hr")) return marked("---");
  const nodes = [...element.childNodes];
  if (element.matches("h1, h2, h3, h4, h5, h6")) return wrapped(blocksOf(nodes, { ...on, bold: true }, true), "**");
  const text = blocksOf(nodes, on);
  return element.matches("blockquote") ? marked(text.replaceAll(/^/gm, "> ").replaceAll(/^> $/gm, ">")) : text;
}

const holdsBlocks = (node) => node.nodeType === Node.ELEMENT_NODE && (node.matches(BLOCK) || node.querySelector(BLOCK));

// The nodes as paragraphs, or, where `isTight`, as lines.
function blocksOf(nodes, on, isTight = false) {
  let text = "";
  let wasTight = true;
  let run = [];
  const add = (part, tight) => {
    if (text && part) text += tight && wasTight ? "\n" : "\n\n";
    text += part;
    wasTight = tight && Boolean(part); // an empty line is a space between paragraphs
  };
  const flush = () => {
    const words = inlineOf(run, on).replace(/^[ \n]+|[ \n]+$/g, "").replace(/ *\n */g, "\n");
    run = [];
    if (words) add(words, true);
  };
  for (const node of nodes) {
    if (!holdsBlocks(node)) {
      run.push(node);
      continue;
    }
    flush();
    if (node.matches(IGNORED)) continue;
    if (node.matches(BLOCK)) add(block(node, on), isTight || node.matches(TIGHT));
    else add(blocksOf([...node.childNodes], on), true); // <b> around everything, as Google Docs writes it
  }
  flush();
  return text;
}

// A style would be refused by the content security policy, also in a document that nobody sees.
const withoutStyles = (html) =>
  html.replace(/<style\b[^]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle=/gi, " data-style="));

// The Markdown of HTML; null if it has nothing that its plain text does not have.
function markdownOf(html) {
  isMarked = false;
  const { body } = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  const text = blocksOf([...body.childNodes], {}).replace(/\n{3,}/g, "\n\n").trim();
  return isMarked && text ? text : null;
}

parley.pasting = { markdownOf, table };
