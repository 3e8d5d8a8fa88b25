// What a pasted text becomes: an address on a selection a link, cells of a spreadsheet a table, rich text Markdown.

const { pasting } = parley;
const ADDRESS = /^https?:\/\/[^\s()<>]+$/i;

// Lines of a spreadsheet: the same number of tabs in each, and not the indentation of code.
function cellsOf(plain) {
  const lines = plain.replace(/\n$/, "").split("\n");
  const rows = lines.map((line) => line.split("\t"));
  const isTable = lines.length > 1 && rows.every((row) => row.length > 1 && row.length === rows[0].length);
  return isTable && !lines.some((line) => line.startsWith("\t") && line.trim() === line.slice(1)) && rows[0][0] ? rows : null;
}

function alone(text, { value, start, end }) {
  const before = start > parley.marks.lineStart(value, start) ? "\n\n" : "";
  const after = end < parley.marks.lineEnd(value, end) ? "\n\n" : "";
  return before + text + after;
}

// Null if the text stays plain.
function converted(before, { plain, html }) {
  const { value, start, end } = before;
  if (parley.marks.isInFence(value, start)) return null;
  const selected = value.slice(start, end);
  const address = plain.trim();
  if (ADDRESS.test(address) && selected.trim() && !/\n/.test(selected) && !ADDRESS.test(selected.trim())) {
    return `[${selected.replace(/[[\]]/g, "\\$&")}](${address})`;
  }
  const markdown = html && pasting.markdownOf(html);
  if (markdown) return /^(?:\||```|[-*>] |\d+\. )/.test(markdown) ? alone(markdown, before) : markdown;
  const cells = html ? null : cellsOf(plain);
  return cells && cells.flat().length <= 1_500 ? alone(pasting.table(cells), before) : null;
}

// `before` is what was in the field, and selected, when the text was pasted.
pasting.convert = (field, before, pasted) => {
  const [from, to] = [before.start, before.start + pasted.plain.length];
  const isUntouched = field.isConnected && field.value.slice(from, to) === pasted.plain && field.selectionEnd === to;
  const text = isUntouched && converted(before, pasted);
  if (text) parley.replaceText(field, { from, to, text, start: from + text.length });
};
