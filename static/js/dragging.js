// Conversations are dragged from one section of the sidebar to another. The menu of a conversation does the same.

const sectionAt = (target) => target.closest?.("#sidebar :is(.sidebar-section, .star-drop)");
// Shown as drop target while nothing is starred.
const showStarDrop = () => document.querySelector(".star-drop")?.toggleAttribute("hidden", !dragged);
const isRoom = (row) => !row.querySelector(".avatar-with-presence");
let dragged = null;

// What a drop into a section changes; null if the conversation cannot be there.
function changeTo({ dataset: { section } }) {
  if (section === sectionAt(dragged)?.dataset.section) return null;
  if (section === "starred") return { starred: 1 };
  if (Number(section)) return { starred: 0, section };
  return isRoom(dragged) === (section === "rooms") ? { starred: 0, section: 0 } : null;
}

function highlight(section) {
  for (const one of document.querySelectorAll("#sidebar .drop")) if (one !== section) one.classList.remove("drop");
  section?.classList.add("drop");
}

document.addEventListener("dragstart", ({ target, dataTransfer }) => {
  dragged = target.closest?.("#sidebar .sidebar-row") ?? null;
  if (!dragged) return;
  dataTransfer.effectAllowed = "copyMove"; // copy: dropping into another window inserts the address
  setTimeout(showStarDrop); // Chromium ends a drag whose beginning changes the page
});

document.addEventListener("dragover", (event) => {
  const section = dragged && sectionAt(event.target);
  const isTarget = section && changeTo(section);
  highlight(isTarget ? section : null);
  if (!isTarget) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
});

document.addEventListener("drop", (event) => {
  const section = dragged && sectionAt(event.target);
  const change = section && changeTo(section);
  if (!change) return;
  event.preventDefault();
  parley.arrange(dragged.pathname.split("/")[2], change);
});

document.addEventListener("dragend", () => {
  dragged = null;
  highlight(null);
  showStarDrop();
});

// A sidebar that was loaded again meanwhile hides it.
document.addEventListener("htmx:after:swap", () => dragged && showStarDrop());
