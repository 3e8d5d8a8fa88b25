// What of the sidebar is in sight: the filter above it, the pills that lead to what is unread further up or down, and
// its scroll position, which a load of the whole page keeps.

const KEY = `sidebar ${document.body.dataset.viewer}`; // of its position in this tab
const note = document.querySelector("#sidebar-filter-note");
const list = () => document.querySelector("#sidebar");
const filter = document.querySelector("#sidebar-filter");
const rows = () => [...list().querySelectorAll(".sidebar-row")];
const pills = [...document.querySelectorAll(".more-unread")];
const folded = (text) => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();

// A row is found by the words that its name contains, in any order.
function applyFilter() {
  const words = folded(filter.value).split(/\s+/).filter(Boolean);
  if (!words.length && !("filtered" in list().dataset)) return showPillsSoon();
  list().toggleAttribute("data-filtered", words.length > 0);
  for (const row of rows()) {
    const name = folded(row.querySelector(".sidebar-row-name").firstChild.textContent);
    row.classList.toggle("filtered", words.length > 0 && !words.every((word) => name.includes(word)));
  }
  const isEmpty = words.length && !list().querySelector(".sidebar-row:not(.filtered)");
  note.textContent = isEmpty ? filter.dataset.nothing : "";
  showPillsSoon();
}

// The unread rows that are out of sight, above or below, the nearest first.
function unreadOutside(pill) {
  const { bottom } = list().getBoundingClientRect();
  const top = list().querySelector(".shortcuts").getBoundingClientRect().bottom;
  const unread = [...list().querySelectorAll(".sidebar-row.unread:not(.filtered)")];
  if (pill.dataset.side === "below") return unread.filter((row) => row.getBoundingClientRect().top > bottom - 12);
  return unread.filter((row) => row.getBoundingClientRect().bottom < top + 12).reverse();
}

function showPills() {
  for (const pill of pills) {
    const outside = unreadOutside(pill);
    pill.hidden = !outside.length;
    pill.classList.toggle("for-me", outside.some((row) => row.matches(".for-me")));
  }
}

let isAsked = false;
function showPillsSoon() {
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(() => {
    isAsked = false;
    showPills();
  });
}

const showCurrent = () => list().querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });

function listen() {
  list().scrollTop = Number(sessionStorage.getItem(KEY));
  showCurrent();
  showPills();
  addEventListener("pagehide", () => sessionStorage.setItem(KEY, list().scrollTop));
  document.addEventListener("scroll", showPillsSoon, { capture: true, passive: true });
  addEventListener("resize", showPillsSoon);
  document.addEventListener("counted", showPillsSoon);
  document.addEventListener("arrived", showCurrent);
  document.addEventListener("htmx:after:swap", applyFilter);
  document.addEventListener("click", ({ target }) => {
    const pill = target.closest(".more-unread");
    if (pill) unreadOutside(pill)[0]?.scrollIntoView({ block: "center" });
  });
  filter.addEventListener("input", applyFilter);
  filter.addEventListener("keydown", (event) => {
    if (parley.isComposing(event)) return;
    const shown = rows().filter((row) => row.checkVisibility());
    if (event.key === "Escape" && filter.value) filter.value = "";
    else if (event.key === "ArrowDown") shown[0]?.focus();
    else if (event.key !== "Enter" || !filter.value.trim() || !shown.length) return;
    else {
      shown[0].click();
      filter.value = "";
    }
    event.preventDefault();
    applyFilter();
  });
}

if (filter) listen();
