// Older and newer messages, and other blocks of a thread, are inserted where they are missing: not twice, and only if
// the page still asks for them. After a reset it may show another part of the list.

document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  const link = ctx.control;
  const main = tasks.findIndex(({ type }) => type === "main");
  if (main < 0 || !link?.matches?.(".more a")) return;
  const isAskedFor = link.isConnected && link.getAttribute("hx-get") === ctx.request.action;
  const { id } = tasks[main].fragment.querySelector(".replies") ?? {};
  if (!isAskedFor || (id && document.getElementById(id))) tasks.splice(main, 1);
  else if (link === document.activeElement) link.closest(".scroll").focus({ preventScroll: true });
});
