// What the styles of the whole page depend on stands at `.shell`, as the server writes it for a new page.

const shell = document.querySelector(".shell");

function mark() {
  const has = (selector) => Boolean(document.querySelector(selector));
  shell.toggleAttribute("data-shows-list", has('#main[data-view="list"]'));
  shell.toggleAttribute("data-shows-archived", has(".bar-title[data-archived]"));
}

if (shell) for (const name of ["htmx:after:swap", "arrived"]) document.addEventListener(name, mark);
