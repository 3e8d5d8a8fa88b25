// Shared by the modules: the headers of a request for a part of a page, the CSRF token, and scripts that are loaded on use.

const TOKEN = "hx-headers:inherited"; // the attribute of <body> with which htmx sends the token along
const imports = {}; // by their addresses: scripts that are loaded, or on their way
const failures = {}; // how often each could not be loaded

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

  // Loads a script. If that fails, the next call tries again, by another address: some browsers do not ask for the same
  // one again until the page is reloaded (https://github.com/whatwg/html/pull/10327).
  import(script) {
    const address = failures[script] ? `${script}?${failures[script]}` : script;
    imports[script] ??= import(address).catch((error) => {
      delete imports[script];
      failures[script] = (failures[script] ?? 0) + 1;
      throw error;
    });
    return imports[script];
  },

  // Loads a script that somebody needs now. Resolves to nothing if it cannot be loaded; a notice says so.
  load: (script) => parley.import(script).catch(() => parley.showError()),
};
