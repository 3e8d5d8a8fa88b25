// Buttons that copy: the text of a field, a block of code, a message that was not sent, the link of a message. Each says
// that it did, on itself and in a notice, which screen readers read. Where the browser refuses, the notice has the
// text, selected, to be copied by hand.

const texts = () => document.querySelector("#texts")?.dataset ?? {};

// What a button copies.
const SOURCES = {
  "[data-copies]": ({ dataset }) => document.querySelector(dataset.copies).value,
  "[data-copies-code]": (button) => button.nextElementSibling.textContent.replace(/\n$/, ""),
  "[data-copies-message]": (button) => button.closest("form").message.content,
  "[data-copies-link]": ({ dataset }) => new URL(dataset.copiesLink, location.href).href,
};

// Over plain http browsers have no `navigator.clipboard`.
function copySelected(text) {
  const field = document.createElement("textarea");
  const focused = document.activeElement;
  field.className = "sr-only";
  field.value = text;
  document.body.append(field);
  field.focus({ preventScroll: true });
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  return isCopied;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

// Copies a text, and says in a notice that it did. Returns whether it could.
parley.copy = async (text, said = texts().copied) => {
  const isCopied = await copy(text);
  if (isCopied) parley.notice(said);
  else parley.notice(texts().notCopied, text);
  return isCopied;
};

document.addEventListener("click", async ({ target }) => {
  const selector = Object.keys(SOURCES).find((one) => target.closest(one));
  if (!selector) return;
  const button = target.closest(selector);
  const text = SOURCES[selector](button);
  const isLink = selector === "[data-copies-link]";
  button.closest("[popover]")?.hidePopover();
  const isCopied = await parley.copy(text, isLink ? texts().linkCopied : undefined);
  if (isCopied && !isLink) button.textContent = button.dataset.copied;
});
