// The bar with buttons that format what one writes. A button of each form shows and hides it in all of them; the browser
// remembers which. One stop of Tab leads into it, and the arrow keys from button to button.

const STORED = "formatting bar";
const template = document.querySelector("#formatting");
const isApple = /^(Mac|iP)/.test(navigator.platform);
const isOpen = () => Boolean(localStorage.getItem(STORED));

function build() {
  const bar = template.content.firstElementChild.cloneNode(true);
  const [first, ...others] = bar.children;
  first.tabIndex = 0;
  for (const button of others) button.tabIndex = -1;
  if (!isApple) return bar;
  for (const button of bar.children) {
    const keys = button.getAttribute("aria-keyshortcuts");
    if (!keys) continue;
    button.title = button.title.replace(/\(.*\)$/, `(${keys.replace("Control+", "⌘").replace("Shift+", "⇧").replace("Alt+", "⌥")})`);
    button.setAttribute("aria-keyshortcuts", keys.replace("Control", "Meta"));
  }
  return bar;
}

function update() {
  for (const button of document.querySelectorAll("form .formats")) {
    const bar = button.form.querySelector(".formatting");
    button.ariaPressed = isOpen();
    if (!isOpen()) bar?.remove();
    else if (!bar) button.form.querySelector(".composer-fields").before(build());
  }
}

function toggle() {
  if (isOpen()) localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, "yes");
  update();
}

function move(bar, { key, target }) {
  const buttons = [...bar.children];
  const forward = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const step = key === forward ? 1 : -1;
  const place = { Home: 0, End: -1, ArrowLeft: 1, ArrowRight: 1 }[key];
  if (place === undefined) return false;
  const next = buttons.at(key.startsWith("Arrow") ? (buttons.indexOf(target) + step) % buttons.length : place);
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
  return true;
}

document.addEventListener("mousedown", (event) => {
  if (event.target.closest(".formats, .formatting")) event.preventDefault(); // the field keeps the focus
});
document.addEventListener("keydown", (event) => {
  const bar = event.target.closest?.(".formatting");
  if (bar && !event.altKey && !event.ctrlKey && !event.metaKey && move(bar, event)) event.preventDefault();
});
for (const name of ["arrived", "htmx:after:swap"]) document.addEventListener(name, () => isOpen() && update());
addEventListener("storage", ({ key }) => key === STORED && update());

parley.formatting.press = (button) => {
  if (button.matches(".formats")) toggle();
  else if (button.dataset.format === "preview" || !parley.formatting.closePreview(button.form)) {
    parley.format(button.form.elements.content, button.dataset.format);
  }
};
update();
