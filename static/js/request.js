// Shared by the modules: the headers of a request for a part of a page, the CSRF token, and scripts that are loaded on use.

const TOKEN = "hx-headers:inherited"; // the attribute of <body> with which htmx sends the token along

globalThis.parley = {
  // The headers of such a request: those of htmx, and the CSRF token.
  partHeaders: () => ({
    ...JSON.parse(document.body.getAttribute(TOKEN)),
    "HX-Request": "true",
    "HX-Request-Type": "partial",
  }),

  setToken(token) {
    document.body.setAttribute(TOKEN, JSON.stringify({ "X-CSRFToken": token }));
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  },

  // Loads a script that somebody needs now. Resolves to nothing if it cannot be loaded: a notice says so, and the next
  // use tries again.
  load: (script) => import(script).catch(() => parley.showError()),
};
