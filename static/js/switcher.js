// The quick switcher: a dialog in which a name leads to a room, a person, a thread, a page or a command. The server
// finds and orders them (views/inbox/switcher.py). The focus stays in the field; the arrow keys choose an option.

const dialog = document.querySelector("#switcher");
const texts = document.querySelector("#texts")?.dataset ?? {};
const FAILED = { 401: texts.signedOut, 503: texts.busy };
const isApple = /^(Mac|iP)/.test(navigator.platform);
const hasCommandKey = (event) => (isApple ? event.metaKey : event.ctrlKey);

function prepare() {
  const field = document.querySelector("#switcher-words");
  const list = document.querySelector("#switcher-found");
  const note = document.querySelector("#switcher-note");
  const count = document.querySelector("#switcher-count");
  let answer = null; // what is awaited for what is typed
  let opened = 0; // how often

  const options = () => [...list.querySelectorAll(".going")];
  const chosen = () => list.querySelector("[aria-selected='true']");

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  }

  function move(step) {
    const all = options();
    if (all.length) choose(all.at((all.indexOf(chosen()) + step) % all.length));
  }

  // Shows options, or a sentence instead of them.
  function show(html, sentence = note.dataset.nothing) {
    list.innerHTML = html;
    const [first] = options();
    note.textContent = first ? "" : sentence;
    note.hidden = !note.textContent;
    list.hidden = !first;
    field.setAttribute("aria-expanded", String(Boolean(first)));
    choose(first);
    count.textContent = first ? list.querySelector("template").dataset.announced : note.textContent;
  }

  async function load(words) {
    const query = new URLSearchParams({ q: words });
    const here = document.querySelector("#main")?.dataset.conversation;
    if (here) query.set("from", here);
    try {
      const response = await fetch(`${field.form.action}?${query}`, { headers: parley.partHeaders() });
      if (response.ok) show(await response.text());
      else show("", FAILED[response.status] ?? texts.failed);
    } catch {
      show("", texts.unreachable);
    }
  }

  // One request at a time: what is typed meanwhile is asked for when the answer is there.
  async function loadTyped() {
    let words;
    do {
      words = field.value;
      await load(words);
    } while (words !== field.value);
    answer = null;
  }

  const ask = () => (answer ??= loadTyped());

  function open() {
    document.querySelector("[popover]:popover-open")?.hidePopover(); // it gives the focus back to its opener
    opened++;
    field.value = "";
    show("", "");
    dialog.showModal();
    ask();
  }

  // What was typed last counts, also if its answer is still on its way; not if the dialog was closed meanwhile.
  async function go(isForNewTab) {
    const before = opened;
    await answer;
    const option = dialog.open && opened === before && chosen();
    if (!option) return;
    dialog.close(); // the focus goes back to where it was
    if (isForNewTab) globalThis.open(option.href, "_blank", "noopener");
    else option.click();
  }

  for (const key of document.querySelectorAll("[data-command-key]")) if (isApple) key.textContent = "⌘";

  document.addEventListener("keydown", (event) => {
    // On a keyboard without Latin letters, the key at the place of K counts.
    const isK = event.key.toLowerCase() === "k" || (event.code === "KeyK" && !/^[a-z]$/i.test(event.key));
    if (!isK || !hasCommandKey(event) || event.altKey || event.shiftKey || parley.isComposing(event)) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
  });

  document.addEventListener("click", (event) => {
    const hasModifier = event.ctrlKey || event.metaKey || event.shiftKey;
    if (hasModifier || !event.target.closest("[data-opens-switcher]")) return;
    event.preventDefault();
    open();
  });

  dialog.addEventListener("click", ({ target, ctrlKey, metaKey, shiftKey }) => {
    const isFollowed = target.closest(".going") && !(ctrlKey || metaKey || shiftKey);
    if (isFollowed || target === dialog || target.closest("[data-closes-switcher]")) dialog.close();
  });

  field.addEventListener("input", ask);
  field.addEventListener("keydown", (event) => {
    if (parley.isComposing(event)) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter") go(event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  });
  field.form.addEventListener("submit", (event) => {
    event.preventDefault(); // the Go key of a phone
    go(false);
  });
}

if (dialog) prepare();
