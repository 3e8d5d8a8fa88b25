"""More than a thousand hostile texts, in every place where somebody's text is shown: nothing happens.

Nothing runs (no dialog, no error), nothing is requested, and the page has no element or attribute that it
does not have with harmless texts; in messages, none beyond the allow-list.

Only every sixth text is used as a name, and only a few in pages that show a single text. With
PARLEY_TEST_MORE=10 every text is used as a name, and there are ten times as many single pages.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from e2e.chat import Chat
from e2e.messages.test_hostile_text import dialogs_of
from e2e.payloads import cleaned_lines, payloads
from messaging.models import (
    AuditEntry,
    Conversation,
    Invitation,
    Membership,
    Message,
    MessageHistory,
    Notification,
    User,
)
from messaging.models.messages.saving import post
from messaging.text import clean_text, render
from tests.amounts import MORE
from tests.factories import UserFactory
from tests.text.allowed import violations

TOGETHER = 8  # how many texts are joined in one message: one text may close what another has opened
REASONS = 200 * MORE
IN_NAMES = 6 if MORE == 1 else 1  # every sixth text is a name, or every one
IN_FORMS = 4 * MORE  # how many texts are shown in pages that show a single text

# The elements outside of messages, each with the names of its attributes; and what is in the messages (wide
# code and links get a tabindex from our scripts).
SHAPE = """() => {
  const inside = ".prose, .changes, blockquote";
  const outside = [...document.querySelectorAll("*")].filter((one) => !one.parentElement?.closest(inside));
  // Without the box around code, in which is the button that copies it.
  const html = (one) => {
    const copy = one.cloneNode(true);
    for (const box of copy.querySelectorAll(".code:has(> .copies-code)")) {
      box.replaceWith(box.querySelector("pre"));
    }
    // Without what makes the boxes of tasks links for those who may tick, and says their state.
    for (const box of copy.querySelectorAll("a.own-box")) box.remove();
    for (const box of copy.querySelectorAll("span:is(.tick, .ticked)")) {
      for (const name of ["role", "aria-label", "title"]) box.removeAttribute(name);
    }
    return copy.innerHTML.replaceAll(/ tabindex="-?[01]"/g, "");
  };
  // Without what scripts set a moment later: that htmx has read an element, and that a link loads by itself.
  const late = ["data-htmx-powered", "data-loads-itself"];
  const names = (one) => one.getAttributeNames().filter((name) => !late.includes(name)).sort();
  return {
    shape: [...new Set(outside.map((one) => [one.tagName, ...names(one)].join(" ")))],
    prose: [...document.querySelectorAll(".prose")].map(html),
    scripts: [...document.scripts].map((one) => one.src || one.type),
  };
}"""


def joined(texts: list[str]) -> list[str]:
    return ["\n\n".join(texts[start : start + TOGETHER]) for start in range(0, len(texts), TOGETHER)]


@dataclass
class World:
    """Objects that contain the texts, and the pages that show them."""

    viewer: User
    room: Conversation
    thread: Message
    edited: Message
    texts: list[str]
    number: int = 0

    def pages(self) -> Iterator[str]:
        """The pages that show many of the texts."""
        rows = Message.rows.filter(conversation=self.room, parent_message=None).order_by("seq")
        for seq in list(rows.values_list("seq", flat=True))[20::40]:
            yield f"/conversations/{self.room.pk}/?around={seq}"
        replies = Message.rows.filter(thread_root=self.thread).order_by("seq")
        for pk in list(replies.values_list("pk", flat=True))[::200]:
            yield f"/messages/{self.thread.pk}/thread/?at={pk}"
        for number in range(2 + len(self.texts) // TOGETHER, 1, -20):
            yield f"/messages/{self.edited.pk}/history/?before={number}"
        for page in range(1, 2 + self.number // 50):
            yield f"/people/?page={page}"
            yield f"/rooms/?page={page}"
        for page in range(1, 4):
            yield f"/conversations/{self.room.pk}/members/?page={page}"
        yield "/search/?q=in:room"
        for name in ("inbox", "audit_log", "invitation_list"):
            yield reverse(name)

    def single_pages(self) -> Iterator[str]:
        """The pages that show one text, and search pages, which repeat their query."""
        people = self.room.memberships.exclude(user=self.viewer).order_by("pk").select_related("user")
        for person in [place.user for place in people[:IN_FORMS]]:
            yield f"/people/{person.pk}/"
            yield f"/people/{person.pk}/ban/"
            yield f"/rooms/{self.room.pk}/members/{person.pk}/"
        for room in self.viewer.conversations.exclude(pk=self.room.pk).order_by("pk")[:IN_FORMS]:
            yield f"/conversations/{room.pk}/"
            yield f"/conversations/{room.pk}/settings/"
        for text in self.texts[:IN_FORMS]:
            yield from (f"/people/?q={quote(text)}", f"/rooms/?q={quote(text)}")
            yield f"/search/?q={quote(text[:60])}"
        for message in Message.rows.filter(sender=self.viewer, removed_at=None).order_by("pk"):
            for what in ("edit", "reply", "menu", "remove"):
                yield f"/messages/{message.pk}/{what}/"


def written(room: Conversation, senders: Iterator[User], texts: list[str], **fields: object) -> list[Message]:
    """Messages of these people in turn, as an import writes them."""
    first = room.version + 1
    rows = [
        Message(
            conversation=room,
            sender=next(senders),
            content=text,
            content_html=render(text),
            seq=first + number,
            version=first + number,
            **fields,
        )
        for number, text in enumerate(texts)
    ]
    made = Message.rows.bulk_create(rows)
    Conversation.objects.filter(pk=room.pk).update(version=first + len(texts))
    room.refresh_from_db()
    return made


def a_world(name: str, texts: list[str]) -> World:
    """Creates a World with these texts in all fields."""
    viewer = UserFactory.create(username=name, role=User.Role.OWNER)
    names, lines = cleaned_lines(texts, 80)[::IN_NAMES], cleaned_lines(texts, 200)
    people = User.objects.bulk_create(
        User(username=f"{name}{number}", display_name=text) for number, text in enumerate(names)
    )
    rooms = Conversation.objects.bulk_create(
        Conversation(kind="room", name=text, topic=topic, room_key=f"{name} {number}", created_by=people[0])
        for number, (text, topic) in enumerate(zip(names, lines, strict=False))
    )
    room = Conversation.objects.create_room(f"{name} room", by=viewer)
    Membership.objects.bulk_create(Membership(conversation=room, user=person) for person in people)
    Membership.objects.bulk_create(Membership(conversation=one, user=viewer) for one in rooms[:IN_FORMS])
    senders = itertools.cycle(people)
    cleaned = [clean_text(text) for text in texts if text.strip()]
    thread = written(room, senders, joined(cleaned)[:1])[0]
    written(room, senders, joined(cleaned))
    written(room, itertools.repeat(viewer), joined(cleaned)[:: len(joined(cleaned)) // IN_FORMS or 1])
    written(room, senders, cleaned, parent_message=thread, thread_root=thread, depth=1)
    gone = written(room, senders, ["gone"] * min(REASONS, len(lines)))
    for message, reason in zip(gone, lines, strict=False):
        message.content = message.content_html = ""
        message.removed_at, message.removed_by, message.removal_reason = timezone.now(), people[0], reason
    Message.rows.bulk_update(
        gone, ["content", "content_html", "removed_at", "removed_by", "removal_reason"], batch_size=100
    )
    edited = post(room, viewer, "edited")
    MessageHistory.objects.bulk_create(
        MessageHistory(message=edited, number=number, old_content=text, edited_by=people[number])
        for number, text in enumerate(joined(cleaned), start=1)
    )
    Message.rows.filter(pk=edited.pk).update(edited=True, edited_at=timezone.now())
    Notification.objects.bulk_create(
        Notification(user=viewer, message=one, conversation=room, reason="mention")
        for one in Message.rows.filter(conversation=room, removed_at=None).exclude(sender=viewer)[:60]
    )
    Invitation.objects.invite(viewer, rooms=rooms[:IN_FORMS])
    for person, one in zip(people[:30], rooms, strict=False):
        AuditEntry.objects.record(person, AuditEntry.Act.ARCHIVED, person=person, conversation=one)
    return World(viewer, room, thread, edited, texts, len(names))


@pytest.fixture
def worlds(transactional_db: None) -> dict[str, World]:
    return {
        "harmless": a_world("harmless", [*(f"[word {n}](https://a.b) `x`" for n in range(59)), "a\n\n" * 40]),
        "hostile": a_world("hostile", payloads()),
    }


def test_more_than_a_thousand_payloads_do_nothing_anywhere(
    open_page: Callable[..., Page], worlds: dict[str, World], server: str
) -> None:
    assert len(set(payloads())) >= 1_000
    known: set[str] = set()
    for name, world in worlds.items():
        page = open_page(world.viewer)
        page.route("**/{live,seen}/*", lambda route: None)  # what they change would be there now and then
        dialogs, asked = dialogs_of(page), requests_of(page)
        for address in [*world.pages(), *world.single_pages()]:
            answer = page.goto(address, wait_until="load")
            assert answer
            assert (address, answer.status) == (address, 200)
            found = page.evaluate(SHAPE)
            assert [wrong for html in found["prose"] for wrong in violations(html)] == [], address
            if name == "harmless":
                known |= set(found["shape"])
            else:
                assert set(found["shape"]) <= known, address
            assert {urlsplit(one).netloc for one in found["scripts"] if one.startswith("http")} <= {
                urlsplit(server).netloc
            }
        assert dialogs == []
        assert [one for one in asked if not one.startswith(server) or "canary" in urlsplit(one).path] == []


def requests_of(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def test_payloads_do_nothing_when_they_arrive_live_or_are_typed(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, server: str
) -> None:
    page = open_page(ada)
    dialogs, asked = dialogs_of(page), requests_of(page)
    chat = Chat(page).open(room)
    for text in joined(payloads()[::10]):
        post(room, ben, text)
    arrived = chat.timeline.locator(".prose")
    last = post(room, ben, "the last")
    chat.row_with(last.content).wait_for()
    shown = page.evaluate(SHAPE)["prose"]
    assert len(shown) == arrived.count() > 10
    assert [wrong for html in shown for wrong in violations(html)] == []
    mine = post(room, ada, "mine")
    chat.row_with("mine").wait_for()
    for text in joined(payloads()[5::40]):
        form = chat.form(chat.row(mine), "Edit")
        form.submit(text, "Save")
        expect(form.form).to_have_count(0)
    assert dialogs == []
    assert [one for one in asked if not one.startswith(server) or "canary" in urlsplit(one).path] == []
