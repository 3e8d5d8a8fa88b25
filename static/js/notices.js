// Notices, which float above the page, and are read by screen readers. Failed requests: htmx does not swap in the
// response, so an error message is shown, in the outbox beside the message that could not be sent, otherwise in a
// notice.

const texts = document.querySelector("#texts")?.dataset ?? {};
const TEXTS = {
  401: texts.signedOut,
  403: texts.notAllowed,
  404: texts.notFound,
  413: texts.tooLarge,
  503: texts.busy,
  507: texts.diskFull,
};

const NOTICE_MS = 8000;

function show(text) {
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.textContent = text;
  document.querySelector(".notices").replaceChildren(notice);
  return notice;
}

// Shows a text for a moment. With `toCopy`, a text that is to be copied, it stays until the next notice.
parley.notice = (text, toCopy) => {
  const notice = show(text);
  if (!toCopy) return setTimeout(() => notice.remove(), NOTICE_MS);
  const field = document.createElement("textarea");
  field.readOnly = true;
  field.ariaLabel = text;
  field.value = toCopy;
  notice.append(field);
  field.select();
  field.addEventListener("blur", () => notice.remove());
};

const rateLimited = (seconds) => texts.rateLimited.replace("{seconds}", seconds);

function showError(ctx, text) {
  ctx.errorText = text;
  // The outbox and the stream show their errors themselves. What the page loads by itself is tried again.
  const isGet = ctx.request.method === "GET";
  if (ctx.sourceElement.matches(isGet ? "#live, [data-renewed], [data-loads-itself]" : ".outgoing-message")) return;
  parley.showError(text);
}

parley.showError = (text = texts.unreachable) => show(text).classList.add("error");

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const { status } = ctx.response;
  if (status === 409 || status === 422) return; // the form shows what is wrong
  if (status === 429) return showError(ctx, rateLimited(ctx.response.headers.get("Retry-After")));
  showError(ctx, ctx.refused ?? TEXTS[status] ?? texts.failed);
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx) showError(ctx, texts.unreachable);
});

function removeSoon() {
  for (const notice of document.querySelectorAll(".notice:not(.error)")) setTimeout(() => notice.remove(), NOTICE_MS);
}

removeSoon();
document.addEventListener("arrived", removeSoon);
