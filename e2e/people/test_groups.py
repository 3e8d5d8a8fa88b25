"""A group of people: chosen while one writes, live for others, highlighted for its people, and its page."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.chat import Chat, address_of
from e2e.freshness import expect_as_fresh
from messaging.models import Conversation, Notification, User
from messaging.models.people.managing_groups import add_to_group, create_group
from tests.factories import UserFactory

OpenPage = Callable[..., Page]


def test_a_group_is_chosen_and_its_people_see_it_highlighted(
    open_page: OpenPage, ada: User, ben: User, room: Conversation
) -> None:
    crew = create_group(ada, "crew", "The crew")
    add_to_group(crew, [ben, UserFactory.create(username="ashore")], ada)
    mine, theirs = (Chat(open_page(user)).listen(address_of(room)) for user in (ada, ben))
    mine.composer.press_sequentially("Anchors up, @cre")
    option = mine.page.get_by_role("listbox", name="Suggestions").get_by_role("option", selected=True)
    expect(option).to_contain_text("@crew · 1 person here, 1 not")
    mine.composer.press("Enter")
    expect(mine.composer).to_have_value("Anchors up, @crew ")
    mine.composer.press("Enter")
    text = "Anchors up, @crew"
    links = [chat.row_with(text).get_by_role("link", name="@crew") for chat in (mine, theirs)]
    for link in links:
        expect(link).to_be_visible()
    assert list(Notification.objects.filter(reason="group").values_list("user", flat=True)) == [ben.pk]
    colours = [link.evaluate("link => getComputedStyle(link).backgroundColor") for link in links]
    assert colours[0] != colours[1]  # Ada is not in the group
    expect_as_fresh(theirs)
    links[1].click()
    expect(theirs.page.get_by_role("heading", level=1)).to_have_text("The crew")
    expect(theirs.page.locator(".group-person")).to_have_count(2)
