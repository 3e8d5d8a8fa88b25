// Shared by the modules: the timeline of the page, if it has one, and where the reader is in it.

const AT_END = 60; // pixels

const bottomOf = (row) => row.getBoundingClientRect().bottom;

// Of rows from top to bottom, the first one that ends below this height.
function rowAt(rows, height) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bottomOf(rows[middle]) > height) high = middle;
    else low = middle + 1;
  }
  return rows[low];
}

parley.list = {
  timeline: () => document.querySelector("#timeline"),
  scroll: () => document.querySelector(".newest-first"),
  rows: (list = parley.list.timeline()) => [...(list?.querySelectorAll(":scope > .row") ?? [])],
  // Nothing is shown of a removed message that nobody answered.
  shown: (list = parley.list.timeline()) => parley.list.rows(list).filter((row) => !row.querySelector(":scope > .gone")),
  seqOf: (row) => Number(row?.dataset.seq ?? 0),

  // Whether the last row is the newest message there is.
  isNewest: () => !document.querySelector("#timeline > .newer:last-child"),
  isAtEnd: () => parley.list.isNewest() && -parley.list.scroll().scrollTop < AT_END,

  // The row in the middle of what the reader sees.
  middle() {
    const { top, bottom } = parley.list.scroll().getBoundingClientRect();
    return rowAt(parley.list.shown(), (top + bottom) / 2);
  },
};
