"""The pages and forms with which a person arranges their sidebar."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.inbox.sections import arrange, create_section, fold_section
from messaging.models.inbox.sidebar import sidebar_of
from tests.factories import RoomFactory
from tests.views.page import FRAGMENT, Page

pytestmark = pytest.mark.django_db
ADDRESS = "/sections/"


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def arrange_by_form(client: Client, conversation: Conversation, **fields: object) -> int:
    path = reverse("conversation_arrange", args=[conversation.pk])
    status: int = client.post(path, fields).status_code
    return status


def sections(answer: object) -> dict[str, list[str]]:
    """What the page shows below each section's key; "(folded)" is added to the key of one that is."""
    page = Page(answer)
    found: dict[str, list[str]] = {}
    for element in page.all("sidebar-section"):
        key = element.attributes["data-section"] + ("(folded)" if "data-folded" in element.attributes else "")
        names = [one for one in page.all("sidebar-row-name") if element in one.inside]
        found[key] = [one.text.split(",")[0] for one in names]
    return found


def test_a_section_is_created_renamed_moved_and_deleted_by_forms(as_ben: Client, ben: User) -> None:
    for name in ("Work", "Home"):
        assert as_ben.post(ADDRESS, {"name": name}).status_code == 302
    assert as_ben.post(f"{ADDRESS}1/", {"name": "Office"}).status_code == 302
    assert as_ben.post(f"{ADDRESS}2/", {"name": "ignored", "up": ""}).status_code == 302
    assert fresh(ben).sections == [[2, "Home"], [1, "Office"]]
    page = Page(as_ben.get(ADDRESS))
    assert [one.text for one in page.elements if one.tag == "h2" and one.text in ("Home", "Office")]
    assert as_ben.post(f"{ADDRESS}2/", {"delete": ""}).status_code == 302
    assert fresh(ben).sections == [[1, "Office"]]


@pytest.mark.parametrize("path", [ADDRESS, f"{ADDRESS}1/"], ids=["new", "rename"])
@pytest.mark.parametrize("name", ["", "x" * 41])
def test_a_name_that_is_refused_is_shown_again_with_the_reason(
    as_ben: Client, ben: User, path: str, name: str
) -> None:
    create_section(ben, "Work")
    answer = as_ben.post(path, {"name": name})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert fresh(ben).sections == [[1, "Work"]]


def test_a_section_of_nobody_is_not_found(as_ben: Client) -> None:
    for fields in ({"name": "Nowhere"}, {"up": ""}):
        assert as_ben.post(f"{ADDRESS}7/", fields).status_code == 404
    assert as_ben.post(f"{ADDRESS}{10**30}/", {"delete": ""}).status_code == 302


def test_the_sidebar_has_the_sections_with_the_mark_at_what_is_open(
    as_ben: Client, ben: User, ada: User, room: Conversation
) -> None:
    work = create_section(ben, "Work & <play>")
    arrange(ben, RoomFactory.create(name="Attic", by=ben), section=work.pk)
    for answer in (
        as_ben.get(reverse("conversation", args=[room.pk])),
        as_ben.get(f"/?current={room.pk}", headers=FRAGMENT),
    ):
        assert sections(answer) == {"1": ["Attic"], "rooms": [room.name], "people": []}
        marked = [one for one in Page(answer).all("sidebar-row") if "aria-current" in one.attributes]
        assert [one.attributes["href"] for one in marked] == [reverse("conversation", args=[room.pk])]
        assert "Work &amp; &lt;play&gt;" in answer.content.decode()


def test_the_mark_is_not_in_what_is_cached(as_ben: Client, room: Conversation, direct: Conversation) -> None:
    """So a person's sidebar is rendered once, whatever is open."""
    keys = [
        as_ben.get(reverse("conversation", args=[pk])).context["sidebar_key"] for pk in (room.pk, direct.pk)
    ]
    assert keys[0] == keys[1]
    for name, path in (("inbox", "/inbox/"), ("search", "/search/")):
        page = Page(as_ben.get(reverse(name)))
        marked = [
            one.attributes["href"] for one in page.elements if one.attributes.get("aria-current") == "page"
        ]
        assert path in marked


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["form", "htmx"])
def test_folding_is_kept(as_ben: Client, ben: User, room: Conversation, headers: dict[str, str]) -> None:
    answer = as_ben.post("/sections/fold/", {"fold": "rooms", "next": "/unread/"}, headers=headers)
    assert fresh(ben).folded_sections == ["rooms"]
    if headers:
        assert "rooms(folded)" in sections(answer)
    else:
        assert answer.headers["Location"] == "/unread/"
    assert "rooms(folded)" in sections(as_ben.get("/"))
    as_ben.post("/sections/fold/", {"unfold": "rooms"}, headers=headers)
    assert "rooms" in sections(as_ben.get("/"))


