"""Polls: made in place, voted for by a press or in a ballot; what others see, and where the focus is."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from e2e.chat import Chat
from e2e.freshness import expect_as_fresh
from messaging.models import Conversation, Message, PollVote, User
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.saving import post

OpenPage = Callable[..., Page]


def choice(row: Locator, text: str) -> Locator:
    return row.locator(".poll-choice", has_text=text)


def test_a_poll_is_made_in_place_and_a_press_votes(
    open_page: OpenPage, ada: User, ben: User, room: Conversation
) -> None:
    pages = [Chat(open_page(user)).listen(reverse("conversation", args=[room.pk])) for user in (ada, ben)]
    mine = pages[0]
    mine.page.get_by_role("link", name="New poll").click()
    form = mine.page.locator(".poll-form")
    question = form.get_by_label("Question")
    expect(question).to_be_focused()
    question.fill("Lunch?")
    form.get_by_role("textbox", name="Choices").fill("Soup")
    form.get_by_role("button", name="Send poll").click()
    expect(form).to_contain_text("Enter 2 to 10 choices.")
    expect(form.get_by_label("Question")).to_have_value("Lunch?")
    form.get_by_role("textbox", name="Choices").fill("Soup\nHerring")
    form.get_by_role("button", name="Send poll").click()
    expect(form).to_have_count(0)
    message = Message.rows.get(content="Lunch?")
    rows = [chat.row(message) for chat in pages]
    for row in rows:
        expect(choice(row, "Herring")).to_have_accessible_name("Herring 0 votes")
    choice(rows[1], "Soup").click()
    expect(choice(rows[1], "Soup")).to_have_accessible_name("Soup 1 vote: Ben Okri (you too)")
    soup = choice(rows[0], "Soup")
    expect(soup).to_have_accessible_name("Soup 1 vote: Ben Okri")
    soup.hover()
    expect(soup.locator(".reacted")).to_have_css("position", "fixed")  # who voted is seen
    soup.focus()
    mine.page.keyboard.press("Enter")
    expect(soup).to_have_accessible_name("Soup 2 votes: Ben Okri and Ada Lovelace (you too)")
    expect(soup).to_be_focused()  # also when the message was replaced
    choice(rows[0], "Herring").click()
    for row in rows:
        expect(choice(row, "Soup").locator(".poll-votes")).to_have_text("1")
        expect(choice(row, "Herring").locator(".poll-votes")).to_have_text("1")
    choice(rows[0], "Herring").click()
    for row in rows:
        expect(row.locator(".poll-voters")).to_have_text("1 person voted")
    for chat in pages:
        chat.page.evaluate("document.activeElement.blur()")  # a message with the focus has a longer name
        expect_as_fresh(chat)


def test_an_anonymous_vote_is_cast_in_a_ballot_that_only_the_voter_sees(
    open_page: OpenPage, ada: User, ben: User, room: Conversation
) -> None:
    poll = NewPoll(("Soup", "Herring"), is_anonymous=True)
    message = post(room, ben, "Lunch?", poll=poll)
    chat = Chat(open_page(ada)).listen(reverse("conversation", args=[room.pk]))
    row = chat.row(message)
    choice(row, "Soup").click()
    ballot = row.locator(".ballot")
    expect(ballot.get_by_role("button").first).to_be_focused()
    ballot.get_by_role("button", name="Vote for Herring").click()
    expect(ballot.get_by_role("button", name="Take back the vote for Herring")).to_be_visible()
    expect(ballot.locator(".ballot-mine")).to_have_count(1)
    expect(choice(row, "Herring")).to_have_accessible_name("Herring 1 vote")
    ballot.get_by_role("link", name="Close").click()
    expect(ballot).to_have_count(0)
    expect_as_fresh(chat)


def test_without_script_there_are_pages(open_page: OpenPage, ada: User, room: Conversation) -> None:
    page = open_page(ada, script=False)
    chat = Chat(page).open(room)
    page.get_by_role("link", name="New poll").click()
    page.get_by_label("Question").fill("Lunch?")
    page.get_by_role("textbox", name="Choices").fill("Soup\nHerring")
    several = page.get_by_label("Each person can vote for several choices")
    several.press("Space")
    expect(several).to_be_checked()
    page.get_by_role("button", name="Send poll").click()
    row = chat.row(Message.rows.get(content="Lunch?"))
    for text in ("Soup", "Herring"):
        choice(row, text).click()
        page.get_by_role("button", name=f"Vote for {text}").click()
    expect(row.locator(".poll-votes")).to_have_text(["1", "1"])
    choice(row, "Soup").click()
    page.get_by_role("button", name="Take back the vote for Soup").click()
    expect(row.locator(".poll-votes")).to_have_text(["0", "1"])
    row.locator(".poll-voters").click()
    page.get_by_role("button", name="End the poll now").click()
    expect(row.locator(".poll-foot")).to_contain_text("ended")
    assert PollVote.objects.count() == 1
