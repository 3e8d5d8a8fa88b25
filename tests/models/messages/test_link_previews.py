"""Link previews: when they are fetched, what is stored of a page, and when it goes."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils import timezone

from messaging.background.models import QueuedTask
from messaging.models import Conversation, Installation, LinkPreview, Membership, Message, User
from messaging.models.accounts.personal_data import own_messages, what_is_deleted
from messaging.models.messages import preview_results, previewing
from messaging.models.messages.link_preview import KEPT_FOR, RETRY_AFTER
from messaging.models.messages.previewing import FOLDER, fetch_previews, remove_preview
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.factories import RoomFactory, UserFactory, uploaded_picture
from tests.fetching.web import Web, answer, page, served
from tests.queue import run_tasks

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PICTURE = '<meta property="og:image" content="/tides.png">'


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A site with a page, and previews switched on."""
    Installation.objects.row().update(link_previews=True)
    with served() as web:
        monkeypatch.setattr(preview_results, "NETWORK", web)
        web.pages["/tides"] = page("Tides", PICTURE)
        web.pages["/tides.png"] = answer(uploaded_picture(), kind="image/png")
        web.pages["/other"] = page("Other")
        yield web


@pytest.fixture
def room(ada: User, ben: User) -> Conversation:
    return RoomFactory.create(by=ada, members=[ben])


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory.create(username="ada")


@pytest.fixture
def ben(db: None) -> User:
    return UserFactory.create(username="ben")


def pictures() -> set[str]:
    """The names of the stored pictures that are not to be deleted."""
    try:
        return {f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]}
    except FileNotFoundError:
        return set()


@pytest.fixture(autouse=True)
def no_pictures_before() -> None:
    for name in pictures():
        default_storage.delete(name)


def titles(message: Message) -> list[str]:
    rows = LinkPreview.objects.all().of_messages([Message.rows.get(pk=message.pk)])
    return [row.title for row in rows.get(message.pk, [])]


def sent(room: Conversation, by: User, text: str) -> Message:
    message = post(room, by, text)
    run_tasks()
    return message


def test_nothing_is_fetched_until_it_is_switched_on(web: Web, room: Conversation, ada: User) -> None:
    Installation.objects.row().update(link_previews=False)
    message = sent(room, ada, web.url("/tides"))
    assert not QueuedTask.objects.exists()
    Installation.objects.row().update(link_previews=True)
    post(room, ada, web.url("/tides"))
    Installation.objects.row().update(link_previews=False)  # before the task runs
    run_tasks()
    assert (web.requests, titles(message), LinkPreview.objects.count()) == ([], [], 0)


def test_a_page_is_shown_below_the_message(web: Web, room: Conversation, ada: User) -> None:
    message = post(room, ada, f"See {web.url('/tides#low')}")
    assert web.requests == []  # not while it is sent
    run_tasks()
    preview, stored = LinkPreview.objects.get(), Message.rows.get(pk=message.pk)
    assert (preview.title, preview.url, preview.host) == ("Tides", web.url("/tides#low"), "page.example")
    assert pictures() == {preview.picture}
    with default_storage.open(preview.picture) as stored_picture:
        assert stored_picture.read(4) == b"RIFF"
    assert stored.has_link_previews
    assert stored.version == message.version + 1
    assert stored.read == message.read
    assert not stored.edited


def test_a_task_that_runs_twice_does_one_thing(web: Web, room: Conversation, ada: User) -> None:
    message = sent(room, ada, f"{web.url('/tides')} {web.url('/other')}")
    before = (len(web.requests), Message.rows.get(pk=message.pk).version, pictures(), titles(message))
    for _ in range(2):
        fetch_previews.func(message.pk)
        run_tasks()
    assert (len(web.requests), Message.rows.get(pk=message.pk).version, pictures(), titles(message)) == before
    assert before[3] == ["Tides", "Other"]


