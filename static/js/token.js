// Who signs in again in another tab makes this page's token void. It is renewed, and what was refused is sent
// once more, under the same client_id; but never for somebody else who is signed in by now.

const viewer = document.body.dataset.viewer;

// The answer that stands in the way, or null when the token was renewed.
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

// What is told by the way, and the stream, ask for it like this and come back by themselves.
document.addEventListener("refused", () => renew({}).catch(() => {}));
