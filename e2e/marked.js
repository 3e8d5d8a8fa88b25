// Tells what a page shows, from its beginning and after each change, as HTML in which the marks of translated texts
// can be seen. Only pages in English: a test that chooses another language has no marks.

(() => {
  const ATTRIBUTES = ["title", "aria-label", "placeholder", "alt", "aria-description", "label", "value"];
  const PART_OF_TEXT = "a, b, bdi, code, em, i, kbd, mark, small, span, strong, time";
  const told = new Set();

  function tell(element) {
    const { outerHTML } = element;
    const isTyped = element.closest("[contenteditable]");
    if (document.documentElement.lang !== "en" || isTyped || told.has(outerHTML)) return;
    told.add(outerHTML);
    shownHtml(outerHTML.replaceAll("\u200b\u200b", "⟦").replaceAll("\u00ad\u00ad", "⟧"));
  }

  // The whole of a text of which a part has changed.
  function whole(node) {
    let element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    while (element?.parentElement && element.matches(PART_OF_TEXT)) element = element.parentElement;
    return element;
  }

  function changed(changes) {
    const elements = new Set();
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes") tell(target.cloneNode());
      else if (type === "characterData") elements.add(whole(target));
      else for (const node of addedNodes) elements.add(whole(node));
    }
    for (const element of elements) if (element?.isConnected) tell(element);
  }

  document.addEventListener("DOMContentLoaded", () => {
    tell(document.documentElement);
    new MutationObserver(changed).observe(document, {
      ...{ subtree: true, childList: true, characterData: true },
      ...{ attributes: true, attributeFilter: ATTRIBUTES },
    });
  });
})();
