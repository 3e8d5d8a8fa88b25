// An answer may arrive after something newer has. No part of the page is ever replaced by an older state of itself.
// A message knows its version, and that of everybody's names. Other parts carry `data-as-of`: the epoch of the
// site, and version numbers that were read before what they show. The last of these counts only if the others
// are equal.

const PARTS = ".message[data-version], [data-as-of]";

const epochOf = ({ dataset }) => (dataset.asOf ?? dataset.cursor).split(".")[0];
// A cursor ends with its language, which is no version.
const numbersOf = ({ dataset }) => dataset.asOf.split(".").slice(1).map(Number).filter((number) => !Number.isNaN(number));

const VERSIONS = ["version", "names"];
const isSame = (part, shown) => part.matches(".message") && VERSIONS.every((name) => part.dataset[name] === shown.dataset[name]);

function isOlder(part, shown) {
  if (part.matches(".message")) {
    return VERSIONS.some((name) => Number(part.dataset[name]) < Number(shown.dataset[name]));
  }
  const [numbers, others] = [numbersOf(part), numbersOf(shown)];
  const last = numbers.length - 1;
  const first = numbers.findIndex((number, place) => number !== others[place]);
  return first === last ? numbers[last] < others[last] : numbers.some((number, place) => place < last && number < others[place]);
}

// The same part on the page. A message stands alone in an answer that changes it where it is.
function shownAs(part, target) {
  const row = part.matches(".message") && part.closest(".row[id]");
  if (row) return document.querySelector(`#${row.id} > .message`);
  const shown = part.id ? document.getElementById(part.id) : target;
  return shown?.matches?.(PARTS) ? shown : null;
}

// The stream also brings what the answer to one's own act has shown already. That stays too: it may have the focus, be
// selected, or be pressed at this moment.
function keepNewer({ fragment, target, swapSpec }, isStream) {
  const one = typeof target === "string" ? document.querySelector(target) : target;
  for (const part of fragment.querySelectorAll(PARTS)) {
    const shown = fragment.contains(part) && shownAs(part, one);
    if (!shown || !(isOlder(part, shown) || (isStream && isSame(part, shown)))) continue;
    if (shown === one) return false;
    if (swapSpec?.style === "upsert") part.closest(".row").remove();
    else part.replaceWith(shown.cloneNode(true));
  }
  return true;
}

// After a restored backup all numbers may be smaller. They are of another epoch then.
const isOfOtherEpoch = ({ fragment }) =>
  [...fragment.querySelectorAll("[data-as-of], #cursor")].some((part) => {
    const shown = document.getElementById(part.id);
    return shown && epochOf(part) !== epochOf(shown);
  });

// A list that was asked for before it was another one, for example with one of its groups opened.
const isOfOtherList = ({ sourceElement, request }) =>
  sourceElement?.matches("[data-renewed][hx-get]") && sourceElement.getAttribute("hx-get") !== request.action;

document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  if (ctx.isPlace) return; // other parts, which happen to have the same ids
  if (isOfOtherList(ctx)) return event.preventDefault();
  const swaps = tasks.filter(({ fragment }) => fragment?.querySelectorAll);
  if (swaps.some(isOfOtherEpoch)) return;
  tasks.splice(0, tasks.length, ...tasks.filter((task) => !swaps.includes(task) || keepNewer(task, ctx.sourceElement?.id === "live")));
});
