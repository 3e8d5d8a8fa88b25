"""Reacting by forms, with script and without, and what every reader is shown of it."""

from collections.abc import Callable
from itertools import islice

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from messaging.http.rate_limits import fill_all_buckets
from messaging.models import Conversation, Message, Reaction, User
from messaging.models.messages.reacting import MOST_KINDS, react
from messaging.models.messages.removal import remove
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from messaging.rendering.personal_css import blocked_css, viewer_css
from messaging.rendering.reactions import MOST_MARKED, names
from messaging.rendering.rows import timeline_row
from messaging.text.emoji_choice import every_emoji
from tests.factories import UserFactory
from tests.views.growing import add_members, react_in_bulk
from tests.views.page import FRAGMENT

pytestmark = pytest.mark.django_db


def address(name: str, message: Message) -> str:
    return reverse(name, args=[message.pk])


def current(message: Message) -> Message:
    return Message.objects.select_related("sender", "conversation").get(pk=message.pk)


def html_of(message: Message) -> str:
    return timeline_row(current(message), 1).message_html


def test_a_press_sets_and_another_verb_takes_back(
    message: Message, ben: User, browser: Callable[[User], Client]
) -> None:
    client = browser(ben)
    for name, count in (("message_react", 1), ("message_react", 1), ("message_unreact", 0)):
        answer = client.post(address(name, message), {"emoji": "🎉"}, headers=FRAGMENT)
        assert answer.status_code == 200
        assert f'hx-target="#m-{message.pk} &gt; .message"' in answer.content.decode()
        assert Reaction.objects.count() == count
        assert answer.content.decode().count("data-by=") == 2 * count  # in the timeline, and in the thread


# As htmx sends it for a reaction below the message, also below that of a reminder, and for the picker.
@pytest.mark.parametrize("target", ["div#i-1", "div#i-r1", "div#slot-i-1"])
def test_a_message_in_the_inbox_changes_too(
    message: Message, ben: User, browser: Callable[[User], Client], target: str
) -> None:
    headers = {**FRAGMENT, "HX-Target": target}
    answer = browser(ben).post(address("message_react", message), {"emoji": "🎉"}, headers=headers)
    assert f"#i-{message.pk} &gt; .message" in answer.content.decode()


def test_without_script_the_page_says_who_and_has_a_form_for_each(
    message: Message, ada: User, ben: User, browser: Callable[[User], Client]
) -> None:
    react(message, ada, "🎉")
    client = browser(ben)
    page = client.get(address("message_reactions", message)).content.decode()
    assert '<span class="reaction-names" dir="auto">Ada Lovelace</span>' in page
    assert "React with 🎉" in page
    answer = client.post(address("message_react", message), {"emoji": "🎉"})
    assert answer["Location"].endswith(f"#m-{message.pk}")
    page = client.get(address("message_reactions", message)).content.decode()
    assert "Take 🎉 back" in page
    assert "Ada Lovelace and Ben Okri" in page


@pytest.mark.parametrize(
    ("query", "found"), [("taDA", ["🎉"]), (":thumbs", ["👍", "👎"]), ("thumbs up", ["👍"]), ("xyz", [])]
)
def test_without_script_the_emoji_can_be_searched(
    message: Message, ben: User, browser: Callable[[User], Client], query: str, found: list[str]
) -> None:
    answer = browser(ben).get(address("message_reactions", message), {"q": query}).content.decode()
    assert [one for one in every_emoji() if f'value="{one}"' in answer] == found


def test_the_picker_begins_with_what_was_used_last(
    message: Message, ben: User, browser: Callable[[User], Client]
) -> None:
    react(message, ben, "🐙")
    answer = browser(ben).get(address("message_reactions", message), headers=FRAGMENT).content.decode()
    assert answer.index('value="🐙"') < answer.index('value="👍"') < answer.index('value="😄"')
    assert all(f'value="{one}"' in answer for one in every_emoji())


@pytest.mark.parametrize("headers", [None, FRAGMENT], ids=["page", "htmx"])
def test_a_refusal_says_why(
    message: Message, ben: User, browser: Callable[[User], Client], headers: dict[str, str] | None
) -> None:
    for emoji in islice(every_emoji(), MOST_KINDS):
        react(message, ben, emoji)
    client = browser(ben)
    for emoji, why in ((":nothing:", "no such emoji"), ("🚀", f"{MOST_KINDS} different emoji")):
        answer = client.post(address("message_react", message), {"emoji": emoji}, headers=headers)
        assert answer.status_code == 422
        assert why in answer.content.decode()


def test_one_who_presses_too_fast_has_to_wait(
    message: Message, ben: User, browser: Callable[[User], Client], settings: LazySettings
) -> None:
    settings.LIMITS = {**settings.LIMITS, "react": (1, 0.1)}
    fill_all_buckets()
    client = browser(ben)
    statuses = [
        client.post(address("message_react", message), {"emoji": "🎉"}, headers=FRAGMENT) for _ in range(2)
    ]
    assert [answer.status_code for answer in statuses] == [200, 429]
    assert statuses[1]["Retry-After"] == "10"


