// Shared by the modules: the caret, the focus and input methods in text fields.

// Puts the caret behind the text. A field that the page or a response fills has it before the text.
parley.caretToEnd = (field) => {
  if (!field.value) return; // where the rest is would have to be computed
  field.setSelectionRange(field.value.length, field.value.length);
  field.scrollTop = field.scrollHeight;
};

parley.focusAtEnd = (field) => {
  field.focus({ preventScroll: true });
  parley.caretToEnd(field);
};

// Whether a key belongs to an input method, such as the Enter that confirms a word or the Escape that discards one.
// Safari reports the end of the composition before that key, which then has only the old code for such keys.
parley.isComposing = (event) => event.isComposing || event.keyCode === 229;

// The composer of a column, if one can write in it.
parley.composerIn = (column) => {
  const field = column?.querySelector(".composer textarea");
  return field?.checkVisibility() ? field : null;
};

// Replaces a part of the text as if it was typed, so that it can be undone by itself.
parley.replaceText = (field, { from, to, text, start, end = start }) => {
  const { value } = field;
  field.focus({ preventScroll: true });
  if (value.slice(from, to) !== text) {
    field.setSelectionRange(0, 0); // what was typed before is a step of its own
    field.setSelectionRange(from, to);
    if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
      field.setRangeText(text, from, to, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  field.setSelectionRange(start, end);
};
