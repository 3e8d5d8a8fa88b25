"""The pages of groups of people, what is offered behind an @, and the stylesheet of their members."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, User, UserGroup
from messaging.models.messages.saving import post
from messaging.models.people.managing_groups import add_to_group, create_group, delete_group
from tests.factories import UserFactory
from tests.views.page import FRAGMENT, Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(ada: User) -> User:
    ada.role = User.Role.ADMINISTRATOR
    ada.save()
    return ada


@pytest.fixture
def crew(boss: User, ben: User) -> UserGroup:
    group = create_group(boss, "crew", "The <b>crew</b>", is_open=True)
    add_to_group(group, [ben, UserFactory.create(username="ashore")], boss)
    return group


def test_an_administrator_makes_changes_fills_and_deletes_one(
    as_ada: Client, boss: User, ben: User, stranger: User
) -> None:
    refused = as_ada.post(reverse("group_new"), {"name": "Crew", "handle": "@Ben"})
    assert refused.status_code == 422
    assert "Somebody is called @ben." in Page(refused).html
    assert Page(refused).field_value("name") == "Crew"
    as_ada.post(reverse("group_new"), {"name": "Crew", "handle": "@Crew"})
    group = UserGroup.objects.get()
    address = reverse("group", args=[group.pk])
    assert "Choose at least one person." in Page(as_ada.post(address, {})).html
    as_ada.post(address, {"people": [ben.pk, stranger.pk]})
    as_ada.post(reverse("group_remove", args=[group.pk]), {"person": stranger.pk})
    as_ada.post(reverse("group_edit", args=[group.pk]), {"name": "All", "handle": "all", "is_open": "on"})
    page = Page(as_ada.get(address)).html
    assert "<bdi>@all</bdi> · 1 person" in page
    assert "Ben Okri" in page
    assert "All" in Page(as_ada.get(reverse("group_list"))).html
    as_ada.post(reverse("group_delete", args=[group.pk]))
    gone = as_ada.get(address)
    assert gone.status_code == 410
    assert "This group was deleted." in Page(gone).html
    for name in ("group_edit", "group_delete"):
        assert as_ada.get(reverse(name, args=[group.pk])).status_code == 404


def test_people_join_and_leave_and_only_then_their_stylesheet_highlights_it(
    as_ben: Client, crew: UserGroup, ben: User, room: Conversation, ada: User
) -> None:
    css = reverse("groups_stylesheet", args=[ben.pk])
    assert f'.mention[href="/groups/{crew.pk}/"]' in as_ben.get(css).content.decode()
    before = Page(as_ben.get(reverse("conversation", args=[room.pk]))).html
    assert css in before
    as_ben.post(reverse("group_leave", args=[crew.pk]))
    assert as_ben.get(css).content == b""
    address = f"{css}?"
    version = before.split(address)[1].split('"')[0]
    assert f"{address}{version}" not in Page(as_ben.get(reverse("conversation", args=[room.pk]))).html
    as_ben.post(reverse("group_join", args=[crew.pk]))
    assert "Leave" in Page(as_ben.get(reverse("group", args=[crew.pk]))).html


def test_a_guest_sees_only_groups_with_people_whom_they_see(
    as_ben: Client, crew: UserGroup, boss: User, ben: User, room: Conversation
) -> None:
    User.objects.filter(pk=ben.pk).update(role=User.Role.GUEST)
    page = Page(as_ben.get(reverse("group", args=[crew.pk]))).html
    assert "Ben Okri" in page
    assert "ashore" not in page
    strangers = create_group(boss, "strangers", "Strangers")
    add_to_group(strangers, [UserFactory.create()], boss)
    assert as_ben.get(reverse("group", args=[strangers.pk])).status_code == 404
    assert as_ben.get(reverse("group_list")).status_code == 404
    options = as_ben.get(reverse("conversation_mentionable", args=[room.pk]), headers=FRAGMENT)
    assert "data-many" not in options.content.decode()


def test_groups_are_offered_after_people_with_their_numbers(
    as_ada: Client, as_ben: Client, crew: UserGroup, room: Conversation, ada: User
) -> None:
    def options(typed: str = "") -> str:
        address = reverse("conversation_mentionable", args=[room.pk])
        return as_ada.get(address, {"q": typed}, headers=FRAGMENT).content.decode()

    html = options()
    assert html.index('"@ben"') < html.index('"@room"') < html.index('"@crew"')
    assert "<bdi>@crew</bdi> · 1 person here, 1 not" in html
    assert "The &lt;b&gt;crew&lt;/b&gt;" in html
    assert '"@crew"' in options("cre")
    assert "data-many" not in options("nobody")
    create_group(ada, "watch", "The watch")  # Ben is not in it
    post(room, ada, "Hello @watch and @crew")
    assert "You are mentioned as one of @crew" in Page(as_ben.get(reverse("inbox"))).html
    assert "@watch," not in Page(as_ben.get(reverse("inbox"))).html
    delete_group(crew, ada)
    assert '"@crew"' not in options()
