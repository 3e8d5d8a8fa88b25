"""A room that people write in through one server process after the other, and what must then be shown."""

import random
from itertools import count, product
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet
from django.urls import reverse

from messaging.models import Message, User
from messaging.models.messages.saving import post
from tests.factories import RoomFactory, UserFactory
from tests.served.browser import Browser, SignIn
from tests.views.page import Page

ROOM_LASTS = 8  # roots: a page holds the whole room, and is read quickly
PASSWORD = "three grey seals"


class Town:
    def __init__(self, servers: list[str], sign_in: SignIn) -> None:
        self.chance = random.Random(3)
        self.servers, self.sign_in = servers, sign_in
        self.words = (f"word{number}" for number in count())
        self.ada, self.ben, self.cleo = (UserFactory.create(username=name) for name in ("ada", "ben", "cleo"))
        self._browsers: dict[tuple[str, int], Browser] = {}
        self.move_on()

    def move_on(self) -> None:
        """To a new room, before the old one fills more than a page."""
        self.room = RoomFactory.create(by=self.ada, members=[self.ben, self.cleo])
        post(self.room, self.ada, next(self.words))

    # What people do, each by requests to one server

    def send(self, server: str) -> None:
        if self.rows(parent_message=None).count() >= ROOM_LASTS:
            self.move_on()
        self.post(server, self.ada, "message_send", self.room, content=next(self.words))

    def reply(self, server: str) -> None:
        root = self.any_of(parent_message=None)
        self.post(server, self.ada, "message_reply", root, content=next(self.words))

    def edit(self, server: str) -> None:
        message = self.any_of()
        revision = message.history.count()
        self.post(server, self.ada, "message_edit", message, content=next(self.words), revision=revision)

    def remove(self, server: str) -> None:
        self.post(server, self.ada, "message_remove", self.any_of())
        self.send(server)  # a room is never empty

    def leave_and_come_back(self, server: str) -> None:
        """Each server knows what she was shown, and shows it no more."""
        self.expect_all(self.cleo, 200)
        self.post(server, self.cleo, "conversation_leave", self.room)
        self.expect_all(self.cleo, 404)
        self.post(server, self.cleo, "conversation_join", self.room)
        self.expect_all(self.cleo, 200)

    def rename(self, server: str) -> None:
        """By a process that serves nothing, as the administrator's shell."""
        person = self.chance.choice([self.ada, self.ben])
        person.display_name = f"Name {next(self.words)}"
        person.save()

    def come_and_be_deleted(self, server: str) -> None:
        guest = UserFactory.create(username=next(self.words), password=make_password(PASSWORD))
        self.post(server, guest, "conversation_join", self.room)
        self.post(server, guest, "message_send", self.room, content=next(self.words))
        self.post(server, guest, "message_reply", self.any_of(parent_message=None), content=next(self.words))
        self.expect_all(guest, 200)
        self.expect_shown()
        self.post(server, guest, "account_delete", password=PASSWORD)
        self.expect_all(guest, 302)

    # What must be seen

    def expect_shown(self) -> None:
        """Every server shows ben what the database holds: the lists, and one of them the whole page."""
        roots = [root for root in self.rows() if root.parent_message_id is None]
        threads = {root.pk: list(self.rows(thread_root=root)) for root in roots}
        counts = [sum(not reply.is_removed for reply in replies) for replies in threads.values()]
        root = self.chance.choice(roots)
        shown = self.chance.sample(self.servers, len(self.servers))
        for server, name in [*product(shown, ["message_list"]), (shown[0], "conversation")]:
            page = Page(self.browser(server, self.ben).look(reverse(name, args=[self.room.pk])))
            assert told(page) == [line(one) for one in roots]
            summaries = [one.text.split("last")[0].split() for one in page.all("summary")]
            assert [int(words[-2]) for words in summaries] == [one for one in counts if one]
        for server in shown:
            page = Page(self.browser(server, self.ben).look(reverse("thread_list", args=[root.pk])))
            assert told(page) == [line(one) for one in [root, *threads[root.pk]]]

    def expect_all(self, person: User, status: int) -> None:
        """Every server answers this person so, wherever messages are; and what is no page tells no word."""
        thread = reverse("thread_list", args=[self.any_of(parent_message=None).pk])
        for server in self.servers:
            for path in (reverse("message_list", args=[self.room.pk]), thread):
                answer = self.browser(server, person).look(path)
                assert (server, path, answer.status_code) == (server, path, status)
                assert (b"word" in answer.content) == (status == 200)

    def rows(self, **conditions: Any) -> QuerySet[Message]:
        messages = Message.objects.filter(conversation=self.room, **conditions)
        return messages.select_related("sender").order_by("seq")

    def said(self, **conditions: Any) -> list[Message]:
        """What ada said and did not remove."""
        return list(self.rows(sender=self.ada, removed_at=None, **conditions))

    def any_of(self, **conditions: Any) -> Message:
        return self.chance.choice(self.said(**conditions))

    def browser(self, server: str, person: User) -> Browser:
        key = (server, person.pk)
        if key not in self._browsers:
            self._browsers[key] = self.sign_in(server, person)
        return self._browsers[key]

    def post(self, server: str, person: User, name: str, where: Any = None, **fields: object) -> None:
        path = reverse(name, args=[where.pk] if where else [])
        answer = self.browser(server, person).post(path, **fields)
        assert (name, answer.status_code) == (name, 302)


def line(message: Message) -> tuple[str, str]:
    """Who said what; nobody said a removed message."""
    author = message.author
    return (author.name, message.content) if author else ("", "")


def told(page: Page) -> list[tuple[str, str]]:
    """The same, as a page shows it."""
    lines = {id(article): ["", ""] for article in page.all("message")}
    for place, kind in enumerate(("name", "prose")):
        for element in page.all(kind):
            article = next(one for one in element.inside if "message" in one.classes)
            lines[id(article)][place] = element.text.strip()
    return [(name, text) for name, text in lines.values()]
