// The number in the tab's title: how much is unread, from the sidebar.

const total = () => document.querySelector("#sidebar")?.dataset.total;
const numbered = (title) => (total() ? `(${total()}) ` : "") + title;
const title = document.title.slice(numbered("").length);

for (const name of ["htmx:after:swap", "counted"]) {
  document.addEventListener(name, () => {
    document.title = numbered(title);
  });
}
