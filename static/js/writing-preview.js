// The preview of what one writes, as the server renders it, in place of the field. The same key or Esc leads back.

// The addresses of all forms to write in end in what they do: /conversations/7/send/, /messages/9/reply/.
const addressFor = (form) => form.getAttribute("action").replace(/[a-z]+\/$/, "preview/");
const texts = document.querySelector("#texts").dataset;

function close(form, hasFocus = true) {
  const preview = form.querySelector(".preview");
  if (!preview) return false;
  preview.remove();
  form.querySelector(".composer-fields").classList.remove("previewed");
  form.querySelector("[data-format='preview']")?.setAttribute("aria-pressed", "false");
  if (hasFocus) form.elements.content.focus({ preventScroll: true });
  return true;
}

async function load(form, value) {
  const { revision } = form.elements; // of an edit
  const body = new URLSearchParams({ content: value, ...(revision && { revision: revision.value }) });
  try {
    const response = await fetch(addressFor(form), { method: "POST", headers: parley.partHeaders(), body });
    const found = new DOMParser().parseFromString(await response.text(), "text/html").querySelector(".preview");
    if (found) return document.adoptNode(found);
    throw new Error(response.status);
  } catch {
    const failed = Object.assign(document.createElement("p"), { className: "preview errors", tabIndex: 0 });
    failed.textContent = texts.unreachable;
    return failed;
  }
}

async function open(form) {
  const field = form.elements.content;
  const { value } = field;
  if (!value.trim()) return;
  const preview = await load(form, value);
  if (!form.isConnected || field.value !== value || form.querySelector(".preview")) return;
  const fields = form.querySelector(".composer-fields");
  const hadFocus = form.contains(document.activeElement);
  fields.classList.add("previewed");
  fields.prepend(preview);
  form.querySelector("[data-format='preview']")?.setAttribute("aria-pressed", "true");
  if (hadFocus) preview.focus({ preventScroll: true });
}

const toggle = (form) => close(form) || open(form);

document.addEventListener(
  "keydown",
  (event) => {
    const preview = event.target.closest?.(".preview");
    if (!preview || !(event.key === "Escape" || parley.isPreviewKey(event))) return;
    event.preventDefault();
    event.stopPropagation();
    close(preview.closest("form"));
  },
  { capture: true },
);
// What is refused is shown in its field.
document.addEventListener("submit", ({ target }) => target.querySelector(".preview") && close(target, false), { capture: true });

Object.assign(parley.formatting, { preview: (field) => toggle(field.form), closePreview: close });
