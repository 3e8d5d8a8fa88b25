// The marks of Markdown around and before a text. Each function gets what is in a field and what is selected, and
// returns an edit: the text that replaces `from` to `to`, and what is selected after it. Nothing here touches a page.

const MARKS = { bold: ["*", 2], italic: ["*", 1], strike: ["~", 2], code: ["`", 1], spoiler: ["|", 2] };
const PREFIX = /^[ \t]*(?:>[ \t]?)*[ \t]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?/; // of a line
const IN_WORD = /[\p{L}\p{M}\p{N}]/u;

const lineStart = (value, at) => value.lastIndexOf("\n", at - 1) + 1;
const lineEnd = (value, at) => (value.indexOf("\n", at) < 0 ? value.length : value.indexOf("\n", at));

// How many of this character stand directly before or after a place.
function run(value, at, character, step) {
  let length = 0;
  while (value[step < 0 ? at - 1 - length : at + length] === character) length += 1;
  return length;
}

// `***` is bold and italic, so an odd number of stars is italic.
const isOn = (name, length) => (name === "italic" ? length % 2 === 1 : length >= MARKS[name][1]);

// The part of a line that would get the marks: without space at its ends, and without marks of this kind.
function inner(value, start, end, character) {
  while (start < end && /\s/.test(value[start])) start += 1;
  while (start < end && /\s/.test(value[end - 1])) end -= 1;
  const inside = Math.min(run(value, start, character, 1), run(value, end, character, -1), Math.floor((end - start) / 2));
  return { start: start + inside, end: end - inside };
}

const runAround = (value, { start, end }, character) =>
  Math.min(run(value, start, character, -1), run(value, end, character, 1));

// The parts of the selected lines that get marks of their own, since marks do not reach over the lines of a list.
function partsOf({ value, start, end }, character) {
  const parts = [];
  for (let at = start; at <= end; ) {
    const stop = Math.min(end, lineEnd(value, at));
    const first = at === lineStart(value, at) ? at + PREFIX.exec(value.slice(at, stop))[0].length : at;
    const part = inner(value, first, stop, character);
    if (part.start < part.end) parts.push(part);
    at = lineEnd(value, at) + 1;
  }
  return parts;
}

// Without a selection: inserts both marks with the caret between them; or moves the caret out of them, if it is before
// the closing marks.
function markCaret({ value, start: at }, name) {
  const [character, width] = MARKS[name];
  const mark = character.repeat(width);
  const around = runAround(value, { start: at, end: at }, character);
  if (isOn(name, around)) return { from: at - width, to: at + width, text: "", start: at - width, end: at - width };
  if (run(value, at, character, 1) >= width && value.slice(lineStart(value, at), at).includes(mark)) {
    return { from: at, to: at, text: "", start: at + width, end: at + width };
  }
  return { from: at, to: at, text: mark + mark, start: at + width, end: at + width };
}

// The word that the caret is in.
function wordAt(value, at) {
  let [start, end] = [at, at];
  while (start > 0 && IN_WORD.test(value[start - 1])) start -= 1;
  while (end < value.length && IN_WORD.test(value[end])) end += 1;
  return start < at && at < end ? { start, end } : null;
}

function toggleMark(state, name) {
  const { value, start, end } = state;
  const [character, width] = MARKS[name];
  const word = start === end ? wordAt(value, start) : null;
  if (start === end && !word) return markCaret(state, name);
  const parts = word ? [word] : partsOf(state, character);
  if (!parts.length) return { from: start, to: end, text: value.slice(start, end), start, end };
  const lengths = parts.map((part) => runAround(value, part, character));
  const takesAway = lengths.every((length) => isOn(name, length));
  const reach = Math.max(...lengths); // marks beside the selection belong to what is replaced
  const from = Math.min(start, parts[0].start - (takesAway ? reach : 0));
  const to = Math.max(end, parts.at(-1).end + (takesAway ? reach : 0));
  let [text, at] = ["", from];
  const mark = character.repeat(width);
  const places = [];
  for (const [place, part] of parts.entries()) {
    const isMarked = isOn(name, lengths[place]);
    const [before, after] = takesAway ? [part.start - width, part.end + width] : [part.start, part.end];
    text += value.slice(at, before) + (takesAway || isMarked ? "" : mark);
    places.push(from + text.length);
    text += value.slice(part.start, part.end);
    places.push(from + text.length);
    text += takesAway || isMarked ? "" : mark;
    at = after;
  }
  text += value.slice(at, to);
  const caret = word && places[0] + start - word.start;
  return { from, to, text, start: caret ?? places[0], end: caret ?? places.at(-1) };
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;

// Whether a place is between the lines of a code block.
function isInFence(value, at) {
  let fence = null;
  for (const line of value.slice(0, lineStart(value, at)).split("\n")) {
    const marks = FENCE.exec(line)?.[1];
    if (!fence) fence = marks ?? null;
    else if (marks?.startsWith(fence)) fence = null;
  }
  return fence !== null;
}

// Lines become a code block, or stop being one.
function toggleFence({ value, start, end }) {
  const [from, to] = [lineStart(value, start), lineEnd(value, end)];
  const code = value.slice(from, to);
  const before = /(?:^|\n)(`{3,})[^\n`]*\n$/.exec(value.slice(0, from));
  const after = /^\n`{3,}(?=\n|$)/.exec(value.slice(to));
  if (before && after) {
    const first = from - before[0].replace(/^\n/, "").length;
    return { from: first, to: to + after[0].length, text: code, start: first, end: first + code.length };
  }
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return {
    from,
    to,
    text: `${fence}\n${code}\n${fence}`,
    start: from + fence.length + 1,
    end: from + fence.length + 1 + code.length,
  };
}

const toggleCode = (state) =>
  state.value.slice(state.start, state.end).includes("\n") ? toggleFence(state) : toggleMark(state, "code");

parley.marks = { lineStart, lineEnd, isInFence, toggleMark, toggleCode };
