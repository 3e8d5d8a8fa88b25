"""People write in a room through several server processes; every process must show it at once."""

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

MAX_ROOTS = 8  # number of roots after which a new room is used, so that one page shows the whole room
PASSWORD = "three grey seals"


class Scenario:
    def __init__(self, servers: list[str], sign_in: SignIn) -> None:
        self.chance = random.Random(3)
        self.servers, self.sign_in = servers, sign_in
        self.words = (f"word{number}" for number in count())
        self.ada, self.ben, self.cleo = (UserFactory.create(username=name) for name in ("ada", "ben", "cleo"))
        self._browsers: dict[tuple[str, int], Browser] = {}
        self.start_new_room()

    def start_new_room(self) -> None:
        """Use a new room, before the old one fills more than a page."""
        self.room = RoomFactory.create(by=self.ada, members=[self.ben, self.cleo])
        post(self.room, self.ada, next(self.words))

    # What people do, each by requests to one server

    def send(self, server: str) -> None:
        if self.rows(parent_message=None).count() >= MAX_ROOTS:
            self.start_new_room()
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
        """Each server has cached what she saw, and must not show it any more."""
        self.expect_all(self.cleo, 200)
        self.post(server, self.cleo, "conversation_leave", self.room)
        self.expect_all(self.cleo, 404)
        self.post(server, self.cleo, "conversation_join", self.room)
        self.expect_all(self.cleo, 200)

    def rename(self, server: str) -> None:
        """In the test process, as from a Django shell."""
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

    # What must be shown

    def expect_shown(self) -> None:
        """Every server shows Ben the same list as the database; one server also the whole page."""
        roots = [root for root in self.rows() if root.parent_message_id is None]
        threads = {root.pk: list(self.rows(thread_root=root)) for root in roots}
        counts = [sum(not reply.is_removed for reply in replies) for replies in threads.values()]
        root = self.chance.choice(roots)
        shown = self.chance.sample(self.servers, len(self.servers))
        for server, name in [*product(shown, ["message_list"]), (shown[0], "conversation")]:
            page = Page(self.browser(server, self.ben).get_cached(reverse(name, args=[self.room.pk])))
            assert shown_messages(page) == [as_shown(one) for one in roots]
            summaries = [one.text.split("last")[0].split() for one in page.all("summary")]
            assert [int(words[-2]) for words in summaries] == [one for one in counts if one]
        for server in shown:
            page = Page(self.browser(server, self.ben).get_cached(reverse("thread_list", args=[root.pk])))
            assert shown_messages(page) == [as_shown(one) for one in [root, *threads[root.pk]]]

    def expect_all(self, person: User, status: int) -> None:
        """Every server returns this status for the list and a thread; only a 200 contains messages."""
        thread = reverse("thread_list", args=[self.any_of(parent_message=None).pk])
        for server in self.servers:
            for path in (reverse("message_list", args=[self.room.pk]), thread):
                answer = self.browser(server, person).get_cached(path)
                assert (server, path, answer.status_code) == (server, path, status)
                assert (b"word" in answer.content) == (status == 200)

    def rows(self, **conditions: Any) -> QuerySet[Message]:
        messages = Message.objects.filter(conversation=self.room, **conditions)
        return messages.select_related("sender").order_by("seq")

    def said(self, **conditions: Any) -> list[Message]:
        """Ada's messages that were not removed."""
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


def as_shown(message: Message) -> tuple[str, str]:
    """Author and text; empty for a removed message."""
    author = message.author
    return (author.name, message.content) if author else ("", "")


def shown_messages(page: Page) -> list[tuple[str, str]]:
    """Author and text of each message on a page."""
    lines = {id(article): ["", ""] for article in page.all("message")}
    for place, kind in enumerate(("name", "prose")):
        for element in page.all(kind):
            article = next(one for one in element.inside if "message" in one.classes)
            lines[id(article)][place] = element.text.strip()
    return [(name, text) for name, text in lines.values()]
