"""A small world for tests of unauthorised access: five messages in several rooms, each with its own words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from messaging.models import Conversation, CustomEmoji, Installation, Membership, Message, User, UserGroup
from messaging.models.inbox.reminders import remind_again
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.preparing import prepare_picture
from messaging.models.messages.saving import post
from messaging.models.messages.scheduling import schedule
from messaging.models.messages.uploading import upload
from messaging.models.people.managing_groups import add_to_group, create_group
from messaging.models.rooms.members import add, leave
from tests.drafts import draft
from tests.factories import (
    RoomFactory,
    UserFactory,
    custom_emoji,
    link_preview,
    stored_picture,
    uploaded_picture,
)
from tests.pushing.service import Browser, PushService
from tests.security.outcomes import PERSONAS
from tests.views.cached import address, cached_lists
from tests.views.page import FRAGMENT

# A direct conversation's partner is secret, but not that this person is a member of the site.
NAMES = {"shown-emil"}
SCHEDULED = "qscheduled"
DRAFT = "qdraft"
INSIDERS = frozenset({"guest", "member", "moderator", "author"})


@dataclass
class Place:
    """A message somewhere, and the words that only `readers` may see."""

    name: str
    message: Message
    file: int  # the id of its picture
    preview: int  # the id of its link preview
    secrets: set[str]
    readers: frozenset[str]
    removed_words: set[str] = field(default_factory=set)  # the secrets that nobody may see any more

    @property
    def conversation(self) -> Conversation:
        return self.message.conversation


@dataclass
class World:
    people: dict[str, User]
    places: list[Place]
    sessions: dict[str, str]
    open_browser: Callable[[], Client]
    emoji: CustomEmoji
    group: UserGroup  # of the author, and open
    scheduled: int  # what the author is going to send
    draft: int  # what the author has typed and not sent, beside each of their own messages too
    reminder: int  # a reminder in the inbox of the author
    push: int  # the push subscription of a browser of the author, at an address that is never reached

    def browser(self, persona: str) -> Client:
        client = self.open_browser()
        if persona in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[persona]
        return client

    def warm_up(self) -> None:
        """Everybody opens the lists that they may see."""
        for place in self.places:
            for client in map(self.browser, ("author", "dora")):
                for name in cached_lists():
                    client.get(address(name, place.message), headers=FRAGMENT)

    def forbidden_to(self, persona: str) -> set[str]:
        hidden = (one.removed_words if persona in one.readers else one.secrets for one in self.places)
        return set().union(*hidden, () if persona == "author" else (SCHEDULED, DRAFT))


def written(
    name: str, conversation: Conversation, by: User, other: User, readers: frozenset[str] = frozenset()
) -> Place:
    """A message with a history, a task, a poll and a reply, all of planted words."""
    picture = upload(SimpleUploadedFile(f"{name}file.png", uploaded_picture()), by)
    prepare_picture.func(picture.pk)
    poll = NewPoll((f"{name}choice", "None"))
    message = post(conversation, by, f"{name}first", files=[picture.pk], poll=poll)
    message.edit(f"- [ ] {name}now")
    preview = link_preview(message, f"https://{name}.example/", f"{name}title")
    post(conversation, other, f"{name}answer", parent=message)
    secrets = {f"{name}{what}" for what in ("first", "now", "answer", "file.png", "choice", "title")}
    return Place(name, message, picture.pk, preview.pk, secrets, readers)


def make_world(browser: Callable[..., Client]) -> World:
    names = [*PERSONAS[1:], "dora", "emil"]
    roles = {"guest": User.Role.GUEST, "administrator": User.Role.ADMINISTRATOR}
    people = {
        name: UserFactory.create(
            username=f"the-{name}", display_name=f"shown-{name}", role=roles.get(name, User.Role.MEMBER)
        )
        for name in names
    }
    people["author"].set_avatar(stored_picture())
    people["author"].save()
    team = Installation.objects.current()
    team.set_picture(stored_picture())
    team.save()
    cookie = settings.SESSION_COOKIE_NAME
    places = [*own_places(people), *places_of_others(people["dora"], people["emil"])]
    sessions = {name: browser(person).cookies[cookie].value for name, person in people.items()}
    User.objects.filter(pk=people["deactivated"].pk).update(is_active=False)  # but the session is kept
    emoji = custom_emoji("sloop", by=people["administrator"])
    author = people["author"]
    group = create_group(people["administrator"], "qgroup", "Sailors", is_open=True)
    add_to_group(group, [author], people["administrator"])
    schedule(author, places[0].conversation, SCHEDULED, timezone.now() + timedelta(days=1), uuid4())
    typed = draft(author, places[0].conversation, DRAFT)
    for place in places[:2]:
        draft(author, place.conversation, DRAFT, reply_to=place.message)
    remind_again(author, places[0].message)
    return World(
        people,
        places,
        sessions,
        browser,
        emoji,
        group,
        author.scheduled.get().pk,
        typed.pk,
        author.reminders.get(is_due=True, about=places[0].message.pk).pk,
        Browser(author, "/").subscribe(PushService(port=1)).pk,
    )


def own_places(people: dict[str, User]) -> list[Place]:
    """A message in a private room, and a removed one there; another person was a member once."""
    author, member, former = (people[name] for name in ("author", "member", "ex-member"))
    others = [former, people["guest"], people["deactivated"]]
    room = RoomFactory.create(name="qownname", by=author, members=[member, *others], is_private=True)
    add(room, people["moderator"], role=Membership.Role.MODERATOR)
    there = written("qown", room, author, member, INSIDERS)
    there.secrets.add("qownname")
    removed = written("qremoved", room, author, member, INSIDERS)
    removed.message.remove(by=author)
    removed.removed_words = removed.secrets - {"qremovedanswer"}
    remind_again(former, there.message)  # which saves it too
    leave(room, former)
    return [there, removed]


def places_of_others(dora: User, emil: User) -> list[Place]:
    room = RoomFactory.create(
        name="qothername", topic="qothertopic", by=dora, members=[emil], is_private=True
    )
    other = written("qother", room, dora, emil)
    other.secrets |= {"qothername", "qothertopic"}
    direct = written("qdirect", Conversation.objects.direct(dora, emil), dora, emil)
    direct.secrets |= NAMES
    return [other, direct, written("qopen", RoomFactory.create(by=dora, members=[emil]), dora, emil)]
