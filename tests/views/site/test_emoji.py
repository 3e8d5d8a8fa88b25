"""The page of custom emoji, and what the picker, the completion and the reactions show of them."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from messaging.models import Conversation, CustomEmoji, Message, Reaction, User
from messaging.models.messages.managing_emoji import retire_emoji
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post
from messaging.rendering.personal_css import viewer_css
from messaging.rendering.rows import timeline_row
from tests.factories import UserFactory, custom_emoji, uploaded_picture
from tests.views.page import FRAGMENT, Answer, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PLACE = reverse("site_emoji")
OPTIONS = reverse("custom_emoji_list")


@pytest.fixture
def olga(browser: Callable[..., Client]) -> Client:
    return browser(UserFactory.create(username="olga", role=User.Role.OWNER))


@pytest.fixture
def ferry() -> CustomEmoji:
    return custom_emoji("old_ferry", "c++")


def save(client: Client, name: str, picture: bytes | None = None, **fields: str) -> Answer:
    file = SimpleUploadedFile("me.png", picture or uploaded_picture(), "image/png")
    return client.post(PLACE, {"name": name, "picture": file, **fields})


def picker(client: Client, message: Message, **query: str) -> Page:
    return Page(client.get(reverse("message_reactions", args=[message.pk]), query, headers=FRAGMENT))


def emoji_in(page: Page) -> list[str]:
    return [one.attributes["value"] for one in page.all("emoji")]


def test_an_administrator_adds_one_and_everybody_who_is_signed_in_gets_its_picture(
    olga: Client, as_ben: Client
) -> None:
    assert "No emoji yet" in olga.get(PLACE).content.decode()
    wide = BytesIO()
    Image.new("RGB", (60, 20), "teal").save(wide, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0")
    assert save(olga, " :Old_Ferry: ", wide.getvalue(), other_names="ferry, :boat-ride:")["Location"] == PLACE
    emoji = CustomEmoji.objects.get()
    assert emoji.all_names == ["old_ferry", "boat-ride", "ferry"]
    for client in (olga, as_ben):
        shown = Page(client.get(PLACE)).all("emoji-about")[0].text
        assert all(part in shown for part in (":old_ferry:", ":boat-ride: :ferry:", "Olga"))
    address = reverse("emoji_picture", args=[emoji.picture_name])
    answer = as_ben.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    assert "immutable" in answer["Cache-Control"]
    picture = Image.open(BytesIO(answer.content))
    assert picture.size == (128, 128)
    assert not picture.getexif()
    assert picture.getchannel("A").getpixel((64, 5)) == 0  # what is not square has nothing beside it
    assert Client().get(address)["Location"].startswith(reverse("account_login"))
    assert as_ben.get(reverse("emoji_picture", args=["other.webp"])).status_code == 404


@pytest.mark.parametrize(
    ("name", "picture", "why"),
    [
        ("old_ferry", None, "Another emoji of this team has the name :old_ferry:"),
        ("tada", None, "the name :tada: already, 🎉"),
        ("a b", None, "lowercase letters"),
        ("sloop", b"words", "cannot be read"),
        ("sloop", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be read"),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(
    olga: Client, ferry: CustomEmoji, name: str, picture: bytes | None, why: str
) -> None:
    answer = save(olga, name, picture, other_names="one two")
    assert answer.status_code == 422
    assert why in Page(answer).html
    assert (Page(answer).field_value("name"), Page(answer).field_value("other_names")) == (name, "one two")
    assert CustomEmoji.objects.get() == ferry


def test_too_many_at_once_have_to_wait(olga: Client, settings: Settings) -> None:
    settings.LIMITS = {**settings.LIMITS, "emoji": (1, 0.1)}
    assert save(olga, "one-more").status_code == 302
    refused = save(olga, "another")
    assert (refused.status_code, refused["Retry-After"]) == (429, "10")
    assert "This field is required" not in Page(refused).html
    assert CustomEmoji.objects.count() == 1


def test_members_see_the_list_and_change_nothing_and_guests_do_not_see_it(
    as_ben: Client, ferry: CustomEmoji, browser: Callable[..., Client]
) -> None:
    page = Page(as_ben.get(PLACE))
    assert not [one for one in page.elements if one.attributes.get("type") == "file"]
    assert "Retire" not in page.html
    assert save(as_ben, "sloop").status_code == 404
    for name in ("emoji_retire", "emoji_bring_back"):
        assert as_ben.post(reverse(name, args=[ferry.pk])).status_code == 404
    guest = browser(UserFactory.create(role=User.Role.GUEST))
    assert guest.get(PLACE).status_code == 404
    assert ":old_ferry:" in guest.get(OPTIONS).content.decode()
    assert list(CustomEmoji.objects.all().in_use()) == [ferry]


def test_retiring_asks_first_and_can_be_undone(olga: Client, ferry: CustomEmoji) -> None:
    retire = reverse("emoji_retire", args=[ferry.pk])
    assert ":old_ferry:" in olga.get(retire).content.decode()
    assert CustomEmoji.objects.all().in_use().exists()
    for place, count in ((retire, 0), (reverse("emoji_bring_back", args=[ferry.pk]), 1)):
        assert olga.post(place)["Location"] == PLACE
        assert CustomEmoji.objects.all().in_use().count() == count
    assert olga.post(reverse("emoji_retire", args=[ferry.pk + 1])).status_code == 404


def test_the_picker_and_the_completion_offer_those_in_use(
    as_ben: Client, ben: User, message: Message, ferry: CustomEmoji
) -> None:
    sloop = custom_emoji("sloop")
    react(message, ben, ":c++:")
    page = picker(as_ben, message)
    assert emoji_in(page)[0] == ":old_ferry:"  # used last
    assert emoji_in(page)[8:10] == [":old_ferry:", ":sloop:"]  # this team
    assert emoji_in(picker(as_ben, message, q="c++")) == [":old_ferry:"]
    options = as_ben.get(OPTIONS)
    assert [one.attributes["data-names"] for one in Page(options).all("going")] == ["old_ferry\nc++", "sloop"]
    known = {"If-None-Match": options["ETag"]}
    assert as_ben.get(OPTIONS, headers=known).status_code == 304
    for emoji in (ferry, sloop):
        retire_emoji(emoji, ben)
    assert as_ben.get(OPTIONS, headers=known).status_code == 200
    assert not [one for one in emoji_in(picker(as_ben, message)) if one.startswith(":")]


def test_a_reaction_with_one_is_set_and_taken_back_by_its_names_and_typed(
    as_ben: Client, ben: User, room: Conversation, message: Message, ferry: CustomEmoji
) -> None:
    retired = custom_emoji("sloop+")
    react(message, ben, ":sloop+:")
    retire_emoji(retired, ben)
    as_ben.post(reverse("message_react", args=[message.pk]), {"emoji": ":c++:"}, headers=FRAGMENT)
    current = Message.objects.select_related("sender", "conversation").get(pk=message.pk)
    html = timeline_row(current, 1).message_html
    assert f'href="{reverse("message_reactions", args=[message.pk])}?emoji=:sloop%2B:"' in html
    assert f'src="/emoji/{ferry.picture_name}"' in html
    assert "old ferry, 1: " in html
    assert f'data-by="{ben.pk}"' in html
    assert f'[data-by~="{ben.pk}"]' in viewer_css(ben.pk)
    page = as_ben.get(reverse("message_reactions", args=[message.pk]), {"emoji": ":sloop+:"})
    names = [one.text.split() for one in Page(page).all("reaction-names")]
    assert len(names) == 2
    unreact = reverse("message_unreact", args=[message.pk])
    for typed in (":sloop+:", ":c++:"):
        assert as_ben.post(unreact, {"emoji": typed}).status_code == 302
    assert not Reaction.objects.exists()
    assert as_ben.post(reverse("message_react", args=[message.pk]), {"emoji": ":sloop+:"}).status_code == 422
    # Without script, what is typed reacts to the newest message; with an unknown name it is a message.
    send = reverse("message_send", args=[room.pk])
    for typed in ("+:c++:", "+:sloop+:"):
        as_ben.post(send, {"content": typed})
    assert [one.emoji for one in Reaction.objects.all()] == [":old_ferry:"]
    assert Message.objects.filter(content="+:sloop+:").exists()


def test_a_list_with_custom_emoji_takes_as_many_queries_for_ten_messages_as_for_one(
    as_ben: Client, ben: User, ada: User, room: Conversation, ferry: CustomEmoji
) -> None:
    counts = []
    for number in (1, 9):
        for _ in range(number):
            react(post(room, ada, ":old_ferry:"), ben, ":old_ferry:")
        with CaptureQueriesContext(connection) as queries:
            assert as_ben.get(reverse("message_list", args=[room.pk]), headers=FRAGMENT).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
