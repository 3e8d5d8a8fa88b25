"""Task lists on pages: the same for every reader, ticked with script and without."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from messaging.http.rate_limits import fill_all_buckets
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.messages.ticking import let_all_tick, tick
from messaging.models.rooms.settings import archive
from messaging.rendering.personal_css import viewer_css
from messaging.rendering.rows import timeline_row
from messaging.text.tasks import tasks_in
from tests.contract.counting import statements
from tests.views.page import FRAGMENT

pytestmark = pytest.mark.django_db
NASTY = '<img src=x onerror="alert(1)">'


@pytest.fixture
def tasks(room: Conversation, ada: User) -> Message:
    return post(room, ada, f"- [ ] milk\n- [x] {NASTY}")


def address(name: str, message: Message) -> str:
    return reverse(name, args=[message.pk])


def keys(message: Message) -> list[str]:
    return [task.key for task in tasks_in(message.content_html)]


def html_of(message: Message) -> str:
    return timeline_row(
        Message.objects.select_related("sender", "conversation").get(pk=message.pk), 1
    ).message_html


def test_a_press_ticks_with_script_and_without(
    room: Conversation, tasks: Message, as_ada: Client, as_ben: Client, ada: User
) -> None:
    answer = as_ada.post(address("message_tick", tasks), {"task": keys(tasks)[0]}, headers=FRAGMENT)
    assert answer.status_code == 200
    assert 'aria-checked="true" aria-label="milk" title="Done: Ada Lovelace, ' in answer.content.decode()
    answer = as_ada.post(address("message_untick", tasks), {"task": keys(tasks)[0]}, follow=True)
    assert answer.redirect_chain == [(address("message_tasks", tasks), 302)]
    assert "Only you can tick these tasks." in answer.content.decode()
    page = as_ben.get(address("message_tasks", tasks)).content.decode()
    assert "Only <bdi>Ada Lovelace</bdi> can tick these tasks." in page
    assert address("message_tick", tasks) not in page


def test_who_may_tick_is_decided_by_the_server_and_said_in_words(
    tasks: Message, as_ada: Client, as_ben: Client
) -> None:
    milk = {"task": keys(tasks)[0]}
    for headers in (FRAGMENT, None):
        refused = as_ben.post(address("message_tick", tasks), milk, headers=headers)
        assert refused.status_code == 422
        assert "Only the author can tick this list." in refused.content.decode()
        assert as_ben.post(address("tasks_for_all", tasks), headers=headers).status_code == 422
    assert "Let everybody tick" not in as_ben.get(address("message_menu", tasks)).content.decode()
    assert "Let everybody tick" in as_ada.get(address("message_menu", tasks)).content.decode()
    as_ada.post(address("tasks_for_all", tasks))
    assert as_ben.post(address("message_tick", tasks), milk).status_code == 302
    assert "Let only me tick" in as_ada.get(address("message_menu", tasks)).content.decode()
    as_ada.post(address("tasks_for_author", tasks), headers=FRAGMENT)
    assert as_ben.post(address("message_untick", tasks), milk).status_code == 422


def test_a_list_that_was_edited_meanwhile_is_shown_again(tasks: Message, as_ada: Client, ada: User) -> None:
    milk = {"task": keys(tasks)[0]}
    tasks.edit("- [ ] oat milk")
    refused = as_ada.post(address("message_tick", tasks), milk)
    assert refused.status_code == 422
    assert "This list was changed meanwhile." in refused.content.decode()
    assert "oat milk" in refused.content.decode()
    assert as_ada.post(address("message_tick", tasks)).status_code == 422


def test_in_an_archived_room_the_tasks_stay_as_they_are(
    room: Conversation, tasks: Message, as_ada: Client, ada: User
) -> None:
    archive(room, by=ada)
    answer = as_ada.post(address("message_tick", tasks), {"task": keys(tasks)[0]})
    assert answer.status_code == 422
    assert "This room is archived" in answer.content.decode()


def test_messages_without_tasks_and_removed_ones_have_no_page(
    room: Conversation, tasks: Message, as_ada: Client, ada: User
) -> None:
    plain = post(room, ada, "No list")
    tasks.remove(by=ada)
    for message in (plain, tasks):
        assert as_ada.get(address("message_tasks", message)).status_code == 404
        for name in ("message_tick", "message_untick", "tasks_for_all", "tasks_for_author"):
            assert as_ada.post(address(name, message), {"task": "0-0"}).status_code == 404


def test_too_many_presses_wait(tasks: Message, as_ada: Client, settings: LazySettings) -> None:
    settings.LIMITS = {**settings.LIMITS, "react": (1, 0.1)}
    fill_all_buckets()
    milk = {"task": keys(tasks)[0]}
    for verb, status in (("message_tick", 200), ("message_untick", 429)):
        assert as_ada.post(address(verb, tasks), milk, headers=FRAGMENT).status_code == status


def test_the_html_is_the_same_for_all_and_the_stylesheet_shows_the_authors_boxes(
    room: Conversation, tasks: Message, as_ada: Client, as_ben: Client, ada: User
) -> None:
    lists = [
        client.get(reverse("message_list", args=[room.pk]), headers=FRAGMENT) for client in (as_ada, as_ben)
    ]
    assert lists[0].content == lists[1].content
    html = html_of(tasks)
    assert html.count("own-box") == html.count("data-task") == 2
    assert "<img" not in html
    assert f'[data-author~="{ada.pk}"] .own-box' in viewer_css(ada.pk)
    let_all_tick(tasks, ada, all_may=True)
    assert "own-box" not in html_of(tasks)


def test_a_hidden_word_of_a_task_is_not_in_its_label(room: Conversation, ada: User) -> None:
    html = html_of(post(room, ada, "- [ ] the end: ||Rosebud||"))
    assert 'aria-label="the end: [spoiler]"' in html
    assert html.count("Rosebud") == 1


@pytest.mark.parametrize("name", ["conversation", "message_list", "thread_list"])
def test_forty_lists_take_as_many_queries_as_one(
    room: Conversation, ada: User, ben: User, browser: Callable[[User], Client], name: str
) -> None:
    root = post(room, ada, "First")
    place = reverse(name, args=[root.pk if name == "thread_list" else room.pk])
    client, headers = browser(ben), FRAGMENT if name != "conversation" else None
    client.get(place, headers=headers)
    costs = []
    for number in (1, 39):
        for _ in range(number):
            for parent in (None, root):
                message = post(room, ada, "- [ ] milk\n- [ ] tea", parent)
                tick(message, ada, keys(message)[0])
        for alias in ("pages", "fragments"):
            caches[alias].clear()
        with statements() as found:
            assert client.get(place, headers=headers).content.count(b"data-task") >= 4 * number // 2
        costs.append(len(found))
    assert costs[0] == costs[1]
