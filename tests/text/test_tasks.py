"""Task lists: which items have boxes, and what becomes of the boxes."""

import pytest

from messaging.text import render
from messaging.text.excerpts import excerpt_of
from messaging.text.search_words import own_text, words
from messaging.text.tasks import MAX_TASKS, has_tasks, tasks_in, with_states


def states(content: str) -> list[tuple[str, bool]]:
    return [(task.text, task.is_done) for task in tasks_in(render(content))]


def test_items_that_begin_with_a_mark_are_tasks_in_any_list() -> None:
    content = "- [ ] Buy **milk**\n- [x] Pay\n  1. [X] the rent\n- plain\n\n+ [ ] loose\n\n+ [x] `code`"
    expected = [("Buy milk", False), ("Pay", True), ("the rent", True), ("loose", False), ("code", True)]
    assert states(content) == expected


@pytest.mark.parametrize(
    "content",
    [
        "[ ] no list",
        "- [ ]",
        "- [ ] ",
        "- [x](https://a.example)",
        "- []",
        "- [y] a",
        "- \\[ ] a",
        "- a [ ] b",
    ],
)
def test_other_texts_with_brackets_are_no_tasks_and_stay_as_they_were_typed(content: str) -> None:
    html = render(content)
    assert not has_tasks(html)
    assert "☐" not in html


def test_a_quoted_task_is_shown_and_cannot_be_ticked() -> None:
    html = render("> - [x] quoted\n\n- [ ] mine")
    assert "☑ quoted" in html
    assert states("> - [x] quoted\n\n- [ ] mine") == [("mine", False)]


def test_signs_that_somebody_typed_are_no_boxes() -> None:
    assert states('- [ ] ☑ <span class="ticked">☑</span>') == [('☑ <span class="ticked">☑</span>', False)]


def test_with_states_sets_the_boxes_at_these_places_alone() -> None:
    html = render("- [ ] a ☐\n- [x] b\n- [ ] c")
    changed = with_states(html, {0: True, 1: False, 9: True})
    assert [task.is_done for task in tasks_in(changed)] == [True, False, False]
    assert with_states(changed, {0: False, 1: True}) == html


def test_a_key_names_the_place_and_the_words() -> None:
    [first, second] = tasks_in(render("- [ ] same\n- [ ] same"))
    [moved] = tasks_in(render("- [x] **same**"))
    assert first.key != second.key
    assert moved.key == first.key  # the words are the same


def test_at_most_so_many_items_of_a_message_have_boxes() -> None:
    html = render("\n".join(["- [ ] a"] * (MAX_TASKS + 5)))
    assert len(tasks_in(html)) == MAX_TASKS
    assert html.count("[ ]") == 5


def test_an_excerpt_shows_the_boxes_and_the_search_ignores_them() -> None:
    html = render("- [ ] Buy milk\n- [x] Pay")
    assert excerpt_of(html, 100) == "☐ Buy milk ☑ Pay"
    assert words(own_text(html)) == ["buy", "milk", "pay"]
