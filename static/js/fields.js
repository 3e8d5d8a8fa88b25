// Shared by the modules: the caret, the focus and input methods in text fields, and the words of an element.

// Puts the caret after the text. A field that the page or a response fills has it before the text.
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

// The text of an element as it is heard: the names of its custom emoji, and of its spoilers in place of what they hide.
parley.words = (element) => {
  const copy = element.cloneNode(true);
  for (const emoji of copy.querySelectorAll(".custom-emoji")) emoji.replaceWith(emoji.alt);
  for (const spoiler of copy.querySelectorAll(".spoiler")) spoiler.replaceWith(spoiler.title);
  return copy.textContent.trim();
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
