// A new sign-in in another tab makes the CSRF token of this page invalid. Then the token is renewed, and the refused
// request is sent again with the same client_id, but not if another person is signed in now.

const viewer = document.body.dataset.viewer;

// Returns null if the token was renewed, otherwise the response with the error.
async function renew(ctx) {
  const answer = await fetch("/token/", { headers: parley.partHeaders() });
  if (!answer.ok) return answer;
  const found = await answer.json();
  if (String(found.viewer) !== viewer) {
    ctx.refused = document.querySelector("#texts").dataset.somebodyElse;
    return new Response("", { status: 403 });
  }
  parley.setToken(found.token);
  document.dispatchEvent(new Event("renewed"));
  return null;
}

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.request.method === "GET") return;
  ctx.fetch = async (url, request) => {
    const answer = await fetch(url, request);
    if (answer.status !== 403) return answer;
    const obstacle = await renew(ctx);
    if (obstacle) return obstacle;
    Object.assign(request.headers, parley.partHeaders());
    request.body.delete("csrfmiddlewaretoken"); // the header counts then
    return fetch(url, request);
  };
});

// From scripts that try again by themselves: seen.js and live.js.
document.addEventListener("refused", () => renew({}).catch(() => {}));
