// The sidebar's sections. Folding shows at once, and the server keeps it.

const sidebar = () => document.querySelector("#sidebar");

// Asks for the sidebar, or for a change, to which the answer is the sidebar as it is then. Each request waits for the
// one before: htmx would drop a third one. A GET is not needed while something waits, whose answer is newer.
const waiting = []; // the methods of the requests that wait
let underWay; // the method of the request that was sent and is not answered
let last = Promise.resolve();
parley.askForSidebar = (method, address, values, undo) => {
  if (method === "GET" && waiting.length) return;
  const ask = () => {
    underWay = waiting.shift();
    const all = { ...values, current: sidebar().dataset.current };
    const answer = htmx.ajax(method, address, { values: all, undo, source: "#sidebar", target: "#sidebar", swap: "outerMorph" });
    return answer.finally(() => (underWay = undefined));
  };
  waiting.push(method);
  last = last.then(ask, ask);
  return last;
};

// No answer shows the sidebar without a change that waits, nor another one's without the change that is under way: it would
// undo it for a moment.
const isSidebar = ({ target }) => /^#?sidebar$/.test(target?.id ?? target);
document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  if (![...waiting, !isSidebar(ctx) && underWay].includes("POST")) return;
  tasks.splice(0, tasks.length, ...tasks.filter((task) => !isSidebar(task)));
});

// Where a conversation stands.
parley.arrange = (id, values) =>
  parley.askForSidebar("POST", document.querySelector("#row-menu").dataset.arrange.replace("/0/", `/${id}/`), values);

function fold(button, isFolded) {
  button.closest(".sidebar-section").toggleAttribute("data-folded", isFolded);
  button.ariaExpanded = String(!isFolded);
  button.name = isFolded ? "unfold" : "fold";
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.id !== "arrange" || !submitter.matches(".section-fold")) return;
  event.preventDefault();
  const { name, value } = submitter;
  const isFolded = name === "fold";
  fold(submitter, isFolded);
  parley.askForSidebar("POST", form.getAttribute("action"), { [name]: value }, () => fold(submitter, !isFolded));
});
