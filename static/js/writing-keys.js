// What the keys and buttons for formatting do in a field.

const { marks } = parley;
const stateOf = ({ value, selectionStart, selectionEnd }) => ({ value, start: selectionStart, end: selectionEnd });
const FORMATS = {
  bold: (state) => marks.toggleMark(state, "bold"),
  italic: (state) => marks.toggleMark(state, "italic"),
  strike: (state) => marks.toggleMark(state, "strike"),
  spoiler: (state) => marks.toggleMark(state, "spoiler"),
  code: marks.toggleCode,
  bullets: (state) => marks.toggleLines(state, "bullets"),
  tasks: (state) => marks.toggleLines(state, "tasks"),
  numbers: (state) => marks.toggleLines(state, "numbers"),
  quote: (state) => marks.toggleLines(state, "quote"),
};

// Whether there was something to do.
function apply(field, edit) {
  if (edit) parley.replaceText(field, edit);
  return Boolean(edit);
}

parley.writing = {
  format: (field, name) => apply(field, FORMATS[name](stateOf(field))),
  startLine: (field) => apply(field, marks.newLine(stateOf(field))),
  indent: (field, isBack) => apply(field, marks.indent(stateOf(field), isBack)),
};
