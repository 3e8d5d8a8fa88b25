// What a browser keeps of a person's words (drafts and unsent messages) is for that person alone. It is deleted when
// a page is opened by somebody else or by nobody, and when a page finds out that its session is over.

const { viewer } = document.body.dataset; // "" if nobody is signed in; missing on a page that does not know
let current = viewer;

const keysOfOthers = () =>
  Object.keys(sessionStorage).filter((key) => /^(draft|draft-in|draft-base|files|forwarding|scheduling|sending|sidebar) /.test(key) && key.split(" ")[1] !== current);

function deleteOthers() {
  for (const key of keysOfOthers()) sessionStorage.removeItem(key);
  parley.unsent.deleteOthers(current);
}

parley.viewer = {
  id: viewer,
  isSignedIn: () => Boolean(viewer) && current === viewer,

  // Who is signed in now: an id, or "" for nobody.
  set(id) {
    if (id === current) return;
    current = id;
    deleteOthers();
    document.dispatchEvent(new Event("viewer"));
  },
};

if (viewer !== undefined) deleteOthers();
