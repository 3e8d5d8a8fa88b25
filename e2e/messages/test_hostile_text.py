from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from e2e.chat import Chat
from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add

# Each tries in its own way to run a script, to send a request, or to change the page outside its message.
ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=/attack onerror=alert(1)>",
    "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x></svg>",
    "<a href='javascript:alert(1)'>here</a>",
    "[here](javascript:alert(1)) [there](data:text/html,<script>alert(1)</script>)",
    "![picture](/attack)",
    "<div hx-get='/attack' hx-trigger='load'>htmx</div>",
    "<div data-hx-get='/attack' data-hx-trigger='load'>htmx</div>",
    "<hx-partial hx-target='body' hx-swap='innerHTML'>gone</hx-partial>",
    "<div hx-swap-oob='innerHTML:#main'>gone</div>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<style>body { display: none }</style><p style='position: fixed; inset: 0'>over</p>",
    "</div></article></main><form action=/attack><button id=main>Send</button></form>",
    "<textarea></template></title></style><script>alert(1)</script>",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
]
# Except what the server puts around code: a box with a button that copies it.
FORBIDDEN_ELEMENTS = (
    ".prose :is(script, img, svg, iframe, style, form, button:not(.copies-code), div:not(.code), textarea, "
    "[style], [id], [onerror])"
)


def dialogs_of(page: Page) -> list[Dialog]:
    """The dialogs that the page opens from now on. Each is dismissed."""
    opened: list[Dialog] = []

    def dismiss(dialog: Dialog) -> None:
        opened.append(dialog)
        dialog.dismiss()

    page.on("dialog", dismiss)
    return opened


def test_hostile_text_is_shown_and_does_nothing(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    name = "<img src=/attack onerror=alert(1)>"
    mallory = User.objects.create_user("mallory", display_name=name)
    lair = Conversation.objects.create_room(name, by=mallory, topic=name)
    add(lair, ada)
    for attack in ATTACKS:
        post(lair, mallory, attack)
    page = open_page(ada)
    dialogs = dialogs_of(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    chat = Chat(page).open(lair)
    expect(chat.title).to_have_text(f"# {name}")
    expect(chat.timeline.locator(".prose")).to_have_count(len(ATTACKS))
    for text in ("<script>alert(1)</script>", "<div hx-swap-oob='innerHTML:#main'>gone</div>"):
        expect(chat.row_with(text).first).to_be_visible()
    expect(chat.page.locator(FORBIDDEN_ELEMENTS)).to_have_count(0)
    for link in chat.timeline.locator(".prose a").all():
        assert (link.get_attribute("href") or "").startswith(("http:", "https:", "mailto:"))
    assert dialogs == []
    assert not [address for address in asked if "attack" in address]


def test_hostile_text_does_nothing_in_forms_history_and_threads_either(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    message = post(room, ada, ATTACKS[0])
    page = open_page(ada)
    dialogs = dialogs_of(page)
    chat = Chat(page).open(room)
    for attack in (ATTACKS[1], ATTACKS[8]):
        form = chat.form(chat.row(message), "Edit")
        form.submit(attack, "Save")
        expect(chat.row(message).locator(".prose")).to_have_text(attack)
        expect(form.form).to_have_count(0)  # the stream may be faster than the answer
    history = chat.history(chat.row(message))
    expect(history.locator(".changes").last).to_have_text(ATTACKS[0])
    page.keyboard.press("Escape")
    chat.open_thread(message)
    expect(chat.answer(message).locator(".prose")).to_have_text(ATTACKS[8])
    page.goto(f"/messages/{message.pk}/reply/")
    expect(page.locator("blockquote")).to_have_text(ATTACKS[8])
    assert dialogs == []


@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", '"><img src=/attack onerror=alert(1)>'])
def test_a_hostile_text_that_is_refused_comes_back_as_text(
    open_page: Callable[..., Page], ada: User, room: Conversation, attack: str
) -> None:
    page = open_page(ada)
    dialogs = dialogs_of(page)
    chat = Chat(page).open(room)
    long = attack + "x" * 10_000
    chat.send(long)
    expect(page.locator(".writing .errors")).to_be_visible()
    expect(chat.composer).to_have_value(long)
    assert dialogs == []
