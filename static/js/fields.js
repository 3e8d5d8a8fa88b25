// What several modules need of the fields in which people write.

// Focuses a field with the caret behind the text. A field that the page or a response fills has it before the text.
parley.focusAtEnd = (field) => {
  field.focus({ preventScroll: true });
  field.setSelectionRange(field.value.length, field.value.length);
};
