// An answer that htmx does not swap in must not be a click without an effect: it is said, in the outbox beside
// the message that it is about, else in a notice.

const SAID = {
  401: "You are signed out. Sign in again in another tab, then repeat this.",
  403: "That is not allowed, or this page is too old. Copy what you typed and load the page again.",
  404: "That is gone, or it is not for you.",
  503: "The server is busy. Nothing was lost: try again in a moment.",
  507: "The server's disk is full, so nothing can be saved. What you typed is still here.",
};

const tooFast = (seconds) => `That was too fast. Nothing is lost: try again in ${seconds === "1" ? "a second" : `${seconds} seconds`}.`;

function say(ctx, text) {
  ctx.said = text;
  // Some say it in their own place, and what the page fetches by itself it fetches again.
  if (ctx.sourceElement.matches(".outgoing-message, #live, [data-renewed]")) return;
  const notice = document.createElement("p");
  notice.className = "notice error";
  notice.textContent = text;
  document.querySelector(".notices").replaceChildren(notice);
}

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const { status } = ctx.response;
  if (status === 409 || status === 422) return; // the form itself says what is wrong
  if (status === 429) return say(ctx, tooFast(ctx.response.headers.get("Retry-After")));
  say(ctx, ctx.refused ?? SAID[status] ?? "Something went wrong on the server. What you typed is still here.");
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx) say(ctx, "The server cannot be reached. What you typed is still here: try again.");
});

for (const notice of document.querySelectorAll(".notice:not(.error)")) {
  setTimeout(() => notice.remove(), 8000);
}
