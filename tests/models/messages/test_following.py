"""Following a thread, and not: who is notified of its replies."""

from collections.abc import Callable

import pytest

from messaging.models import Conversation, Message, ThreadChoice, User
from messaging.models.db.refusals import Gone
from messaging.models.inbox.blocking import block
from messaging.models.messages.following import _followed, follow, followed_among
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from tests.contract.counting import statements

pytestmark = pytest.mark.backends


@pytest.fixture
def root(room: Conversation, ada: User) -> Message:
    """Ada's message, which nobody has answered."""
    return post(room, ada, "root")


def notified(user: User) -> list[tuple[str, str]]:
    rows = user.notifications.replies().order_by("message")
    return list(rows.values_list("message__content", "reason"))


def test_who_follows_a_thread_is_notified_of_each_reply(
    root: Message, ada: User, ben: User, cleo: User
) -> None:
    post(root.conversation, cleo, "before", parent=root)
    follow(ben, root, is_following=True)
    reply = post(root.conversation, cleo, "first", parent=root)
    post(root.conversation, ada, "below", parent=reply)
    assert notified(ben) == [("first", "reply"), ("below", "reply")]
    follow(ben, reply, is_following=False)  # any message of the thread names it
    post(root.conversation, cleo, "second", parent=root)
    assert len(notified(ben)) == 2


def test_who_unfollows_is_notified_of_mentions_only_even_if_they_write(
    root: Message, ada: User, ben: User, cleo: User
) -> None:
    post(root.conversation, ben, "mine", parent=root)
    follow(ben, root, is_following=False)
    post(root.conversation, ben, "mine again", parent=root)
    post(root.conversation, cleo, "to all", parent=root)
    post(root.conversation, cleo, "to @ben", parent=root)
    assert notified(ben) == [("to @ben", "mention")]
    follow(ada, root, is_following=False)
    post(root.conversation, cleo, "to nobody", parent=root)
    assert [text for text, _ in notified(ada)] == ["mine", "mine again", "to all", "to @ben"]


def test_an_edit_that_names_somebody_no_longer_leaves_followers_an_ordinary_notification(
    root: Message, ada: User, ben: User, cleo: User
) -> None:
    follow(ben, root, is_following=True)
    post(root.conversation, cleo, "I am here", parent=root)
    follow(cleo, root, is_following=False)
    reply = post(root.conversation, ada, "for @ben and @cleo", parent=root)
    reply.edit("for nobody")
    assert notified(ben) == [("I am here", "reply"), ("for nobody", "reply")]
    assert notified(cleo) == []


@pytest.mark.parametrize(
    "end", [lambda room, ada, ben: leave(room, ben), lambda room, ada, ben: block(ben, ada)]
)
def test_following_notifies_nobody_who_has_left_or_blocks_the_author(
    root: Message, ada: User, ben: User, end: Callable[[Conversation, User, User], None]
) -> None:
    follow(ben, root, is_following=True)
    end(root.conversation, ada, ben)
    post(root.conversation, ada, "words", parent=root)
    assert notified(ben) == []


def test_followed_are_those_chosen_and_those_written_in_unless_chosen_otherwise(
    room: Conversation, ada: User, ben: User
) -> None:
    his, answered, chosen, left, none = (
        post(room, ben if text == "his" else ada, text)
        for text in ("his", "answered", "chosen", "left", "none")
    )
    for root in (answered, left):
        post(room, ben, "words", parent=root)
    follow(ben, chosen, is_following=True)
    follow(ben, left, is_following=False)
    ids = [root.pk for root in (his, answered, chosen, left, none)]
    with statements() as found:
        assert followed_among(ben, ids) == {his.pk, answered.pk, chosen.pk}
    assert len(found) == 1
    # Not all that a person ever wrote is looked through, of each thread.
    plan = _followed.build(ben.pk, ids).explain()
    assert "(sender_id=" not in plan.replace("Cond: ", ""), plan


def test_a_choice_stays_when_the_first_message_is_removed_and_goes_with_the_thread_or_the_person(
    root: Message, ada: User, ben: User, cleo: User
) -> None:
    reply = post(root.conversation, cleo, "words", parent=root)
    for person in (ben, cleo):
        follow(person, root, is_following=False)
    root.remove()
    post(root.conversation, ada, "more", parent=reply)
    assert notified(cleo) == []
    ben.delete()
    assert ThreadChoice.objects.count() == 1
    Message.objects.filter(conversation=root.conversation_id).delete()
    assert not ThreadChoice.objects.exists()
    with pytest.raises(Gone):
        follow(cleo, root, is_following=True)


def test_a_change_raises_the_persons_version_for_their_open_pages(root: Message, ben: User) -> None:
    for is_following in (True, False):
        before = User.objects.get(pk=ben.pk).version
        follow(ben, root, is_following)
        assert User.objects.get(pk=ben.pk).version > before
    assert ThreadChoice.objects.count() == 1
