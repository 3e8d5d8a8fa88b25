"""The texts that a message had."""

import pytest

from messaging.models import Conversation, User
from messaging.models.messages.revisions import REVISIONS_SHOWN, revisions_of
from messaging.models.messages.saving import post


@pytest.mark.parametrize("texts", [1, 2, 20, 21, 22, 40, 41, 45])
def test_all_texts_are_found_by_paging_each_once(
    ada: User, ben: User, room: Conversation, texts: int
) -> None:
    message = post(room, ada, "text 1")
    for number in range(2, texts + 1):
        message.edit(f"text {number}", by=ben)
    pages = [revisions_of(message)]
    while (older := pages[-1][1]) is not None:
        pages.append(revisions_of(message, up_to=older))
    found = [revision for page, _ in pages for revision in page]
    assert [revision.number for revision in found] == list(range(texts, 0, -1))
    assert all(0 < len(page) <= REVISIONS_SHOWN for page, _ in pages)
    assert [revision.is_current for revision in found] == [True] + [False] * (texts - 1)
    assert [revision.is_first for revision in found] == [False] * (texts - 1) + [True]
    assert [revision.editor for revision in found] == [ben] * (texts - 1) + [ada]
    for revision in found:
        text = "".join(change.text for change in revision.changes if change.kind != "deleted")
        assert text == f"text {revision.number}"


def test_a_removed_message_has_no_texts(ada: User, room: Conversation) -> None:
    message = post(room, ada, "words")
    message.edit("other words")
    message.remove()
    assert revisions_of(message) == ([], None)
