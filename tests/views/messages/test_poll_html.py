"""What every reader is shown of a poll: the same HTML, which names nobody in an anonymous one."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from messaging.http.rate_limits import fill_all_buckets
from messaging.models import Conversation, Message, PollVote, User
from messaging.models.messages.voting import end_poll, vote
from messaging.rendering.personal_css import blocked_css, viewer_css
from messaging.rendering.polls import MOST_MARKED
from messaging.rendering.rows import timeline_row
from tests.views.growing import add_members
from tests.views.messages.test_polls import address, first_choice, poll_in
from tests.views.page import FRAGMENT

pytestmark = pytest.mark.django_db


def html_of(message: Message) -> str:
    found = Message.objects.select_related("sender", "conversation").get(pk=message.pk)
    return timeline_row(found, 1).message_html


def test_the_html_is_the_same_for_everybody_and_their_own_style_marks_their_choice(
    room: Conversation, ada: User, ben: User, browser: Callable[[User], Client]
) -> None:
    ben.time_zone = "Asia/Tokyo"
    ben.save()
    poll = poll_in(room, ada)
    for user in (ben, ada):
        vote(poll, user, first_choice(poll))
    end_poll(poll, ada)  # it shows a time
    lists = set()
    for user in (ada, ben):
        fill_all_buckets()
        place = reverse("message_list", args=[room.pk])
        lists.add(browser(user).get(place, headers=FRAGMENT).content)
    assert len(lists) == 1
    html = html_of(poll)
    assert f'data-by="{ben.pk} {ada.pk}"' in html
    assert "2 votes: Ben Okri and Ada Lovelace" in html
    assert f'.poll-choice[data-by~="{ben.pk}"]' in viewer_css(ben.pk)
    assert ".poll)" in blocked_css([ada.pk])  # of somebody who is blocked it is hidden


def test_nobody_learns_who_voted_for_what_in_an_anonymous_poll(
    room: Conversation, ada: User, ben: User, browser: Callable[[User], Client]
) -> None:
    poll = poll_in(room, ada, is_anonymous=True)
    vote(poll, ben, first_choice(poll))
    html = html_of(poll)
    assert "data-by" not in html
    assert "Ben" not in html
    page = browser(ada).get(address("message_poll", poll), headers=FRAGMENT).content.decode()
    assert "Ben" not in page
    assert "Your vote" not in page
    assert "Only you can see your vote." in page
    page = browser(ben).get(address("message_poll", poll), headers=FRAGMENT).content.decode()
    assert page.count("Your vote") == 1


def test_of_very_many_people_nobody_is_marked_and_the_html_stays_small(room: Conversation, ada: User) -> None:
    poll = poll_in(room, ada)
    add_members(room, MOST_MARKED)
    choice = first_choice(poll)
    members = room.memberships.values_list("user", flat=True)
    PollVote.objects.bulk_create(PollVote(message=poll, choice_id=choice, user_id=pk) for pk in members)
    html = html_of(poll)
    assert "data-by" not in html
    assert f"{MOST_MARKED + 2} votes" in html
    assert "and 182 others" in html
    assert len(html) < 6_000
