// What is begun before the caret of a field: an @ with a part of a name, a # with one of a room's, a colon with a part of an
// emoji's name, or a slash at the start with a part of a command's. Only where the server would see one, too
// (messaging/text/mentions.py, room_names.py, emoji.py, commands.py): not in code, words, addresses or paths.

const LONGEST = 64; // characters before the caret that are looked at
const UNSPACED = ["Han", "Hiragana", "Katakana", "Hangul", "Thai", "Lao", "Myanmar", "Khmer"];
const BEFORE = `(?:^|[^\\p{L}\\p{M}\\p{N}_@.:/\\\\]|[${UNSPACED.map((script) => `\\p{Script=${script}}`).join("")}])`;
const SIGNS = [
  ["@", new RegExp(`${BEFORE}@([\\p{L}\\p{M}\\p{N}_.-]{0,40})$`, "u")],
  ["#", new RegExp(`${BEFORE}(?<![#&])#([\\p{L}\\p{M}\\p{N}_.-]{1,40})$`, "u")],
  ["/", /^\/([a-z]{0,20})$/i],
  [":", new RegExp(`${BEFORE}:([a-z][a-z0-9_+-]{1,39}|[+-]1)$`, "iu")],
];
const INSIDE_WORD = /^[\p{L}\p{N}_]/u; // after the caret
const OPENS_FENCE = /^\s*(`{3,})[^`]*$|^\s*(~{3,})\s*\w*\s*$|^[^`]*[^`\s\\]\s*(`{3,})\s*$/;
const CODE_SPAN = /(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g;
const QUOTE = /^ {0,3}>/;
const INDENTED = /^(?: {4}|\t)/;

const endsFence = (line, marks) => line.trim().startsWith(marks) || (marks[0] === "`" && line.trim().endsWith(marks));

// Whether the end of this text is in a code block, or after a ` that is still open.
function endsInCode(text) {
  let marks = null;
  let paragraph = [];
  for (const line of text.split("\n")) {
    const opening = !marks && OPENS_FENCE.exec(line);
    if (opening) marks = opening.slice(1).find(Boolean);
    else if (marks && endsFence(line, marks)) {
      marks = null;
      paragraph = [line.slice(line.lastIndexOf("`") + 1)];
    } else if (line.trim()) paragraph.push(line);
    else paragraph = [];
  }
  const rest = paragraph.join("\n").replaceAll("\\`", "").replaceAll(CODE_SPAN, "");
  return Boolean(marks) || rest.includes("`") || (paragraph.length === 1 && INDENTED.test(paragraph[0]));
}

// The sign, what is typed after it, and where both are; null if nothing is begun.
function tokenAt({ selectionStart: end, selectionEnd, value, form }) {
  if (end !== selectionEnd || INSIDE_WORD.test(value.slice(end, end + 2))) return null;
  const text = value.slice(0, end);
  for (const [sign, pattern] of SIGNS) {
    const typed = pattern.exec(text.slice(-LONGEST))?.[1];
    if (typed === undefined || (sign === "/" && !form.matches(".composer, .reply-form"))) continue;
    const isQuoted = sign === "@" && QUOTE.test(text.slice(text.lastIndexOf("\n") + 1)); // it mentions nobody
    return isQuoted || endsInCode(text) ? null : { sign, typed, start: end - typed.length - 1, end };
  }
  return null;
}

parley.completion = { tokenAt };
