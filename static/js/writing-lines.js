// Lists and quotes: what stands before their lines, how the next line begins, and how far an item is indented.
// The functions get what is in a field, and return an edit, as those of writing-marks.js.

const { lineEnd, lineStart, isInFence } = parley.marks;
const LINE = /^((?:[ \t]*>[ \t]?)*)([ \t]*)(?:([-+*]|\d{1,9}[.)])([ \t]+|$)(\[[ xX]\](?:[ \t]+|$))?)?/;
const OF_KIND = {
  tasks: { has: /^([ \t]*)[-+*][ \t]+\[[ xX]\][ \t]+/, begin: () => "- [ ] " },
  bullets: { has: /^([ \t]*)[-+*][ \t]+(?!\[[ xX]\][ \t])/, begin: () => "- " },
  numbers: { has: /^([ \t]*)\d{1,9}[.)][ \t]+/, begin: (place) => `${place + 1}. ` },
  quote: { has: /^()[ \t]*>[ \t]?/, begin: () => "> " },
};
const LIST = /^([ \t]*)(?:[-+*]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?/;

// The parts of what stands before the words of a line.
function prefixOf(line) {
  const [whole, quote, indent, mark = "", space = "", task = ""] = LINE.exec(line);
  return { whole, quote, indent, mark, space, task, width: (mark + (space || " ")).length };
}

function toggleLines({ value, start, end }, kind) {
  const from = lineStart(value, start);
  const last = end > start && end === lineStart(value, end) ? end - 1 : end; // a line of which nothing is selected
  const to = lineEnd(value, last);
  const { has, begin } = OF_KIND[kind];
  const lines = value.slice(from, to).split("\n");
  const isBlank = (line) => !line.trim() && lines.length > 1;
  const takesAway = lines.every((line) => isBlank(line) || has.test(line));
  let place = 0;
  const changed = lines.map((line) => {
    if (isBlank(line)) return line;
    if (takesAway) return line.replace(has, "$1");
    if (kind === "quote") return begin() + line;
    return line.replace(LIST, "$1").replace(/^[ \t]*/, (indent) => indent + begin(place++));
  });
  const text = changed.join("\n");
  const caret = Math.max(from, start + changed[0].length - lines[0].length);
  return { from, to, text, start: start === end ? caret : from, end: start === end ? caret : from + text.length };
}

const numberAfter = (mark) => (/\d/.test(mark) ? `${Number.parseInt(mark, 10) + 1}${mark.at(-1)}` : mark);

// The items after a new one are renumbered, as far as they were numbered in order.
function renumbered(value, from, { quote, indent, mark }) {
  if (!/\d/.test(mark)) return { to: from, text: "" };
  let [to, text, number] = [from, "", mark];
  for (const line of value.slice(from).split("\n").slice(1)) {
    const prefix = prefixOf(line);
    const isInside = line.startsWith(`${quote}${indent} `);
    if (!isInside && (prefix.indent !== indent || prefix.quote !== quote || prefix.mark !== numberAfter(number))) break;
    if (!isInside) number = prefix.mark;
    const begin = isInside ? "" : quote + indent + numberAfter(number);
    text += `\n${begin}${isInside ? line : line.slice((quote + indent + prefix.mark).length)}`;
    to += line.length + 1;
  }
  return { to, text };
}

// What Enter does in a list or a quote; null elsewhere. In an empty item it ends the list.
function newLine({ value, start, end }) {
  const from = lineStart(value, start);
  const stop = lineEnd(value, end);
  const prefix = prefixOf(value.slice(from, stop));
  const isInList = Boolean(prefix.mark && prefix.space) && !/^(?:\*[ \t]*){3,}$|^(?:-[ \t]*){3,}$/.test(value.slice(from, stop).trim());
  if ((!isInList && !prefix.quote) || start < from + prefix.whole.length || isInFence(value, start)) return null;
  if (!value.slice(from + prefix.whole.length, stop).trim() && start === end) {
    const left = isInList ? prefix.quote : "";
    return { from, to: stop, text: left, start: from + left.length, end: from + left.length };
  }
  const { quote, indent, mark, space, task } = isInList ? prefix : { ...prefix, mark: "", space: "", task: "" };
  const begin = `\n${quote}${indent}${numberAfter(mark)}${space}${task && "[ ] "}`;
  const rest = value.slice(end, stop).replace(/^[ \t]+/, "");
  const behind = renumbered(value, stop, { quote, indent, mark });
  const caret = start + begin.length;
  return { from: start, to: behind.to, text: begin + rest + behind.text, start: caret, end: caret };
}

// How far the selected items are indented, by one step; null if they cannot be, so that Tab goes on to the next control.
function indent({ value, start, end }, isBack) {
  const from = lineStart(value, start);
  const to = lineEnd(value, end);
  const lines = value.slice(from, to).split("\n");
  const [first] = lines.map(prefixOf);
  if (!lines.every((line) => prefixOf(line).mark) || isInFence(value, start)) return null;
  const above = value.slice(0, Math.max(0, from - 1)).split("\n").map(prefixOf).reverse();
  let step;
  if (isBack) {
    const parent = above.find(({ mark, indent: outer }) => mark && outer.length < first.indent.length);
    step = (parent?.indent.length ?? 0) - first.indent.length;
  } else {
    const sibling = from && above[0].mark ? above.find(({ mark, indent: other }) => !mark || other.length <= first.indent.length) : null;
    if (sibling?.mark && sibling.quote === first.quote) step = sibling.indent.length + sibling.width - first.indent.length;
  }
  if (!step || (isBack ? step > 0 : step < 0)) return null;
  const moved = (line) => {
    const { quote, indent: before } = prefixOf(line);
    return quote + " ".repeat(Math.max(0, before.length + step)) + line.slice((quote + before).length);
  };
  const changed = lines.map(moved);
  const text = changed.join("\n");
  const shift = changed[0].length - lines[0].length;
  return { from, to, text, start: Math.max(from, start + shift), end: Math.max(from, end + text.length - (to - from)) };
}

Object.assign(parley.marks, { toggleLines, newLine, indent });
