// Polls. A press on a choice votes for it, or takes one's own vote back: the server has an address for each, so that a
// press that comes twice does no harm.

const { viewer } = document.body.dataset;

document.addEventListener("click", (event) => {
  const choice = event.target.closest(".poll-choice[data-choice]");
  if (!choice || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (choice.ariaBusy) return;
  choice.ariaBusy = "true";
  const verb = choice.dataset.by.split(" ").includes(viewer) ? "unvote" : "vote";
  parley.changeMessage(choice.closest(".row"), verb, { choice: choice.dataset.choice }).finally(() => {
    choice.ariaBusy = null; // it is still there if the server refused
  });
});
