"""Editing one's own message, in place, without overwriting another edit."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Message, MessageHistory, User
from messaging.models.messages.saving import post
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def address(message: Message) -> str:
    return reverse("message_edit", args=[message.pk])


def current_text(message: Message) -> str:
    return Message.objects.get(pk=message.pk).content


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_the_form_holds_the_text_and_the_revision(
    as_ada: Client, message: Message, headers: dict[str, str]
) -> None:
    message.edit("Land <ho>")
    page = Page(as_ada.get(address(message), headers=headers))
    assert page.is_whole == (not headers)
    assert (page.field_value(), page.field_value("revision")) == ("Land <ho>", "1")


def test_without_script_saving_leads_to_the_message_and_it_says_edited(
    as_ada: Client, message: Message
) -> None:
    answer = as_ada.post(address(message), {"content": "Land, ho", "revision": 0})
    assert (answer.status_code, answer["Location"]) == (302, f"/messages/{message.pk}/")
    page = Page(as_ada.get(answer["Location"], follow=True))
    assert page.words() == ["Land, ho"]
    assert len(page.all("edited")) == 1
    assert MessageHistory.objects.get(message=message).old_content == "Land ho"


def test_with_script_saving_answers_with_the_message_as_it_is_now(as_ada: Client, message: Message) -> None:
    answer = as_ada.post(address(message), {"content": "Land, ho", "revision": 0}, headers=FRAGMENT)
    page = Page(answer)
    targets = [one.attributes["hx-target"] for one in page.elements if one.tag == "hx-partial"]
    assert answer.status_code == 200
    assert sorted(targets) == [f"#m-{message.pk} > .message", f"#t-{message.pk} > .message"]
    assert page.words() == ["Land, ho"] * 2


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
@pytest.mark.parametrize("text", ["", "  \n", "x" * 10_001], ids=["empty", "blank", "long"])
def test_a_text_that_is_refused_stays_in_the_form_with_the_reason(
    as_ada: Client, message: Message, text: str, headers: dict[str, str]
) -> None:
    answer = as_ada.post(address(message), {"content": text, "revision": 0}, headers=headers)
    page = Page(answer)
    assert answer.status_code == 422
    assert page.all("errors")
    assert (page.field_value(), page.field_value("revision")) == (text, "0")
    assert current_text(message) == "Land ho"


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_two_edits_at_once_lose_neither_text(
    as_ada: Client, message: Message, headers: dict[str, str]
) -> None:
    opened_at = Page(as_ada.get(address(message))).field_value("revision")
    as_ada.post(address(message), {"content": "Land far ahead", "revision": opened_at})
    answer = as_ada.post(address(message), {"content": "Land <near>", "revision": opened_at}, headers=headers)
    page = Page(answer)
    assert answer.status_code == 409
    assert "This message was changed while you were editing it." in page.html
    assert page.all("excerpt")[0].text == "Land far ahead"
    assert "far ahead" in "".join(element.text for element in page.elements if element.tag == "del")
    assert page.field_value() == "Land <near>"
    assert current_text(message) == "Land far ahead"

    again = as_ada.post(
        address(message), {"content": page.field_value(), "revision": page.field_value("revision")}
    )
    assert again.status_code == 302
    assert current_text(message) == "Land <near>"
    assert MessageHistory.objects.filter(message=message).count() == 2


def test_a_reply_that_came_meanwhile_is_no_conflict(as_ada: Client, message: Message, ben: User) -> None:
    opened_at = Page(as_ada.get(address(message))).field_value("revision")
    post(message.conversation, ben, "Where?", parent=message)
    assert as_ada.post(address(message), {"content": "Land!", "revision": opened_at}).status_code == 302


def test_saving_without_a_change_writes_no_history(as_ada: Client, message: Message) -> None:
    assert as_ada.post(address(message), {"content": "Land ho", "revision": 0}).status_code == 302
    assert not MessageHistory.objects.exists()
    assert not Message.objects.get().edited


@pytest.mark.parametrize("revision", ["", "abc", "-1", "1" * 5_000, str(2**63), "1.5", "\x00", "٣"])
def test_an_invalid_revision_is_a_conflict_and_can_be_saved_again(
    as_ada: Client, message: Message, revision: str
) -> None:
    answer = as_ada.post(address(message), {"content": "Land!", "revision": revision})
    page = Page(answer)
    assert answer.status_code == 409
    assert (page.field_value(), page.field_value("revision")) == ("Land!", "0")
    assert current_text(message) == "Land ho"
    assert as_ada.post(address(message), {"content": "Land!", "revision": 0}).status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_edits_what_another_wrote(as_ben: Client, message: Message, method: str) -> None:
    answer = getattr(as_ben, method)(address(message), {"content": "Mine now", "revision": 0})
    assert answer.status_code == 404
    assert current_text(message) == "Land ho"


def test_a_message_removed_in_another_tab_is_gone_and_the_text_is_kept(
    as_ada: Client, message: Message, ada: User
) -> None:
    message.remove(by=ada)
    answer = as_ada.post(address(message), {"content": "Land <again>", "revision": 0})
    assert answer.status_code == 404
    assert [element.text for element in Page(answer).elements if element.tag == "textarea"] == [
        "Land <again>"
    ]
    assert current_text(message) == ""
