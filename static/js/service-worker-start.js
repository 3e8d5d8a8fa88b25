// What the modules of the service worker share, as those of a page do (request.js).

self.parley = {
  viewer: { id: "", isSignedIn: () => true },
  part: { "HX-Request": "true", "HX-Request-Type": "partial" },
};
