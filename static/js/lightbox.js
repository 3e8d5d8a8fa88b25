// Shows a picture above the page: the arrow keys lead to the others of the list, Enter, + and − change its size, and
// Escape closes it. Loaded by pictures.js.

const dialog = document.querySelector("#lightbox");
const picture = Object.assign(new Image(), { tabIndex: 0 });
const saved = dialog.querySelector("a[download]");
const part = (name) => dialog.querySelector(`[data-lightbox="${name}"]`);

dialog.querySelector(".lightbox-picture").append(picture);

let links = []; // of the pictures of the list, from the oldest
let place = 0;
let opener; // the link that was pressed

function draw() {
  const link = links[place];
  dialog.classList.remove("zoomed");
  picture.src = link.href;
  picture.alt = link.querySelector("img").alt;
  part("name").textContent = link.title;
  part("caption").textContent = picture.alt === link.title ? "" : picture.alt; // the description, if there is one
  part("count").textContent = links.length > 1 ? `${place + 1} / ${links.length}` : "";
  saved.href = link.href;
  saved.download = link.title;
  part("previous").disabled = place === 0;
  part("next").disabled = place === links.length - 1;
}

function go(step) {
  if (!links[place + step]) return;
  place += step;
  draw();
  if (!dialog.querySelector(":focus:not(:disabled)")) picture.focus(); // the button was for the last one
}

const zoom = (force) => dialog.classList.toggle("zoomed", force);

parley.showPicture = (link) => {
  const list = link.closest(".timeline, .thread, .waiting, .page") ?? link.closest(".files");
  links = [...list.querySelectorAll(".picture > a")].filter((one) => one.checkVisibility());
  place = Math.max(0, links.indexOf(link));
  opener = link;
  draw();
  dialog.showModal();
  picture.focus();
};

const ACTS = {
  ArrowLeft: () => go(document.dir === "rtl" ? 1 : -1),
  ArrowRight: () => go(document.dir === "rtl" ? -1 : 1),
  "+": () => zoom(true),
  "-": () => zoom(false),
};

dialog.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = event.key === "Enter" && event.target === picture ? () => zoom() : ACTS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

dialog.addEventListener("click", ({ target }) => {
  if (target === picture) zoom();
  else if (part("previous").contains(target)) go(-1);
  else if (part("next").contains(target)) go(1);
  else if (target === dialog || target.matches(".lightbox-picture") || part("close").contains(target)) dialog.close();
});

// Nothing is kept of a picture that is not shown. The browser gives the focus back, unless the message was drawn again.
dialog.addEventListener("close", () => {
  picture.removeAttribute("src");
  links = [];
  const { isConnected, href: address } = opener ?? { isConnected: true };
  opener = null;
  if (isConnected || document.querySelector(":focus:not(#lightbox *)")) return;
  const isSame = ({ href }) => href === address;
  [...document.querySelectorAll(".picture > a")].find(isSame)?.focus({ preventScroll: true });
});
document.addEventListener("leaving", () => dialog.close());
