// What the server asks before it sends a message of the outbox: the buttons below the message are the answers.

function ask(form, question) {
  end(form);
  form.classList.add("asking");
  form.querySelector("[data-try-again]").before(...question.querySelectorAll("button"));
}

function end(form) {
  form.classList.remove("asking");
  for (const button of form.querySelectorAll("[name=group_mentions]")) if (button.matches("button")) button.remove();
}

// `value` is that of the button.
function answer(form, value) {
  form.message.group_mentions = value;
  form.elements.content.before(Object.assign(document.createElement("input"), { type: "hidden", name: "group_mentions", value }));
}

parley.question = { ask, end, answer };
