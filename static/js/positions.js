// The last places of this page, so that Back and Forward lead to them as they were left: how far each list was
// scrolled, what was typed into forms, and where the caret was. Of places that follow what happens, such as
// conversations, their HTML too, with the cursor from which the stream brings what they lack. Others are loaded again.
// All of it is in memory, so it is gone with the page, and when somebody else signs in or the person signs out.

const MOST = 10;
const positions = new Map(); // the key of an entry of the history -> the position
const COLUMNS = "#main, #panel";
const FIELDS = "textarea, select, input:not([type=hidden], [type=file], [type=password])";

const all = (selector) => [...document.querySelectorAll(COLUMNS)].flatMap((one) => [...one.querySelectorAll(selector)]);
const isTicked = ({ type }) => ["checkbox", "radio"].includes(type);

// Without what the scripts add for the moment, and without drafts, which the tab stores: they may be sent before the place
// is shown again. htmx marks what it has processed, and would pass it over.
function htmlOf(selector) {
  const copy = document.querySelector(selector).cloneNode(true);
  for (const part of copy.querySelectorAll(".outgoing-message, .slot [popover], .uploads, .draft-note")) part.remove();
  for (const field of parley.drafts.fields(copy)) {
    field.textContent = "";
    delete field.dataset.addsToDraft;
  }
  for (const part of [copy, ...copy.querySelectorAll("[data-htmx-powered], [aria-busy], .htmx-request")]) {
    part.removeAttribute("data-htmx-powered");
    part.removeAttribute("aria-busy");
    part.classList.remove("htmx-request");
  }
  return copy;
}

function placeHtml() {
  const title = document.createElement("title");
  title.textContent = parley.title();
  const part = (target, swap, html) => `<hx-partial hx-target="${target}" hx-swap="${swap}">${html}</hx-partial>`;
  return [
    title.outerHTML,
    part("#stream", "innerHTML settle:0ms", htmlOf("#stream").innerHTML),
    part("#main", "outerSync", htmlOf("#main").outerHTML),
    part("#panel", "innerHTML settle:0ms", htmlOf("#panel").innerHTML),
  ].join("");
}

// A field remembers its caret while the focus is elsewhere, on the link that was clicked.
const stateOf = (field) => ({
  name: field.name,
  value: field.value,
  checked: field.checked,
  caret: field.matches("textarea") && [field.selectionStart, field.selectionEnd],
});

parley.positions = {
  save(key) {
    const isLive = document.querySelector("#cursor, #list");
    positions.delete(key);
    positions.set(key, {
      text: isLive ? placeHtml() : null,
      scrolls: all(".scroll").map(({ scrollTop }) => scrollTop),
      fields: all(FIELDS).map(stateOf),
      focused: all(FIELDS).indexOf(document.activeElement),
    });
    if (positions.size > MOST) positions.delete(positions.keys().next().value);
  },

  of: (key) => positions.get(key),

  // Returns the field in which the person was writing, if any.
  restore({ scrolls, fields, focused }) {
    for (const [index, field] of all(FIELDS).entries()) {
      const { name, value, checked, caret } = fields[index] ?? {};
      if (name !== field.name) continue;
      if (isTicked(field)) field.checked = checked;
      else if (!parley.drafts.has(field) && field.value !== value) field.value = value; // composer.js fills in the drafts
      if (caret) field.setSelectionRange(...caret);
    }
    for (const [index, view] of all(".scroll").entries()) view.scrollTop = scrolls[index] ?? view.scrollTop;
    return all(FIELDS)[focused];
  },
};

document.addEventListener("viewer", () => positions.clear());
