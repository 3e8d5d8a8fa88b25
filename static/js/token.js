// A new sign-in in another tab makes the CSRF token of this page invalid. Then the token is renewed, and the refused
// request is sent again with the same client_id, but not if another person is signed in now.

const viewer = document.body.dataset.viewer;

// Returns null if the token was renewed, otherwise the response with the error.
async function renew(ctx) {
  const response = await fetch("/token/", { headers: parley.partHeaders() });
  if (response.status === 401) parley.viewer.set("");
  if (!response.ok) return response;
  const renewed = await response.json();
  parley.viewer.set(String(renewed.viewer));
  if (String(renewed.viewer) !== viewer) {
    ctx.refused = document.querySelector("#texts").dataset.somebodyElse;
    return new Response("", { status: 403 });
  }
  parley.setToken(renewed.token);
  document.dispatchEvent(new Event("renewed"));
  return null;
}

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.request.method === "GET") return;
  ctx.fetch = async (url, request) => {
    const response = await fetch(url, request);
    if (response.status !== 403) return response;
    const failure = await renew(ctx);
    if (failure) return failure;
    Object.assign(request.headers, parley.partHeaders());
    request.body.delete("csrfmiddlewaretoken"); // so that Django uses the header
    return fetch(url, request);
  };
});

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.response.status === 401) parley.viewer.set("");
});

// Whether the server can be reached and the same person is signed in.
parley.isStillViewer = () => renew({}).then((failure) => !failure, () => false);

// From scripts that try again by themselves: seen.js and live.js.
document.addEventListener("refused", () => renew({}).catch(() => {}));
