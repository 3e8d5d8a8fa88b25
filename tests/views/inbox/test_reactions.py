"""The reactions to a person's messages, listed at the end of their inbox until they have seen them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, Reaction, User
from messaging.models.inbox.blocking import block
from messaging.models.inbox.new_reactions import MOST_SHOWN, new_reactions
from messaging.models.messages.reacting import react, unreact
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from tests.contract.counting import statements
from tests.factories import UserFactory, custom_emoji
from tests.views.growing import add_members
from tests.views.inbox.reading import badge
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
INBOX = reverse("inbox")
SEEN = reverse("reactions_seen")


def lines(client: Client, address: str = INBOX) -> list[str]:
    """What the list says, without the words for screen readers."""
    page = Page(client.get(address))
    return [" ".join(one.text.split()) for one in page.all("new-reaction-by")]


def newest() -> int:
    return Reaction.objects.latest("pk").pk


def test_they_are_listed_by_message_and_count_in_no_badge(
    as_ada: Client, ada: User, ben: User, message: Message, room: Conversation
) -> None:
    before = User.objects.get(pk=ada.pk).version
    cleo = UserFactory.create(username="cleo")
    add_members(room, 1)
    room.memberships.create(user=cleo)
    other = post(room, ada, "||A secret||")
    for person, emoji in ((ben, "🎉"), (cleo, "🎉"), (ben, "👀"), (ada, "👍")):
        react(message, person, emoji)
    react(other, ben, "👍")
    assert lines(as_ada) == [
        "👍 thumbs up Ben Okri",
        "🎉 2 👀 tada, eyes Cleo and Ben Okri",
    ]
    page = as_ada.get(INBOX)
    assert "A secret" not in Page(page).all("new-reactions")[0].text
    assert badge(Page(page), "inbox") == ""
    assert User.objects.get(pk=ada.pk).version == before
    assert "You are all caught up" in page.content.decode()


def test_what_was_seen_is_gone_and_what_came_meanwhile_stays(
    as_ada: Client, ben: User, message: Message
) -> None:
    react(message, ben, "🎉")
    shown = newest()
    react(message, ben, "👀")
    answer = as_ada.post(SEEN, {"newest": shown}, headers={**FRAGMENT, "HX-Target": "div#list"})
    assert "👀" in answer.content.decode()
    assert len(lines(as_ada)) == 1
    assert "🎉" not in lines(as_ada)[0]
    assert as_ada.post(SEEN, {"newest": newest()})["Location"] == INBOX
    as_ada.post(SEEN, {"newest": shown})  # sent late: what was seen stays seen
    as_ada.post(SEEN, {"newest": "x"})
    assert lines(as_ada) == []


def test_it_is_a_setting(as_ada: Client, ben: User, message: Message) -> None:
    react(message, ben, "🎉")
    form = {"default_notification_level": "all", "title_counts": "all"}
    as_ada.post(reverse("account_notifications"), form)
    assert lines(as_ada) == []
    as_ada.post(reverse("account_notifications"), {**form, "lists_reactions": "on"})
    assert len(lines(as_ada)) == 1


GONE: dict[str, Callable[[Message, User, User], object]] = {
    "taken back": lambda message, ada, ben: unreact(message, ben, "🎉"),
    "removed": lambda message, ada, ben: message.remove(by=ada),
    "left": lambda message, ada, ben: leave(message.conversation, ada),
    "blocked": lambda message, ada, ben: block(ada, ben),
    "deleted": lambda message, ada, ben: ben.delete(),
}


@pytest.mark.parametrize("how", GONE)
def test_nothing_is_left_of_what_is_gone(
    as_ada: Client, ada: User, ben: User, message: Message, how: str
) -> None:
    react(message, ben, "🎉")
    GONE[how](message, ada, ben)
    assert lines(as_ada) == []


def test_it_stands_in_the_parts_for_the_person_alone(as_ada: Client, ben: User, message: Message) -> None:
    react(message, ben, "🎉")
    assert len(lines(as_ada, f"{INBOX}?show=for-me")) == 1
    assert lines(as_ada, f"{INBOX}?show=rooms") == lines(as_ada, f"{INBOX}?show=later") == []


def test_a_picture_of_a_custom_emoji_is_shown(as_ada: Client, ben: User, message: Message) -> None:
    custom_emoji("sloop")
    react(message, ben, ":sloop:")
    assert 'alt=":sloop:"' in str(as_ada.get(INBOX).content.decode())


def test_many_take_as_many_queries_as_one(as_ada: Client, ada: User, ben: User, room: Conversation) -> None:
    costs = []
    for number in (1, MOST_SHOWN + 2):
        for place in range(number):
            react(post(room, ada, f"message {place}"), ben, "🎉")
        with statements() as found:
            new_reactions(User.objects.get(pk=ada.pk))
        costs.append(len(found))
    assert costs[0] == costs[1]
    assert "and to 3 more messages" in as_ada.get(INBOX).content.decode()
