// Reactions. A press on an emoji below a message sets one's own, or takes it back if it is there: the server has an
// address for each, so that a press that comes twice does no harm. All emoji are in a picker; its script is loaded on use.

const { viewer } = document.body.dataset;
const isMine = (reaction) => reaction.dataset.by.split(" ").includes(viewer);

// Sends a change of what hangs on a message, when the one before is answered: htmx would drop a third one. The row
// stays when the message in it is replaced, but may be gone by then.
const changes = {}; // the last of each message, by its address
parley.changeMessage = (row, verb, values, more) => {
  const address = row.querySelector(":scope > .message .moment").getAttribute("href");
  const send = () => {
    const source = row.isConnected ? row : document.body;
    return htmx.ajax("POST", `${address}${verb}/`, { source, target: "#stream", swap: "none", values, ...more });
  };
  changes[address] = Promise.resolve(changes[address]).then(send, send);
  return changes[address];
};
parley.react = (row, emoji, verb = "react", more) => parley.changeMessage(row, verb, { emoji }, more);

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
const emojiScript = () => parley.load(document.querySelector("#texts").dataset.emojiScript);

// The row of the message that is meant; undefined if the newest one is not on the page.
function rowFor(form) {
  if (form.matches(".reply-form")) return form.closest(".row");
  const column = form.closest(".main, .panel");
  if (column.querySelector(".more.newer")) return undefined;
  const rows = [...column.querySelectorAll(".row[id]:has(> .message:not(.removed))")];
  const seqOf = ({ firstElementChild: message }) => Number(message.dataset.seq);
  return rows.reduce((newest, row) => (!newest || seqOf(row) > seqOf(newest) ? row : newest), undefined);
}

// Reacts to the message that is meant now: the one that is answered, else the newest. What arrives while the script
// loads does not change that. What is typed meanwhile stays in the field, unsent.
async function reactTo(form, emoji) {
  const row = rowFor(form);
  const typed = form.elements.content.value;
  form.reacting = typed;
  form.ariaBusy = "true";
  try {
    const script = await emojiScript();
    // The list may have been loaded again meanwhile.
    await script?.reactTo(form, row && document.getElementById(row.id), emoji, typed);
  } finally {
    delete form.reacting;
    form.ariaBusy = null;
  }
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const [, emoji] = (form.matches(".composer, .reply-form") && TYPED.exec(form.elements.content.value.trim())) || [];
    const isReaction = emoji && !form.querySelector(".upload") && form.closest(".panel, .main[data-conversation]");
    const isUnderWay = form.reacting && form.elements.content.value.startsWith(form.reacting);
    if (!isReaction && !isUnderWay) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // it is not sent
    if (!form.reacting) reactTo(form, emoji);
  },
  { capture: true },
);

// Once for each picker. If its script cannot be loaded, a key in its search tries again.
function prepare(picker) {
  if (picker) picker.ready ??= emojiScript().then((script) => script?.prepare(picker));
}
const preparePicker = () => prepare(document.querySelector(".emoji-picker:not([data-ready])"));

preparePicker();
for (const name of ["htmx:after:swap", "arrived"]) document.addEventListener(name, preparePicker);
document.addEventListener("input", async ({ target }) => {
  const picker = target.closest?.(".emoji-picker:not([data-ready])");
  const ready = picker?.ready;
  await ready;
  if (!picker || "ready" in picker.dataset || picker.ready !== ready) return;
  delete picker.ready;
  prepare(picker);
});
