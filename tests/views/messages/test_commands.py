"""Commands that are typed as messages: what each does, who may, and what stays a text."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Membership, Message, ScheduledMessage, User
from messaging.models.messages.saving import post
from messaging.models.people.preferences import NotificationLevel
from messaging.models.rooms.settings import archive
from tests.factories import UserFactory
from tests.views.inbox.reading import url
from tests.views.page import FRAGMENT, Answer, Page

pytestmark = pytest.mark.django_db


def typed(client: Client, text: str, at: Conversation | Message, **more: object) -> Answer:
    """Sent by a plain form: to a conversation, or as a reply."""
    name = "message_send" if isinstance(at, Conversation) else "message_reply"
    return client.post(url(at, name), {"content": text, **more})


def refusal(answer: Answer) -> str:
    assert answer.status_code == 422
    return " ".join(one.text for one in Page(answer).all("composer-fields")).replace("\n", " ")


def sent() -> list[str]:
    return list(Message.rows.order_by("pk").values_list("content", flat=True))


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("/me waves", "*waves*"),
        ("/shrug", r"¯\_(ツ)_/¯"),
        ("//topic is a command", "/topic is a command"),
        (" /topic is a command", " /topic is a command"),
        ("/etc/passwd is missing", "/etc/passwd is missing"),
        *(("/ 2", "/ 2"), ("\n/mute", "/mute"), ("/mu\u202ete", "/mute")),
    ],
)
@pytest.mark.parametrize("is_htmx", [False, True])
def test_texts_are_sent_also_twice_under_one_id(
    as_ben: Client, room: Conversation, text: str, content: str, is_htmx: bool
) -> None:
    data = {"content": text, "client_id": uuid4()}
    for _ in range(2):
        answer = as_ben.post(url(room, "message_send"), data, headers=FRAGMENT if is_htmx else None)
        assert answer.status_code == (200 if is_htmx else 302)
    assert sent() == [content]


def test_what_was_sent_before_is_recognised_when_it_may_not_be_sent_any_more(
    as_ben: Client, ada: User, room: Conversation
) -> None:
    data = {"content": "/me waves", "client_id": uuid4()}
    as_ben.post(url(room, "message_send"), data)
    archive(room, by=ada)
    assert as_ben.post(url(room, "message_send"), data).status_code == 302
    assert sent() == ["*waves*"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/topik Low water", "There is no command /topik. Did you mean /topic?"),
        ("/qqq", "There is no command /qqq. /help lists all. To send it as a text, begin with // or"),
        ("/me", "Write something after it."),
        ("/topic Low water", "Only administrators of a room can change its topic."),
        ("/invite @nobody", "You cannot add people here."),
        ("/msg @nobody Hi", "Nobody here is called @nobody."),
        ("/remind", "When? For example: /remind in 2 hours call Ada"),
        ("/status " + "x" * 500, "limit"),
        ("/poll " + "x" * 2001, "This is too long for a command"),
    ],
)
@pytest.mark.parametrize("headers", [None, FRAGMENT], ids=["page", "htmx"])
def test_what_is_refused_says_why_and_keeps_the_text(
    as_ben: Client, room: Conversation, text: str, why: str, headers: dict[str, str] | None
) -> None:
    answer = as_ben.post(url(room, "message_send"), {"content": text, "client_id": uuid4()}, headers=headers)
    assert why in refusal(answer)
    assert Page(answer).field_value() == text
    assert sent() == []


def test_a_refused_command_keeps_the_text_of_a_reply(as_ben: Client, message: Message) -> None:
    answer = typed(as_ben, "/topik", message)
    assert (answer.status_code, Page(answer).field_value()) == (422, "/topik")
    assert "Did you mean /topic?" in answer.content.decode()


def test_the_topic_is_changed_by_administrators_and_the_name_stays(
    as_ada: Client, room: Conversation
) -> None:
    answer = typed(as_ada, "/Topic Ships \n and tides", room)
    assert answer["Location"] == url(room, "conversation")
    room.refresh_from_db()
    assert (room.name, room.topic) == ("Harbour", "Ships and tides")
    assert typed(as_ada, "/topic", room)["Location"] == url(room, "conversation_settings")
    assert sent() == []


def test_people_are_added_by_their_usernames(as_ada: Client, room: Conversation) -> None:
    for name in ("cleo", "dora"):
        UserFactory.create(username=name)
    typed(as_ada, "/invite @cleo, Dora @ben", room)
    members = room.memberships.values_list("user__username", flat=True)
    assert set(members) == {"ada", "ben", "cleo", "dora"}
    assert "They are here already." in refusal(typed(as_ada, "/invite @cleo", room))
    assert "Nobody here is called @eve" in refusal(typed(as_ada, "/invite @eve", room))
    assert typed(as_ada, "/invite", room)["Location"] == url(room, "conversation_members")


def test_mute_and_unmute_are_the_persons_own(as_ben: Client, ben: User, room: Conversation) -> None:
    def levels() -> dict[str, str]:
        rows = Membership.objects.filter(conversation=room)
        return dict(rows.values_list("user__username", "notification_level"))

    typed(as_ben, "/mute", room)
    assert levels() == {"ada": NotificationLevel.ALL, "ben": NotificationLevel.MUTED}
    User.objects.filter(pk=ben.pk).update(default_notification_level=NotificationLevel.PERSONAL)
    typed(as_ben, "/unmute", room)
    assert levels()["ben"] == NotificationLevel.PERSONAL


def test_status_and_away(as_ben: Client, ben: User, room: Conversation) -> None:
    for text, status in (("/status At the pier", "At the pier"), ("/away", "Away"), ("/away Lunch", "Lunch")):
        typed(as_ben, text, room)
        ben.refresh_from_db()
        assert ben.status == status
    assert typed(as_ben, "/status", room)["Location"] == reverse("account_status")


@pytest.mark.parametrize("name", ["msg", "dm"])
def test_a_private_message_is_sent_once_and_leads_there(
    as_ben: Client, ada: User, ben: User, room: Conversation, name: str
) -> None:
    for _ in range(2):
        answer = typed(
            as_ben, f"/{name} @ada The key is here", room, client_id="5e4ac0de-0000-4000-8000-000000000000"
        )
    direct = Conversation.objects.direct(ben, ada)
    assert answer["Location"] == url(direct, "conversation")
    assert sent() == ["The key is here"]
    assert Message.rows.get().conversation == direct
    assert typed(as_ben, f"/{name} ada", room)["Location"] == url(direct, "conversation")
    assert typed(as_ben, f"/{name}", room)["Location"] == reverse("conversation_new")


def test_others_lead_to_pages_with_what_was_typed(
    as_ben: Client, room: Conversation, message: Message
) -> None:
    page = as_ben.get(typed(as_ben, "/poll Lunch?\nSoup\nHerring", room)["Location"])
    assert (Page(page).field_value("question"), Page(page).field_value("choices")) == (
        "Lunch?",
        "Soup\nHerring",
    )
    assert typed(as_ben, "/search low water", room)["Location"] == reverse("search") + "?q=low+water"
    assert typed(as_ben, "/leave", room)["Location"] == url(room, "conversation_leave")
    assert typed(as_ben, "/remind", message)["Location"] == url(message, "message_remind")
    for name in ("/help", "/?"):
        assert typed(as_ben, name, room)["Location"] == url(room, "conversation_commands")
        assert typed(as_ben, name, message)["Location"] == url(message, "message_commands")
    assert Membership.objects.filter(conversation=room).count() == 2


def test_a_script_is_told_where_to_go_or_what_was_done(as_ben: Client, room: Conversation) -> None:
    answer = as_ben.post(url(room, "message_send"), {"content": "/help"}, headers=FRAGMENT)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, url(room, "conversation_commands"))
    answer = as_ben.post(url(room, "message_send"), {"content": "/mute"}, headers=FRAGMENT)
    assert (answer.status_code, Page(answer).all("notice")[0].text[:6]) == (200, "Muted.")


def offered(client: Client, at: Conversation | Message, headers: dict[str, str] | None = None) -> set[str]:
    name = "conversation_commands" if isinstance(at, Conversation) else "message_commands"
    page = Page(client.get(url(at, name), headers=headers))
    if headers:
        return {one.attributes["data-text"][1:] for one in page.elements if "data-text" in one.attributes}
    return {one.text[1:] for one in page.elements if one.tag == "kbd" and one.text.startswith("/")}


def test_only_what_can_be_used_is_offered(
    as_ada: Client, as_ben: Client, room: Conversation, direct: Conversation, message: Message
) -> None:
    everywhere = {"me", "shrug", "mute", "unmute", "status", "away", "msg", "search", "help", "remind"}
    assert offered(as_ben, direct, FRAGMENT) == everywhere | {"poll"}
    assert offered(as_ben, room, FRAGMENT) == everywhere | {"poll", "leave"}
    assert offered(as_ada, room, FRAGMENT) == everywhere | {"poll", "leave", "topic", "invite"}
    assert offered(as_ben, message, FRAGMENT) == everywhere | {"poll", "leave"}
    assert offered(as_ben, room) == everywhere | {"poll", "leave", "dm", "?"}


def test_what_is_offered_takes_few_queries(
    room: Conversation, message: Message, cost: Callable[..., int]
) -> None:
    assert cost(url(room, "conversation_commands"), headers=FRAGMENT) <= 6
    assert cost(url(message, "message_commands"), headers=FRAGMENT) <= 6


def test_nothing_is_a_command_in_an_edit(as_ben: Client, ben: User, room: Conversation) -> None:
    message = post(room, ben, "Low water")
    as_ben.post(url(message, "message_edit"), {"content": "/mute", "revision": 0})
    assert sent() == ["/mute"]
    assert not Membership.objects.filter(notification_level=NotificationLevel.MUTED).exists()


def test_a_command_is_not_scheduled_but_its_text_is(as_ben: Client, room: Conversation) -> None:
    answer = as_ben.post(url(room, "message_schedule"), {"content": "/mute", "when": "1"})
    assert (answer.status_code, Page(answer).field_value()) == (422, "/mute")
    assert "A command cannot be scheduled." in answer.content.decode()
    for text in ("//mute", "/me waves"):
        as_ben.post(url(room, "message_schedule"), {"content": text, "when": "1", "client_id": uuid4()})
    assert list(ScheduledMessage.objects.order_by("pk").values_list("text", flat=True)) == [
        "/mute",
        "*waves*",
    ]
    scheduled = ScheduledMessage.objects.get(text="/mute")
    form = Page(as_ben.get(reverse("scheduled_edit", args=[scheduled.pk])))
    assert form.field_value() == "//mute"


def test_a_preview_shows_what_will_be_sent(as_ben: Client, room: Conversation) -> None:
    answer = as_ben.post(url(room, "conversation_preview"), {"content": "/me waves"}, headers=FRAGMENT)
    assert "<em>waves</em>" in answer.content.decode()


@pytest.mark.parametrize("text", ["/invite \0", "/topic \u202e", "/invite " + "@" * 200])
def test_what_cannot_be_stored_is_refused(as_ada: Client, room: Conversation, text: str) -> None:
    assert typed(as_ada, text, room).status_code in (302, 422)
    assert sent() == []


def test_line_ends_of_browsers_are_line_ends(as_ben: Client, room: Conversation) -> None:
    page = as_ben.get(typed(as_ben, "/poll Lunch?\r\nSoup\r\nHerring", room)["Location"])
    assert (Page(page).field_value("question"), Page(page).field_value("choices")) == (
        "Lunch?",
        "Soup\nHerring",
    )


def test_somebody_who_has_left_runs_nothing(as_stranger: Client, room: Conversation) -> None:
    assert typed(as_stranger, "/topic Mine", room).status_code == 404
    room.refresh_from_db()
    assert room.topic != "Mine"
