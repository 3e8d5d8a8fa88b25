// The sidebar's sections. Folding shows at once, and the server keeps it.

const sidebar = () => document.querySelector("#sidebar");

// Asks for a change, to which the answer is the sidebar as it is then.
function change(address, values) {
  const all = { ...values, current: sidebar().dataset.current };
  return htmx.ajax("POST", address, { values: all, source: "#sidebar", target: "#sidebar", swap: "outerMorph" });
}

// Where a conversation stands.
parley.arrange = (id, values) => change(document.querySelector("#row-menu").dataset.arrange.replace("/0/", `/${id}/`), values);

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.id !== "arrange" || !submitter.matches(".section-fold")) return;
  event.preventDefault();
  const { name, value } = submitter;
  const isFolded = name === "fold";
  submitter.closest(".sidebar-section").toggleAttribute("data-folded", isFolded);
  submitter.ariaExpanded = String(!isFolded);
  submitter.name = isFolded ? "unfold" : "fold";
  change(form.getAttribute("action"), { [name]: value });
});
