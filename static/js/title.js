// The tab's title: how much is unread, from the sidebar, and what the conversation is called, also after a rename.

const total = () => document.querySelector("#sidebar")?.dataset.total;
const numbered = (title) => (total() ? `(${total()}) ` : "") + title;
const heading = () => document.querySelector("#conversation-title");

let title = document.title.slice(numbered("").length);
let name = heading()?.dataset.title;

parley.title = () => title; // without the number

function followRename() {
  const now = heading()?.dataset.title;
  if (now === name) return;
  title = now + title.slice(name.length);
  name = now;
  document.querySelector("#main").dataset.title = heading().querySelector("h1").textContent;
}

function show() {
  document.title = numbered(title);
}

document.addEventListener("arrived", ({ detail }) => {
  ({ title } = detail);
  name = heading()?.dataset.title;
  show();
});
document.addEventListener("counted", show);
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.isPlace) return;
  followRename();
  show();
});
