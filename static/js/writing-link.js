// A link is made in place: a line below the field asks for its address. Enter makes the link, Escape closes the line. If
// the selection is a link already, or the caret is in one, its address is changed; without an address it is no link.

const LINK = /\[((?:\\.|[^\]\\\n])*)\]\((\S*?)\)/g;
const line = document.querySelector("#link-line");

function linkAt({ value, selectionStart, selectionEnd }) {
  for (const { 0: whole, 1: text, 2: address, index } of value.matchAll(LINK)) {
    if (index <= selectionStart && selectionEnd <= index + whole.length && (selectionStart > index || selectionEnd > index)) {
      return { from: index, to: index + whole.length, text, address };
    }
  }
  return null;
}

const isAddress = (text) => /^(?:https?:\/\/|mailto:)\S+$/i.test(text);

// What a person types as an address, with its scheme, and without what would end the link.
function normal(typed) {
  const address = typed.trim();
  const whole = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(address) ? address : /^[^\s@/]+@[^\s@/]+$/.test(address) ? `mailto:${address}` : `https://${address}`;
  return whole.replace(/[\s()<>]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`);
}

function open(field) {
  const form = field.form;
  form.querySelector(".link-line")?.remove();
  const { selectionStart: from, selectionEnd: to, value } = field;
  const selected = value.slice(from, to).replace(/\s*\n\s*/g, " "); // a link is in one line
  const link = linkAt(field) ?? (isAddress(selected) ? { from, to, text: "", address: selected } : { from, to, text: selected, address: "" });
  const ask = line.content.firstElementChild.cloneNode(true);
  const input = ask.querySelector("input");
  input.value = link.address;

  const close = () => {
    ask.remove();
    if (field.isConnected) field.focus({ preventScroll: true });
  };
  const make = () => {
    const address = input.value.trim();
    close();
    if (field.value !== value) return field.setSelectionRange(from, to); // it was sent, or changed elsewhere
    const text = address ? `[${link.text}](${normal(address)})` : link.text || link.address;
    const caret = address && !link.text ? link.from + 1 : link.from + text.length;
    parley.replaceText(field, { ...link, text, start: caret });
  };
  ask.addEventListener("keydown", (event) => {
    if (parley.isComposing(event)) return;
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target === input) make();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  ask.querySelector("[data-make]").addEventListener("click", make);
  ask.querySelector("[data-cancel]").addEventListener("click", close);
  form.querySelector(".composer-fields").after(ask);
  input.focus();
  input.select();
}

parley.formatting = { link: open };
