// The menu of a conversation in the sidebar: at a button beside the row under the pointer, by a right click, by the
// keyboard's menu key, and at the top of the open conversation. What it says is read from the row.

const menu = document.querySelector("#row-menu");
const more = document.querySelector("#row-more");
const rowOf = (id) => document.querySelector(`#sidebar .sidebar-row[href="/conversations/${id}/"]`);
const rowAt = (target) => target.closest?.("#sidebar .sidebar-row");
const idOf = (row) => row.pathname.split("/")[2];
let chosen; // the id of the conversation

function stateOf(row) {
  const person = row.querySelector("[data-person]")?.dataset.person;
  const isRoom = !row.querySelector(".avatar-with-presence");
  return {
    id: idOf(row),
    person,
    kind: row.matches(".direct") ? "direct" : isRoom ? "room" : "group",
    section: row.closest(".sidebar-section").dataset.section,
    muted: row.matches(".muted"),
  };
}

function fillSections({ section }) {
  const list = menu.querySelector(".row-sections");
  const { content } = menu.querySelector("template");
  const own = [...document.querySelectorAll("#sidebar .sidebar-section")].filter(({ dataset }) => Number(dataset.section));
  list.replaceChildren(
    ...own.map(({ dataset, firstElementChild: title }) => {
      const item = content.cloneNode(true).firstElementChild;
      const label = item.lastElementChild;
      label.textContent = label.textContent.replace("{section}", () => title.querySelector("h2").textContent);
      item.value = dataset.section;
      item.hidden = dataset.section === section;
      return item;
    }),
  );
  menu.querySelector("[name=section][value='0']").hidden = !Number(section);
}

function fill(row) {
  const state = stateOf(row);
  chosen = state.id;
  fillSections(state);
  const isOn = { starred: state.section === "starred", muted: state.muted };
  for (const name of ["starred", "muted"]) {
    const button = menu.querySelector(`[name=${name}]`);
    button.value = isOn[name] ? "0" : "1";
    button.querySelector("[data-on]").hidden = !isOn[name];
    button.querySelector("[data-off]").hidden = isOn[name];
  }
  for (const part of menu.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.includes(state.kind);
  for (const link of menu.querySelectorAll("[data-address]")) {
    const isPerson = link.dataset.address.startsWith("/people/");
    if (isPerson && !state.person) link.hidden = true;
    link.href = link.dataset.address.replace("/0/", `/${isPerson ? state.person : state.id}/`);
  }
}

function open(row, source) {
  fill(row);
  menu.classList.toggle("to-left", !source.closest(".sidebar"));
  menu.showPopover({ source });
  menu.querySelector("a, button")?.focus({ preventScroll: true });
}

function listen() {
  document.addEventListener("contextmenu", (event) => {
    const row = rowAt(event.target);
    if (!row || event.shiftKey) return; // with Shift it is the browser's menu
    event.preventDefault();
    open(row, row);
  });

  // The button moves to the row under the pointer, since a button in each row would double the sidebar.
  document.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType !== "mouse" || target.closest?.("#row-more, #row-menu")) return;
    const row = rowAt(target);
    more.hidden = !row;
    if (!row) return;
    more.dataset.id = idOf(row);
    const { top, height } = row.getBoundingClientRect();
    more.style.top = `${top + height / 2 - more.offsetHeight / 2}px`;
  });
  document.addEventListener("scroll", () => (more.hidden = true), { capture: true, passive: true });

  document.addEventListener("click", async (event) => {
    const { target } = event;
    if (target.closest("#row-more")) {
      const row = rowOf(more.dataset.id);
      return row && open(row, more);
    }
    const opener = target.closest("[popovertarget='conversation-menu']");
    const here = opener && rowOf(document.querySelector("#main").dataset.conversation);
    // On a phone the sidebar is hidden, and this menu with it: then the page's own opens.
    if (here && menu.parentElement.checkVisibility()) {
      event.preventDefault();
      return open(here, opener);
    }
    const item = target.closest("#row-menu .menu-item");
    if (!item) return;
    menu.hidePopover();
    if (!item.matches("button")) return;
    const id = chosen;
    const { activeElement } = document;
    await parley.arrange(id, { [item.name]: item.value });
    if ([activeElement, document.body].includes(document.activeElement)) rowOf(id)?.focus({ preventScroll: true });
  });
}

if (menu) listen();
