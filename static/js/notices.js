// Failed requests: htmx does not swap in the response, so an error message is shown, in the outbox beside the
// message that could not be sent, otherwise in a notice.

const texts = document.querySelector("#texts")?.dataset ?? {};
const TEXTS = {
  401: texts.signedOut,
  403: texts.notAllowed,
  404: texts.notFound,
  413: texts.tooLarge,
  503: texts.busy,
  507: texts.diskFull,
};

const rateLimited = (seconds) => texts.rateLimited.replace("{seconds}", seconds);

function showError(ctx, text) {
  ctx.errorText = text;
  // The outbox and the stream show their errors themselves. What the page loads by itself is tried again.
  if (ctx.sourceElement.matches(".outgoing-message, #live, [data-renewed]")) return;
  const notice = document.createElement("p");
  notice.className = "notice error";
  notice.textContent = text;
  document.querySelector(".notices").replaceChildren(notice);
}

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const { status } = ctx.response;
  if (status === 409 || status === 422) return; // the form shows what is wrong
  if (status === 429) return showError(ctx, rateLimited(ctx.response.headers.get("Retry-After")));
  showError(ctx, ctx.refused ?? TEXTS[status] ?? texts.failed);
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx) showError(ctx, texts.unreachable);
});

for (const notice of document.querySelectorAll(".notice:not(.error)")) {
  setTimeout(() => notice.remove(), 8000);
}
