// Reactions. A press on an emoji below a message sets one's own, or takes it back if it is there: the server has an
// address for each, so that a press that comes twice does no harm. All emoji are in a picker; its script is loaded on use.

const { viewer } = document.body.dataset;
const isMine = (reaction) => reaction.dataset.by.split(" ").includes(viewer);

// Sends a change of what hangs on a message. The row stays when the message in it is replaced.
parley.changeMessage = (row, verb, values, more = {}) => {
  const address = row.querySelector(":scope > .message .moment").getAttribute("href");
  const target = row.querySelector(":scope > .slot");
  return htmx.ajax("POST", `${address}${verb}/`, { source: row, target, swap: "none", values, ...more });
};
parley.react = (row, emoji, verb = "react", more = {}) => parley.changeMessage(row, verb, { emoji }, more);

document.addEventListener("click", (event) => {
  const reaction = event.target.closest(".reaction[data-by]");
  if (!reaction || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (reaction.ariaBusy) return;
  reaction.ariaBusy = "true";
  const emoji = new URL(reaction.href).searchParams.get("emoji");
  parley.react(reaction.closest(".row"), emoji, isMine(reaction) ? "unreact" : "react").finally(() => {
    reaction.ariaBusy = null; // it is still there if the server refused
  });
});

// "+:tada:" in a field is a reaction (emoji.js), unless it stands beside files, or in the inbox.
const TYPED = /^\+ ?(:[a-z0-9_+-]{1,40}:|\p{Extended_Pictographic}\S{0,10})$/u;
const emojiScript = () => import(document.querySelector("#texts").dataset.emojiScript);

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const [, emoji] = (form.matches(".composer, .reply-form") && TYPED.exec(form.elements.content.value.trim())) || [];
    if (!emoji || form.querySelector(".upload") || !form.closest(".panel, .main[data-conversation]")) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // it is not sent
    emojiScript().then((script) => script.reactTo(form, emoji), () => parley.showError(document.querySelector("#texts").dataset.unreachable));
  },
  { capture: true },
);

async function preparePicker() {
  const picker = document.querySelector(".emoji-picker:not([data-ready])");
  if (!picker) return;
  picker.dataset.ready = "";
  (await emojiScript()).prepare(picker);
}

preparePicker();
for (const name of ["htmx:after:swap", "arrived"]) document.addEventListener(name, preparePicker);