def test_of_two_tasks_at_once_one_stores(
    web: Web, room: Conversation, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = post(room, ada, web.url("/tides"))
    fetched = previewing.fetched

    def meanwhile(url: str) -> preview_results.Result:
        monkeypatch.setattr(previewing, "fetched", fetched)
        fetch_previews.func(message.pk)
        return fetched(url)

    monkeypatch.setattr(previewing, "fetched", meanwhile)
    fetch_previews.func(message.pk)
    run_tasks()
    assert titles(message) == ["Tides"]
    assert Message.rows.get(pk=message.pk).version == message.version + 1
    assert pictures() == {LinkPreview.objects.get().picture}


@pytest.mark.parametrize("what", ["remove", "edit", "delete"])
def test_what_happens_while_a_page_is_fetched_decides(
    web: Web, room: Conversation, ada: User, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    message = post(room, ada, web.url("/tides"))
    fetched = previewing.fetched

    def meanwhile(url: str) -> preview_results.Result:
        current = Message.objects.get(pk=message.pk)
        match what:
            case "remove":
                current.remove()
            case "edit":
                current.edit("none")
            case "delete":
                current.delete()
        return fetched(url)

    monkeypatch.setattr(previewing, "fetched", meanwhile)
    run_tasks()
    assert (LinkPreview.objects.count(), pictures()) == (0, set())


def test_a_page_that_is_linked_again_within_a_day_is_fetched_once(
    web: Web, room: Conversation, ada: User, ben: User
) -> None:
    first = sent(room, ada, web.url("/tides"))
    second = sent(Conversation.objects.direct(ada, ben), ben, web.url("/tides#other"))
    assert len(web.requests) == 2  # the page and its picture
    assert titles(first) == titles(second) == ["Tides"]
    assert len(pictures()) == 2  # each message has its own
    first.remove()
    run_tasks()
    assert pictures() == {LinkPreview.objects.get().picture}
    LinkPreview.objects.update(tried_at=timezone.now() - KEPT_FOR)
    sent(room, ada, web.url("/tides"))
    assert len(web.requests) == 4


def test_a_failure_is_tried_once_more(web: Web, room: Conversation, ada: User) -> None:
    web.pages["/down"] = answer(b"", "503 Busy")
    message = sent(room, ada, web.url("/down"))
    before = Message.rows.get(pk=message.pk).version
    fetch_previews.func(message.pk)
    assert len(web.requests) == 1  # not yet
    waiting = LinkPreview.objects.get()
    assert (waiting.url, waiting.title, waiting.is_due) == ("", "", False)
    LinkPreview.objects.update(tried_at=timezone.now() - RETRY_AFTER - timedelta(seconds=1))
    web.pages["/down"] = page("Up again")
    fetch_previews.func(message.pk)
    assert titles(message) == ["Up again"]
    assert before == message.version


def test_a_failure_is_not_tried_for_ever(web: Web, room: Conversation, ada: User) -> None:
    web.pages["/down"] = answer(b"", "503 Busy")
    messages = [sent(room, ada, web.url(path)) for path in ("/down", "/missing", "/down")]
    assert len(web.requests) == 2  # the third message knows
    for _ in range(4):
        LinkPreview.objects.update(tried_at=timezone.now() - RETRY_AFTER - timedelta(seconds=1))
        for message in messages:
            fetch_previews.func(message.pk)
            run_tasks()
    assert len(web.requests) == 3
    assert [titles(message) for message in messages] == [[], [], []]


def test_an_edit_decides_which_previews_stay(web: Web, room: Conversation, ada: User) -> None:
    stale = sent(room, ada, web.url("/tides"))  # it does not know of its preview
    stale.edit(f"{web.url('/tides#high')} and {web.url('/other')}")
    run_tasks()
    assert titles(stale) == ["Tides", "Other"]
    message = Message.objects.get(pk=stale.pk)
    message.edit(f"only {web.url('/other')}")
    assert message.has_link_previews
    assert titles(message) == ["Other"]
    stale.edit("none")
    run_tasks()
    assert (titles(message), stale.has_link_previews, pictures()) == ([], False, set())
    assert LinkPreview.objects.count() == 0


def test_a_removed_preview_does_not_come_back(web: Web, room: Conversation, ada: User, ben: User) -> None:
    message, moderator = sent(room, ada, f"{web.url('/tides')} {web.url('/other')}"), UserFactory.create()
    add(room, moderator, role=Membership.Role.MODERATOR)
    tides, other = LinkPreview.objects.select_related("message__conversation").order_by("pk")
    with pytest.raises(ValidationError):
        remove_preview(tides, by=ben)
    for by in (ada, ada):
        changed = remove_preview(tides, by=by)
    assert changed.has_link_previews
    assert titles(message) == ["Other"]
    remove_preview(other, by=moderator)
    for text in ("none", web.url("/tides"), f"{web.url('/tides#again')} {web.url('/other')}"):
        message.edit(text)
        run_tasks()
    stored = LinkPreview.objects.filter(message=message).values_list("url", "title", "site_name", "picture")
    assert set(stored) == {("", "", "", "")}
    assert (titles(message), pictures(), len(web.requests)) == ([], set(), 3)
    assert not Message.rows.get(pk=message.pk).has_link_previews


def test_the_export_of_the_author_has_previews(web: Web, room: Conversation, ada: User) -> None:
    sent(room, ada, f"{web.url('/tides')} {web.url('/missing')}")
    (line,) = map(json.loads, own_messages(ada))
    shown = {"address": web.url("/tides"), "title": "Tides", "description": "", "site": "page.example"}
    assert line["link_previews"] == [shown]
    assert what_is_deleted([ada.pk])["links that were looked up"] == 2
