"""Descriptions of pictures: written before and after sending, searched, and gone with their message."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messaging.models import Attachment, Conversation, Installation, Message, SearchText, User
from messaging.models.accounts.personal_data import own_messages
from messaging.models.messages.describing import describe_pictures
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from tests.factories import uploaded_picture
from tests.views.messages.conftest import a_file
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
Browser = Callable[..., Client]


def address_of(picture: Attachment) -> str:
    return reverse("message_descriptions", args=[picture.message_id])


def described(client: Client, picture: Attachment, text: str, status: int = 302) -> Page:
    answer = client.post(address_of(picture), {f"alternative-{picture.pk}": text})
    assert answer.status_code == status
    picture.refresh_from_db()
    return Page(answer)


def found_with(client: Client, words: str) -> list[str]:
    """The excerpts of the messages that a search finds."""
    page = Page(client.get(reverse("search"), {"q": words}))
    return [one.text.strip() for one in page.elements if "line-excerpt" in one.classes]


def test_description_is_changed_with_a_new_version_and_no_history(
    as_ada: Client, as_ben: Client, picture: Attachment, room: Conversation
) -> None:
    before = Message.objects.get()
    described(as_ada, picture, "  A \u202e grey\n sea ")
    assert picture.alternative_text == "A grey sea"
    assert 'alt="A grey sea"' in Page(as_ben.get(reverse("conversation", args=[room.pk]))).html
    after = Message.objects.get()
    assert (after.version, after.edited, after.history.count()) == (before.version + 1, False, 0)
    described(as_ada, picture, "A grey sea")
    assert Message.objects.get().version == after.version  # nothing was changed


def test_description_is_searched_until_it_is_changed_or_removed(
    as_ada: Client, as_ben: Client, ada: User, room: Conversation
) -> None:
    file = upload(a_file("sea.png", uploaded_picture()), ada)
    file.describe("A xylophone on the quay")
    message = post(room, ada, "Look", files=[file.pk])
    file.refresh_from_db()
    assert found_with(as_ben, "xylophone") == ["A xylophone on the quay"]
    assert found_with(as_ben, "look") == ["Look"]
    described(as_ada, file, "A trumpet")
    assert found_with(as_ben, "xylophone") == []
    assert found_with(as_ben, '"a trumpet"') == ["A trumpet"]
    message.refresh_from_db()
    message.edit("See")
    assert found_with(as_ben, "trumpet") == ["A trumpet"]
    message.remove()
    assert found_with(as_ben, "trumpet") == []
    assert not SearchText.objects.filter(text__contains="trumpet").exists()


def test_words_written_again_have_the_descriptions(picture: Attachment, ada: User) -> None:
    describe_pictures(Message.objects.get(), ada, {picture.pk: "A trumpet"})
    SearchText.objects.all().delete()
    SearchText.objects.rewrite_batch(0)
    assert SearchText.objects.get().text == "a trumpet"


def test_search_asks_once_for_all_descriptions(
    as_ben: Client, ada: User, room: Conversation, django_assert_max_num_queries: Callable[..., object]
) -> None:
    def send(number: int) -> None:
        for _ in range(number):
            file = upload(a_file("sea.png", uploaded_picture()), ada)
            file.describe("A trumpet (old)")
            post(room, ada, "", files=[file.pk])

    send(2)
    as_ben.get(reverse("search"), {"q": "trumpet (old)"})
    with django_assert_max_num_queries(100) as first:  # type: ignore[attr-defined]
        as_ben.get(reverse("search"), {"q": '"(old)"'})
    send(6)
    with django_assert_max_num_queries(len(first)):  # type: ignore[attr-defined]
        assert len(found_with(as_ben, '"(old)"')) == 8


def test_too_late_keeps_what_was_typed(as_ada: Client, picture: Attachment) -> None:
    Installation.objects.update(edit_minutes=5)
    assert as_ada.get(address_of(picture)).status_code == 200
    Message.rows.update(timestamp=timezone.now() - timedelta(minutes=6))
    assert as_ada.get(address_of(picture)).status_code == 404
    page = described(as_ada, picture, "A grey sea", status=422)
    assert "A grey sea" in page.html
    assert "can no longer be edited" in page.html
    assert picture.alternative_text == ""


def test_only_pictures_of_this_message_are_described(ada: User, room: Conversation) -> None:
    text = upload(a_file(), ada)
    post(room, ada, "", files=[text.pk])
    picture, other = (upload(a_file("sea.png", uploaded_picture()), ada) for _ in range(2))
    message = post(room, ada, "", files=[picture.pk])
    describe_pictures(message, ada, {text.pk: "One", picture.pk: "Two", other.pk: "Three"})
    described = Attachment.objects.order_by("pk").values_list("alternative_text", flat=True)
    assert list(described) == ["", "Two", ""]


def test_stranger_describes_nothing(picture: Attachment, stranger: User) -> None:
    with pytest.raises(ValidationError):
        describe_pictures(Message.objects.get(), stranger, {picture.pk: "Mine"})


def test_menu_offers_it_to_the_author_of_pictures(
    as_ada: Client, as_ben: Client, ada: User, room: Conversation, picture: Attachment
) -> None:
    plain = post(room, ada, "Words", files=[upload(a_file(), ada).pk])

    def offers(client: Client, message: int | None) -> bool:
        menu = client.get(reverse("message_menu", args=[message]), headers=FRAGMENT)
        return "Describe pictures" in Page(menu).html

    assert offers(as_ada, picture.message_id)
    assert not offers(as_ben, picture.message_id)
    assert not offers(as_ada, plain.pk)
    assert as_ada.get(reverse("message_descriptions", args=[plain.pk])).status_code == 404


def test_descriptions_are_in_the_export(picture: Attachment, ada: User) -> None:
    describe_pictures(Message.objects.get(), ada, {picture.pk: "A grey sea"})
    [line] = own_messages(ada)
    assert '"alternative_text": "A grey sea"' in line
