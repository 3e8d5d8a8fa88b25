// The number before the tab's title follows the list, which says how much is unread.

const total = () => document.querySelector("#sidebar")?.dataset.total;
const numbered = (title) => (total() ? `(${total()}) ` : "") + title;
const title = document.title.slice(numbered("").length);

for (const name of ["htmx:after:swap", "counted"]) {
  document.addEventListener(name, () => {
    document.title = numbered(title);
  });
}
