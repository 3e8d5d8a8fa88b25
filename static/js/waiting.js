// A control that was pressed shows that at once, by the class that htmx gives it. If the answer takes longer than a
// moment, the part that it will fill is shown before it comes: a menu or a history floats, a form has its room, the
// panel is open.

const DELAY_MS = 100;
const floating = document.querySelector("#waiting");
let floatsFor = null; // the request that what floats is waiting for

const isFloat = ({ swap }) => swap === "beforeend";

function show(ctx) {
  if (!ctx.control.isConnected) return; // its place was left
  if (!isFloat(ctx)) ctx.target.ariaBusy = "true";
  else if (!ctx.menu) {
    floatsFor = ctx;
    floating.classList.toggle("to-left", ctx.control.matches(".menu-action"));
    floating.showPopover({ source: ctx.opener });
  }
}

function end(ctx) {
  clearTimeout(ctx.waiting);
  if (floatsFor === ctx) {
    floatsFor = null;
    floating.hidePopover();
  }
  if (ctx.waiting && !isFloat(ctx)) ctx.target.ariaBusy = null;
}

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  if (event.defaultPrevented || ctx.request.method !== "GET" || ctx.swap === "none") return;
  if (ctx.target?.matches?.(".slot, .panel")) ctx.waiting = setTimeout(show, DELAY_MS, ctx);
});
for (const name of ["htmx:after:swap", "htmx:finally:request"]) {
  document.addEventListener(name, ({ detail: { ctx } }) => end(ctx));
}

// The waiting menu moves to the control that replaced its own, if there is one.
document.addEventListener("htmx:after:swap", () => {
  if (!floatsFor || floatsFor.opener.isConnected) return;
  const opener = parley.latestOf(floatsFor.control, floatsFor.target.closest(".row"));
  if (opener.isConnected) floatsFor.opener = opener;
  else floatsFor = null;
  floating.hidePopover();
  if (floatsFor) floating.showPopover({ source: opener });
});

// The reader closed it: what comes is not shown any more (slots.js).
floating?.addEventListener("toggle", ({ newState }) => {
  if (newState === "closed" && floatsFor) floatsFor.isDismissed = true;
});
