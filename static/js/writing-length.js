// Near the limit of a message's length: how much is left, or too much. What is too long can be sent as a text file
// instead: what was pasted last, if it is unchanged, otherwise the whole text. It happens only when a button is pressed.

const NEAR = 500;
const STEP = 100; // how often a screen reader is told
const template = document.querySelector("#length-line");
const pasted = new WeakMap(); // field -> the text that was pasted last

const lineOf = (field) => field.form.querySelector(".length-line");
const limitOf = (field) => Number(field.dataset.limit);

// As the server counts: in characters, without the space at the end.
const lengthOf = ({ value }) => [...value.trimEnd()].length;

function show(line, count, text) {
  const [visible, spoken] = line.querySelectorAll(".length, [role='status']");
  visible.textContent = text.replace("{count}", Math.abs(count).toLocaleString(document.documentElement.lang));
  line.classList.toggle("over", count < 0);
  const step = Math.floor(count / STEP);
  if (spoken.step !== step) spoken.textContent = visible.textContent;
  spoken.step = step;
}

function update(field) {
  const limit = limitOf(field);
  const line = lineOf(field);
  const left = field.value.length > limit - NEAR ? limit - lengthOf(field) : limit;
  if (left > NEAR) return line?.remove();
  const shown = line ?? template.content.firstElementChild.cloneNode(true);
  if (!line) field.form.querySelector(".composer-fields").after(shown);
  show(shown, left, left < 0 ? shown.dataset.over : shown.dataset.left);
  shown.querySelector("button").hidden = left >= 0 || !field.form.querySelector(".attach");
}

async function sendAsFile(field) {
  const { value } = field;
  const part = pasted.get(field);
  const isThere = part && value.includes(part) && lengthOf({ value: value.replace(part, "") }) <= limitOf(field);
  const text = isThere ? part : value;
  const uploads = await parley.loadUploads();
  if (!uploads || field.value !== value) return; // something was typed meanwhile: the button is still there
  uploads.add(field.form, [new File([text], template.dataset.name, { type: "text/plain" })]);
  const from = value.indexOf(text);
  parley.replaceText(field, { from, to: from + text.length, text: "", start: from });
}

const isCounted = (field) => field.matches?.("[data-enter-sends] textarea[data-limit]");

document.addEventListener("paste", ({ target, clipboardData }) => {
  if (isCounted(target)) pasted.set(target, clipboardData.getData("text/plain").replace(/\r\n?/g, "\n"));
}, true);
document.addEventListener("input", ({ target }) => isCounted(target) && update(target));
document.addEventListener("click", ({ target }) => {
  const button = target.closest(".length-line button");
  if (button) sendAsFile(button.form.elements.content);
});
for (const name of ["submit", "htmx:after:swap"]) {
  document.addEventListener(name, () => {
    for (const line of document.querySelectorAll(".length-line")) update(line.closest("form").elements.content);
  });
}
for (const field of document.querySelectorAll("[data-enter-sends] textarea[data-limit]")) update(field);
