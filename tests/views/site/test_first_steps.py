"""The first steps of the person who set the site up."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from messaging.http.middleware import SetUpMiddleware
from messaging.models import Conversation, Installation, Invitation, User
from messaging.models.messages.saving import post
from messaging.models.people.first_steps import Step, begin, put_away, tick
from tests.factories import UserFactory, uploaded_picture
from tests.views.page import FRAGMENT, Answer, Element, Page
from tests.views.site.test_picture import FIELDS
from tests.views.site.test_setup import GIVEN

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
STEPS = reverse("first_steps")


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch, client: Client) -> Client:
    """The browser of the person who has just set the site up."""
    monkeypatch.setattr(SetUpMiddleware, "is_set_up", False)
    client.post(reverse("set_up", args=[Installation.objects.new_setup_link()]), GIVEN)
    return client


def general() -> Conversation:
    return Conversation.objects.get()


def left(client: Client, path: str = "/people/") -> list[str]:
    """The steps that the page shows as not done; none if it shows no steps."""
    names = {str(step.label): str(step) for step in Step}
    page = Page(client.get(path))
    steps = [one for one in page.elements if one.tag == "li" and is_in_steps(one)]
    assert len(steps) == (len(Step) if page.all("first-steps") else 0)
    return [names[step.text.strip()] for step in steps if "done" not in step.classes]


def is_in_steps(element: Element) -> bool:
    return any("first-steps" in around.classes for around in element.inside)


def hello(client: Client, **headers: str) -> Answer:
    place = reverse("message_send", args=[general().pk])
    given = {"content": "Hello", "client_id": "5e4ac0de-0000-4000-8000-000000000001"}
    return client.post(place, given, headers=headers)


def upload(client: Client) -> Answer:
    picture = SimpleUploadedFile("team.png", uploaded_picture(), "image/png")
    return client.post(reverse("site_settings"), {**FIELDS, "picture": picture})


def test_the_owner_finds_them_in_the_first_room_and_on_every_page(owner: Client) -> None:
    room = reverse("conversation", args=[general().pk])
    for path in (room, "/", "/rooms/", reverse("invitation_list"), reverse("site_settings")):
        assert left(owner, path) == ["hello", "link", "picture"]
        assert f"{room}#composer-content" in Page(owner.get(path)).links


def test_each_ticks_itself_off_and_with_the_last_they_are_gone(owner: Client) -> None:
    assert hello(owner).status_code == 302
    assert left(owner) == ["link", "picture"]
    assert owner.post(STEPS, {"link": "1"})["Location"] == reverse("invitation_list")
    assert left(owner) == ["picture"]
    upload(owner)
    assert left(owner) == []
    assert "first-steps" not in owner.get("/").content.decode()


def test_they_are_done_in_any_order_and_each_once(owner: Client) -> None:
    upload(owner)
    upload(owner)
    owner.post(reverse("invitation_list"), {"role": "member", "uses": "1", "days": "7"})
    assert left(owner) == ["hello"]
    message = post(general(), User.objects.get(username="ada"), "From a script")
    assert left(owner) == ["hello"]  # it was not said on a page
    owner.post(reverse("message_reply", args=[message.pk]), {"content": "Hello there"})
    assert left(owner) == []


def test_a_message_that_was_refused_is_no_hello(owner: Client) -> None:
    place = reverse("message_send", args=[general().pk])
    for text in ("", " ", "x" * 10_001):
        assert owner.post(place, {"content": text}).status_code == 422
    assert left(owner) == ["hello", "link", "picture"]


def test_the_settings_without_a_picture_are_not_the_step(owner: Client) -> None:
    assert owner.post(reverse("site_settings"), FIELDS).status_code == 302
    assert left(owner) == ["hello", "link", "picture"]


def test_the_answer_to_the_first_message_brings_the_steps_as_they_are(owner: Client) -> None:
    html = hello(owner, **FRAGMENT).content.decode()
    assert 'hx-target="#first-steps"' in html
    assert html.count(">, done<") == 1
    again = owner.post(
        reverse("message_send", args=[general().pk]),
        {"content": "Anybody?", "client_id": "5e4ac0de-0000-4000-8000-000000000002"},
        headers=FRAGMENT,
    )
    assert "first-steps" not in again.content.decode()


def test_the_link_is_for_the_whole_team_and_leads_into_the_first_room(owner: Client) -> None:
    shown = Page(owner.post(STEPS, {"link": "1"}, follow=True))
    link = next(one for one in shown.elements if one.attributes.get("id") == "invitation-link")
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.uses_left, list(invitation.rooms.all())) == (
        "member",
        None,
        [general()],
    )
    path = link.attributes["value"].removeprefix("http://testserver")
    given = {"username": "ben", "password1": "four grey seals", "password2": "four grey seals"}
    there = Client().post(path, given)["Location"]
    assert there == reverse("conversation", args=[general().pk])


def test_they_can_be_put_away_for_good(owner: Client) -> None:
    answer = owner.post(STEPS, {"away": "1"}, headers={"Referer": "http://testserver/people/?q=a"})
    assert answer["Location"] == "/people/?q=a"
    assert left(owner) == []
    hello(owner)
    assert left(owner) == []


@pytest.mark.parametrize(
    "referrer",
    ["", "https://evil.example/", "http://testserver//evil.example/", "http://testserver/\\evil.example"],
)
def test_putting_them_away_leads_to_no_other_site(owner: Client, referrer: str) -> None:
    assert owner.post(STEPS, {"away": "1"}, headers={"Referer": referrer})["Location"] == "/"


def test_somebody_else_sees_none_and_makes_no_link(
    owner: Client, browser: Callable[..., Client], ben: User
) -> None:
    as_ben = browser(ben)
    assert "first-steps" not in as_ben.get("/").content.decode()
    assert as_ben.post(STEPS, {"link": "1"}).status_code == 404
    assert as_ben.post(STEPS, {"away": "1"})["Location"] == "/"
    assert not Invitation.objects.exists()
    assert left(owner) == ["hello", "link", "picture"]


def test_too_many_links_are_refused(owner: Client, settings: Settings) -> None:
    settings.LIMITS = {**settings.LIMITS, "invite": (1, 0.1)}
    owner.post(STEPS, {"link": "1"})
    assert "Too many requests" in owner.post(STEPS, {"link": "1"}, follow=True).content.decode()
    assert Invitation.objects.count() == 1


def test_a_page_costs_no_query_for_them(owner: Client, browser: Callable[..., Client]) -> None:
    """Neither while they are shown, nor for anybody else; and ticking costs nothing where nothing is left."""
    ada = User.objects.get(username="ada")
    room = reverse("conversation", args=[general().pk])
    owner.get(room)  # warm caches

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            owner.get(room)
        return len(seen)

    with_steps = queries()
    put_away(ada)
    assert queries() == with_steps
    with CaptureQueriesContext(connection) as seen:
        assert [tick(ada, step) for step in Step] == [False] * 3
    assert len(seen) == 0


def test_two_steps_done_at_once_are_both_ticked_off(db: None) -> None:
    ada = UserFactory.create()
    begin(ada)
    ada.save()
    one, other = (User.objects.get(pk=ada.pk) for _ in range(2))
    assert tick(one, Step.HELLO)
    assert tick(other, Step.LINK)  # it was read before the first was done
    assert other.first_steps == User.objects.get(pk=ada.pk).first_steps == "picture"
