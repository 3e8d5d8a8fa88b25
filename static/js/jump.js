// The menu "Jump to": to the first unread message without leaving the page, if that is in the list.

const newLine = () => document.querySelector("#timeline > .new-line");

document.addEventListener(
  "beforetoggle",
  ({ target, newState }) => {
    if (target.id !== "jump-to" || newState !== "open") return;
    const link = target.querySelector("[data-first-unread]");
    const { href } = document.querySelector("#unread-state .pill") ?? {};
    if (href) link.href = href;
    link.hidden = !href && !newLine();
  },
  { capture: true },
);

document.addEventListener("click", (event) => {
  if (!event.target.closest("#jump-to [data-first-unread]") || !newLine()) return;
  event.preventDefault();
  document.querySelector("#jump-to").hidePopover();
  newLine().scrollIntoView({ block: "center" });
});
