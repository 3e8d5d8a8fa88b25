// Who gets no notification of a mention, since they are not in the conversation, is said above the buttons of the form,
// with a link to where they can be added, if the person may. It is gone when the name is, or when the message is sent.

const { completion } = parley;
const list = document.querySelector("#completion");
const notesOf = (form) => form.querySelectorAll(".completion-note");

completion.warn = (field, option) => {
  const { text, outside, add } = option.dataset;
  for (const note of notesOf(field.form)) if (note.dataset.text === text) note.remove();
  const note = Object.assign(document.createElement("p"), { className: "completion-note", role: "status" });
  note.dataset.text = text;
  field.form.querySelector(".composer-fields").after(note);
  note.append(list.dataset.outside.replace("{name}", () => option.querySelector(".going-name").textContent));
  if (add) {
    const href = `${add}?people=${outside}#add`;
    note.append(" ", Object.assign(document.createElement("a"), { className: "link", href, textContent: list.dataset.add }));
  }
};

document.addEventListener("input", ({ target }) => {
  if (!target.matches?.("[data-enter-sends] textarea")) return;
  for (const note of notesOf(target.form)) if (!target.value.toLowerCase().includes(note.dataset.text)) note.remove();
});
document.addEventListener("submit", ({ target }) => notesOf(target).forEach((note) => note.remove()));