def test_a_removed_message_has_no_reactions_any_more(
    message: Message, ada: User, ben: User, browser: Callable[[User], Client]
) -> None:
    remove(message, by=ada)
    client = browser(ben)
    assert client.get(address("message_reactions", message)).status_code == 404
    for name in ("message_react", "message_unreact"):
        assert client.post(address(name, message), {"emoji": "🎉"}).status_code == 404


def test_the_html_of_a_message_is_the_same_for_everybody_and_their_own_style_lights_theirs_up(
    message: Message, ada: User, ben: User, browser: Callable[[User], Client]
) -> None:
    react(message, ben, "👍🏽")
    react(message, ada, "👍🏽")
    lists = {
        browser(user).get(reverse("message_list", args=[message.conversation_id]), headers=FRAGMENT).content
        for user in (ada, ben)
    }
    assert len(lists) == 1
    html = html_of(message)
    assert f'data-by="{ben.pk} {ada.pk}"' in html
    assert "thumbs up, 2: Ben Okri and Ada Lovelace" in html
    assert "👍🏽 <b>2</b>" in html
    assert f'.reaction[data-by~="{ben.pk}"]' in viewer_css(ben.pk)
    assert f'.reaction[data-by="{ben.pk}"] {{ display: none; }}' in blocked_css([ben.pk])


def test_names_are_escaped(message: Message) -> None:
    nasty = UserFactory.create(display_name='<img src=x onerror="alert(1)">')
    add(message.conversation, nasty)
    react(message, nasty, "🎉")
    assert "<img" not in html_of(message).split('class="reactions"')[1]


def test_a_reply_shows_its_reactions_in_its_thread_alone(
    message: Message, ben: User, browser: Callable[[User], Client]
) -> None:
    reply = post(message.conversation, ben, "Where?", parent=message)
    react(reply, ben, "🎉")
    answer = browser(ben).get(reverse("thread_list", args=[message.pk]), headers=FRAGMENT).content.decode()
    assert answer.count("data-by=") == 1
    assert "data-by=" not in html_of(message)


def test_many_reactions_name_some_people_and_mark_all_of_them(message: Message, room: Conversation) -> None:
    add_members(room, 48)
    react_in_bulk(message, 4)
    html = html_of(message)
    assert html.count("data-by=") == 4
    assert all(f"{pk}" in html for pk in room.memberships.values_list("user", flat=True))
    assert "and 30 others" in html


def test_two_hundred_reactions_of_fifty_kinds_are_fifty_chips_with_all_names(
    message: Message, room: Conversation
) -> None:
    add_members(room, 2)
    react_in_bulk(message, MOST_KINDS)
    assert (MOST_KINDS, Reaction.objects.filter(message=message).count()) == (50, 200)
    html = html_of(message).split('class="reactions"')[1].split("</div>")[0]
    assert html.count('class="reaction"') == html.count("<b>4</b>") == 50
    for person in User.objects.filter(memberships__conversation=room):
        assert html.count(person.display_name) == 50


def test_of_very_many_people_nobody_is_marked_and_the_html_stays_small(
    message: Message, room: Conversation
) -> None:
    add_members(room, 1_000)
    react_in_bulk(message, 1)
    html = html_of(message)
    assert "data-by" not in html
    assert "<b>1002</b>" in html
    assert len(html) < 6_000
    assert MOST_MARKED < 1_000


def test_people_are_listed_in_words() -> None:
    people = [User(username=name) for name in ("ada", "ben", "cleo", "dora")]
    assert names(people[:1]) == "ada"
    assert names(people[:2]) == "ada and ben"
    assert names(people) == "ada, ben, cleo and dora"
    assert names(people, named=3) == "ada, ben, cleo and 1 other"


def test_without_script_a_typed_reaction_is_for_the_newest_message(
    message: Message, ada: User, ben: User, browser: Callable[[User], Client]
) -> None:
    newest = post(message.conversation, ada, "Anchor down")
    post(message.conversation, ada, "gone").remove(by=ada)
    place = reverse("message_send", args=[message.conversation_id])
    answer = browser(ben).post(place, {"content": "+:tada:"}, follow=True)
    assert "You reacted to the message of Ada Lovelace with 🎉" in answer.content.decode()
    assert list(Reaction.objects.values_list("message", "user", "emoji")) == [(newest.pk, ben.pk, "🎉")]
    assert Message.rows.filter(removed_at=None).count() == 2


def test_what_is_no_emoji_is_sent_as_it_was_typed(
    message: Message, ben: User, browser: Callable[[User], Client]
) -> None:
    place = reverse("message_send", args=[message.conversation_id])
    browser(ben).post(place, {"content": "+:nothing:"})
    assert Message.rows.latest("seq").content == "+:nothing:"
    assert not Reaction.objects.exists()
