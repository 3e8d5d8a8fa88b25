"""The pages of reports: of who reports, and of who decides."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from messaging.http import rate_limits
from messaging.models import Conversation, Installation, Message, Report, User
from messaging.models.accounts.reporting import report
from messaging.models.messages.saving import post
from tests.factories import UserFactory
from tests.views.page import Page

pytestmark = pytest.mark.django_db
QUEUE, OWN = reverse("report_list"), reverse("own_reports")
Browser = Callable[[User], Client]


@pytest.fixture
def admin(db: None) -> User:
    return UserFactory.create(username="admin", role=User.Role.ADMINISTRATOR)


@pytest.fixture
def bad(direct: Conversation, ada: User, ben: User, admin: User) -> Message:
    """What Ada wrote to Ben, between other messages."""
    post(direct, ben, "Secret before")
    message = post(direct, ada, "You <b>fool</b>")
    post(direct, ben, "Secret after")
    return message


def test_the_whole_way_of_a_report(browser: Browser, bad: Message, ada: User, ben: User, admin: User) -> None:
    as_ben, as_admin, as_ada = browser(ben), browser(admin), browser(ada)
    place = reverse("message_report", args=[bad.pk])
    assert place in Page(as_ben.get(reverse("message_menu", args=[bad.pk]))).links
    assert place not in Page(as_ada.get(reverse("message_menu", args=[bad.pk]))).links
    assert as_ada.get(place).status_code == 404
    assert "see nothing else of this conversation" in as_ben.get(place).content.decode()
    assert as_ben.post(place, {"note": "It hurts"}).status_code == 422  # without a reason
    as_ben.post(place, {"reason": "harassment", "note": "It hurts"})
    assert "not decided yet" in as_ben.get(OWN).content.decode()
    # An administrator, who is not in the conversation, sees that there is a report, and that message alone.
    assert QUEUE in Page(as_admin.get("/people/")).links
    assert "1 report waits" in as_admin.get(QUEUE).content.decode()
    assert "New reports" not in as_admin.get("/people/").content.decode()
    its = reverse("report", args=[Report.objects.get().pk])
    page = as_admin.get(its).content.decode()
    assert "You &lt;b&gt;fool&lt;/b&gt;" in page
    assert "It hurts" in page
    assert "Secret" not in page
    assert reverse("message", args=[bad.pk]) not in page
    assert as_admin.post(its, {"decision": "warned"}).status_code == 422
    shown = as_admin.post(its, {"decision": "removed", "words": "Insult"}, follow=True)
    assert "Decision saved." in shown.content.decode()
    assert "The message was removed" in as_admin.get(its).content.decode()
    assert "The message was removed" in as_ben.get(OWN).content.decode()
    assert as_admin.post(its, {"decision": "nothing"}).status_code == 422
    log = as_admin.get(f"{reverse('audit_log')}?person={ada.pk}").content.decode()
    assert "decided about a reported message" in log
    assert as_admin.get(f"{reverse('audit_log')}?person=999").status_code == 404


def test_nobody_else_learns_of_a_report(
    browser: Browser, bad: Message, ada: User, ben: User, stranger: User
) -> None:
    ada.role = User.Role.ADMINISTRATOR
    ada.save()
    found = report(bad, ben, "harassment")
    its = reverse("report", args=[found.pk])
    for person in (ada, ben, stranger):
        client = browser(person)
        assert client.get(its).status_code == 404
        assert client.post(its, {"decision": "nothing"}).status_code == 404
    assert browser(stranger).get(QUEUE).status_code == 404
    assert "You" not in browser(ada).get(QUEUE).content.decode().partition("<main")[2].partition("Reports")[0]
    assert str(its) not in browser(ada).get(QUEUE).content.decode()
    assert browser(stranger).get(reverse("message_report", args=[bad.pk])).status_code == 404


def test_a_moderator_reviews_the_reports_of_their_room(
    browser: Browser, room: Conversation, ada: User, ben: User
) -> None:
    found = report(post(room, ben, "Fool"), UserFactory.create(), "spam")
    as_ada = browser(ada)  # who made the room
    assert "New reports" in as_ada.get("/people/").content.decode()
    page = Page(as_ada.get(reverse("report", args=[found.pk])))
    assert reverse("message", args=[found.about]) in page.links
    assert "Deactivate" not in page.html


def test_reports_are_limited(browser: Browser, bad: Message, ben: User, settings: Settings) -> None:
    settings.LIMITS = {**settings.LIMITS, "report": (1, 0.001)}
    rate_limits.fill_all_buckets()
    as_ben, place = browser(ben), reverse("message_report", args=[bad.pk])
    assert as_ben.post(place, {"reason": "spam"}).status_code == 302
    answer = as_ben.post(place, {"reason": "spam", "note": "Once more"})
    assert answer.status_code == 429
    assert Page(answer).field_value("note") == "Once more"
    rate_limits.fill_all_buckets()


def test_a_blocked_word_is_refused_and_the_text_stays(
    browser: Browser, room: Conversation, ada: User, ben: User
) -> None:
    ben.role = User.Role.ADMINISTRATOR
    ben.save()
    as_ben, place = browser(ben), reverse("site_settings")
    form = {
        one.attributes["name"]: one.attributes.get("value", "")
        for one in Page(as_ben.get(place)).elements
        if one.tag == "input" and "checked" in one.attributes
    }
    for wrong in ({"blocked_words": "darn\n*"}, {"blocked_hosts": "https://[evil"}):
        answer = as_ben.post(
            place, form | {"name": "Team", "blocked_words": "", "blocked_hosts": "", **wrong}
        )
        assert answer.status_code == 422
    hosts = "https://Evil.org/page\n evil.org:8443 \n\n*.bad.example?y\nпример.рф"
    form |= {"name": "Team", "blocked_words": " Darn \n\nDarn\nheck*", "blocked_hosts": hosts}
    assert as_ben.post(place, form).status_code == 302
    site = Installation.objects.current()
    assert (site.blocked_words, site.blocked_hosts) == (
        "Darn\nheck*",
        "evil.org\nbad.example\nxn--e1afmkfd.xn--p1ai",
    )
    answer = browser(ada).post(reverse("message_send", args=[room.pk]), {"content": "Oh darn it"})
    assert answer.status_code == 422
    assert "“darn” is not allowed in messages here" in answer.content.decode()
    assert Page(answer).field_value() == "Oh darn it"
    log = as_ben.get(reverse("audit_log")).content.decode()
    assert "blocked words: 0 → 2" in log
    assert "Darn" not in log