@pytest.mark.parametrize(
    "place", ["https://elsewhere.test/", "//elsewhere.test", "javascript:alert(1)", "", "\\\\x"]
)
def test_folding_leads_to_no_other_site(as_ben: Client, place: str) -> None:
    answer = as_ben.post("/sections/fold/", {"fold": "rooms", "next": place})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_conversation_is_starred_muted_and_moved(as_ben: Client, ben: User, room: Conversation) -> None:
    work = create_section(ben, "Work")
    membership = ben.memberships.filter(conversation=room)

    def stored() -> tuple[object, ...]:
        return membership.values_list("is_starred", "notification_level", "section").get()

    for fields, expected in (
        ({"starred": 1}, (True, "all", 0)),
        ({"muted": 1, "section": work.pk}, (True, "muted", work.pk)),
        ({"starred": 0, "muted": 0}, (False, "all", work.pk)),
        ({"section": 99}, (False, "all", 0)),
        ({"section": "x", "starred": ""}, (False, "all", 0)),
    ):
        assert arrange_by_form(as_ben, room, **fields) == 302
        assert stored() == expected


def test_unmuting_brings_back_what_the_person_prefers(
    as_ben: Client, ben: User, room: Conversation, direct: Conversation
) -> None:
    User.objects.filter(pk=ben.pk).update(default_notification_level="personal")
    for conversation, level in ((room, "personal"), (direct, "all")):
        arrange_by_form(as_ben, conversation, muted=1)
        arrange_by_form(as_ben, conversation, muted=0)
        assert ben.memberships.get(conversation=conversation).notification_level == level


def test_a_direct_conversation_is_hidden_and_a_room_is_not(
    as_ben: Client, ben: User, ada: User, room: Conversation
) -> None:
    direct = Message.objects.create(sender=ben, receiver=ada, content="Hello").conversation
    assert arrange_by_form(as_ben, direct, hidden=1) == 302
    assert sections(as_ben.get("/"))["people"] == []
    assert sections(as_ben.get(reverse("conversation", args=[direct.pk])))["people"] == ["Ada Lovelace"]
    assert arrange_by_form(as_ben, room, hidden=1) == 404
    Message.objects.create(sender=ben, receiver=ada, content="Once more")
    assert sections(as_ben.get("/"))["people"] == ["Ada Lovelace"]


def test_the_settings_of_a_conversation_offer_the_sections(
    as_ben: Client, ben: User, room: Conversation
) -> None:
    path = reverse("conversation_settings", args=[room.pk])
    assert '<select name="section"' not in as_ben.get(path).content.decode()
    section = create_section(ben, "Work")
    assert '<select name="section"' in as_ben.get(path).content.decode()
    fields = {"notification_level": "all", "section": section.pk}
    assert as_ben.post(path, fields).status_code == 302
    assert ben.memberships.get(conversation=room).section == section.pk
    assert as_ben.post(path, {**fields, "section": 12}).status_code == 422


def test_the_response_of_htmx_is_the_sidebar_as_it_is_then(
    as_ben: Client, ben: User, room: Conversation
) -> None:
    path = reverse("conversation_arrange", args=[room.pk])
    answer = as_ben.post(path, {"starred": 1, "current": room.pk}, headers=FRAGMENT)
    assert sections(answer) == {"starred": [room.name], "rooms": [], "people": []}
    assert 'aria-current="page"' in answer.content.decode()


def test_a_section_that_changes_while_a_page_is_made_is_shown_as_it_is(ben: User, room: Conversation) -> None:
    reader = fresh(ben)
    create_section(ben, "Work")
    fold_section(ben, "rooms", is_folded=True)
    shown = sidebar_of(reader)
    assert [(one.key, one.is_folded) for one in shown.sections] == [
        ("1", False),
        ("rooms", True),
        ("people", False),
    ]
