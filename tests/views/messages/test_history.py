"""The history and the menu of a message."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Message, User
from messaging.models.messages.revisions import REVISIONS_SHOWN
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def history(message: Message) -> str:
    return reverse("message_history", args=[message.pk])


def menu(message: Message) -> str:
    return reverse("message_menu", args=[message.pk])


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_every_text_is_shown_with_what_changed_newest_first(
    as_ben: Client, message: Message, headers: dict[str, str]
) -> None:
    message.edit("Land <far> ahead")
    page = Page(as_ben.get(history(message), headers=headers))
    assert page.is_whole == (not headers)
    newest, first = page.all("revision")
    assert "current" in newest.text
    assert "original" in first.text
    assert [element.text for element in page.elements if element.tag == "del"] == ["ho"]
    assert [element.text for element in page.elements if element.tag == "ins"] == ["<far> ahead"]


def test_only_for_htmx_the_history_floats(as_ben: Client, message: Message) -> None:
    floating = Page(as_ben.get(history(message), headers=FRAGMENT)).all("history")[0]
    plain = Page(as_ben.get(history(message))).all("history")[0]
    assert "popover" in floating.attributes
    assert "popover" not in plain.attributes


def test_a_message_that_was_never_edited_says_so(as_ben: Client, message: Message) -> None:
    page = Page(as_ben.get(history(message)))
    assert "never edited" in page.html
    assert len(page.all("revision")) == 1


def test_a_long_history_is_paged_down_to_the_original(as_ben: Client, message: Message) -> None:
    texts = 2 * REVISIONS_SHOWN + 5
    for number in range(2, texts + 1):
        message.edit(f"text number {number}")
    seen, place = [], history(message)
    while place:
        page = Page(as_ben.get(place))
        seen += [revision.text for revision in page.all("revision")]
        older = [link for link in page.links if "?before=" in link]
        place = older[0] if older else ""
    assert len(seen) == texts
    assert "original" in seen[-1]


@pytest.mark.parametrize("before", ["abc", "", "-1", "0", "1" * 5_000, str(2**63), "%00"])
def test_an_invalid_cursor_is_no_error(as_ben: Client, message: Message, before: str) -> None:
    message.edit("Land, ho")
    assert as_ben.get(f"{history(message)}?before={before}").status_code == 200


def test_a_removed_message_has_no_history_left(as_ben: Client, message: Message, ada: User) -> None:
    message.edit("Secret")
    message.remove(by=ada)
    answer = as_ben.get(history(message))
    assert answer.status_code == 200
    assert not Page(answer).all("revision")


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_the_menu_offers_editing_and_removing_only_to_the_author(
    as_ada: Client, as_ben: Client, message: Message, headers: dict[str, str]
) -> None:
    own = {reverse("message_edit", args=[message.pk]), reverse("message_remove", args=[message.pk])}
    hers = Page(as_ada.get(menu(message), headers=headers))
    his = Page(as_ben.get(menu(message), headers=headers))
    assert hers.is_whole == his.is_whole == (not headers)
    assert own <= set(hers.links)
    assert own.isdisjoint(his.links)
    assert reverse("message_reply", args=[message.pk]) in his.links


def test_the_menu_of_a_removed_message_offers_no_changes(as_ada: Client, message: Message, ada: User) -> None:
    message.remove(by=ada)
    page = Page(as_ada.get(menu(message), headers=FRAGMENT))
    assert set(page.links) == {reverse("thread", args=[message.pk])}
    [copy] = [one for one in page.elements if one.tag == "button"]
    assert copy.attributes["data-copies-link"] == reverse("message", args=[message.pk])


def test_the_menu_leads_to_the_history_once_there_is_one(as_ben: Client, message: Message) -> None:
    assert history(message) not in Page(as_ben.get(menu(message), headers=FRAGMENT)).links
    message.edit("Land, ho")
    assert history(message) in Page(as_ben.get(menu(message), headers=FRAGMENT)).links
