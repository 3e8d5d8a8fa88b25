import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.chat import Chat, Form
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.views.growing import chain, write_replies


def test_answers_are_answered_three_deep(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    question = post(room, ben, "Who has the key?")
    chat = Chat(open_page(ada, script=script)).open(room)
    form = chat.form(chat.row(question), "Reply")
    expect(form.form).to_contain_text("Replying to Ben Okri")
    if script:
        expect(form.text).to_be_focused()
        expect(chat.page).to_have_url(f"/conversations/{room.pk}/")
    form.submit("I had it", "Reply")
    chat.reply(chat.row_with("I had it"), "And then?")
    chat.reply(chat.row_with("And then?"), "Then Noor had it")
    expect(chat.page.locator(".thread .prose")).to_have_text(
        ["Who has the key?", "I had it", "And then?", "Then Noor had it"]
    )
    for depth, text in enumerate(["Who has the key?", "I had it", "And then?", "Then Noor had it"]):
        expect(chat.page.locator(".thread").locator(chat.row_with(text))).to_have_class(
            re.compile(rf"\bindent-{depth}\b")
        )
    expect((chat.panel if script else chat.page).locator(".bar")).to_contain_text("3 replies")
    chat.open(room)
    expect(chat.row(question).locator(".summary")).to_contain_text("3 replies")


def test_a_thread_is_drawn_as_the_tree_that_it_is(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    root = post(room, ada, "Where do we meet?")
    quay = post(room, ben, "At the quay", parent=root)
    mill = post(room, ada, "At the mill", parent=root)
    post(room, ada, "Which end?", parent=quay)
    post(room, ben, "Is it open?", parent=mill)
    post(room, ben, "The west end", parent=quay)
    chat = Chat(open_page(ada, script=script)).open(room)
    chat.row(root).locator(".summary").click()
    thread = (chat.panel if script else chat.page).locator(".thread")
    expect(thread.locator(".prose")).to_have_text(
        ["Where do we meet?", "At the quay", "Which end?", "The west end", "At the mill", "Is it open?"]
    )
    indents = [row.get_attribute("data-indent") for row in thread.locator(".row").all()]
    assert indents == ["0", "1", "2", "2", "1", "2"]
    lefts = [box["x"] for row in thread.locator(".prose").all() if (box := row.bounding_box())]
    assert lefts[0] < lefts[1] < lefts[2] == lefts[3]
    assert lefts[4] == lefts[1]


def test_the_panel_stands_beside_the_timeline_and_closes(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    root = post(room, ada, "Where do we meet?")
    post(room, ben, "At the quay", parent=root)
    chat = Chat(open_page(ada)).open(room)
    chat.composer.fill("A draft")
    chat.row(root).locator(".summary").click()
    expect(chat.panel.get_by_role("heading", name="Thread")).to_be_visible()
    expect(chat.row(root)).to_be_visible()
    chat.panel.get_by_role("link", name="Close the thread").click()
    expect(chat.panel).to_be_hidden()
    expect(chat.composer).to_have_value("A draft")


def test_the_composer_below_a_thread_replies_to_its_first_message(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    root = post(room, ben, "Where do we meet?")
    post(room, ben, "Anyone?", parent=root)
    chat = Chat(open_page(ada, script=script)).open_thread(root)
    foot = chat.page.locator(".thread-foot")
    expect(foot).to_contain_text("Replying to Ben Okri")
    foot.get_by_label("Message", exact=True).fill("At the mill")
    foot.get_by_role("button", name="Reply").click()
    expect(chat.row_with("At the mill")).to_have_class(re.compile(r"\bindent-1\b"))
    assert Message.objects.get(content="At the mill").parent_message == root


def test_a_deep_thread_goes_on_in_a_page_of_its_own(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    levels = chain(post(room, ada, "Level 0"), ada, 9)
    chat = Chat(open_page(ada, script=script)).open_thread(levels[0])
    expect(chat.page.locator(".thread .row")).to_have_count(7)
    if script:  # at a deep level, long branches are folded at first
        chat.page.get_by_role("button", name="6 more replies").click()
    chat.page.get_by_role("link", name="Continue this thread: 3 more").click()
    expect(chat.page.locator(".thread .prose")).to_have_text(["Level 6", "Level 7", "Level 8", "Level 9"])
    chat.reply(chat.answer(levels[9]), "Level 10")
    expect(chat.row_with("Level 10")).to_be_in_viewport()
    if not script:  # without script, replying leads to the new reply, with a link back to its parent
        chat.page.get_by_role("link", name="Back to the message").click()
        expect(chat.answer(levels[9])).to_be_visible()


def test_a_reply_that_is_refused_is_kept(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    question = post(room, ben, "Who has the key?")
    chat = Chat(open_page(ada, script=script)).open(room)
    form = chat.form(chat.row(question), "Reply")
    form.text.fill("I have it")
    question.remove()
    form.form.get_by_role("button", name="Reply").click()
    expect(form.form.locator(".errors")).to_contain_text("removed")
    expect(form.text).to_have_value("I have it")


def test_a_reply_from_the_timeline_opens_its_thread_and_the_draft_in_the_composer_stays(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    question = post(room, ben, "Who has the key?")
    chat = Chat(open_page(ada)).open(room)
    chat.composer.fill("A draft")
    chat.form(chat.row(question), "Reply").submit("I do", "Reply")
    expect(chat.panel.locator(".prose")).to_have_text(["Who has the key?", "I do"])
    expect(chat.row(question).locator(".summary")).to_contain_text("1 reply")
    expect(chat.row(question).locator(".slot-form")).to_have_count(0)
    expect(chat.composer).to_have_value("A draft")


def test_the_composer_below_the_panel_replies_without_leaving_and_keeps_the_order(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    root = post(room, ben, "Where do we meet?")
    post(room, ben, "Anyone?", parent=root)
    chat = Chat(open_page(ada)).open(room)
    chat.row(root).locator(".summary").click()
    field = chat.panel.locator(".thread-foot").get_by_label("Message", exact=True)
    for text in ("At the mill", "At nine"):
        field.fill(text)
        field.press("Enter")
        expect(field).to_have_value("")
    said = ["Where do we meet?", "Anyone?", "At the mill", "At nine"]
    expect(chat.panel.locator(".thread .row[id] .prose")).to_have_text(said)
    expect(chat.panel.locator(".outbox")).to_be_empty()
    expect(chat.panel.locator(".bar")).to_contain_text("3 replies")
    expect(chat.row(root).locator(".summary")).to_contain_text("3 replies")


def test_a_branch_folds_and_unfolds_and_stays_so_when_the_thread_changes(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    levels = chain(post(room, ada, "Level 0"), ada, 6)
    chat = Chat(open_page(ada)).open(room)
    chat.row(levels[0]).locator(".summary").click()
    expect(chat.answer(levels[3])).to_be_visible()
    expect(chat.answer(levels[4])).to_be_hidden()
    fold = chat.answer(levels[3]).get_by_role("button", name="3 more replies")
    fold.focus()
    chat.page.evaluate("id => parley.arrange(id, {})", room.pk)  # the sidebar is loaded again
    expect(fold).to_be_focused()
    fold.click()
    expect(chat.answer(levels[6])).to_be_visible()
    chat.answer(levels[1]).locator(".fold").click()
    expect(chat.answer(levels[2])).to_be_hidden()
    chat.reply(chat.answer(levels[0]), "Beside it")
    expect(chat.row_with("Beside it")).to_be_visible()
    expect(chat.answer(levels[2])).to_be_hidden()
    expect(chat.answer(levels[1]).locator(".fold")).to_have_text("5 more replies")


def test_a_long_thread_is_fetched_again_block_by_block(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    root = post(room, ada, "root")
    replies = write_replies(root, ben, 210)
    chat = Chat(open_page(ada)).open(room)
    chat.row(root).locator(".summary").click()
    chat.panel.get_by_role("link", name="Later replies").click()
    expect(chat.answer(replies[-1])).to_be_attached()
    chat.form(chat.answer(replies[-1]), "Reply").text.fill("Half a repl")
    chat.act(chat.answer(replies[0]), "Reply")
    Form(chat.answer(replies[0]).locator(".slot-form")).submit("In the first block", "Reply")
    expect(chat.row_with("In the first block")).to_be_visible()
    expect(chat.panel.locator(".row[id]")).to_have_count(212)
    ids = chat.panel.locator(".row[id]").evaluate_all("rows => rows.map(row => row.id)")
    assert len(set(ids)) == 212
    expect(chat.answer(replies[-1]).get_by_label("Message")).to_have_value("Half a repl")


def test_in_a_removed_thread_one_can_still_reply_to_the_replies(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    root = post(room, ben, "Gone soon")
    answer = post(room, ada, "Still here", parent=root)
    root.remove(by=ben)
    chat = Chat(open_page(ada, script=script)).open_thread(root)
    expect(chat.page.locator(".thread-foot")).to_have_count(0)
    chat.reply(chat.answer(answer), "So am I")
    assert Message.objects.get(content="So am I").parent_message == answer


def test_a_draft_comes_back_with_its_conversation(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    other = Conversation.objects.direct(ada, ben)
    root = post(room, ben, "Where?")
    chat = Chat(open_page(ada)).open(room)
    chat.composer.press_sequentially("Half a sent")
    chat.form(chat.row(root), "Reply").text.press_sequentially("Half a repl")
    chat.open(other)
    expect(chat.composer).to_have_value("")
    chat.open(room)
    expect(chat.composer).to_have_value("Half a sent")
    expect(chat.form(chat.row(root), "Reply").text).to_have_value("Half a repl")
    chat.composer.press("Enter")
    expect(chat.timeline.locator(".prose")).to_have_count(2)
    chat.open(room)
    expect(chat.composer).to_have_value("")
