"""Hostile texts in what hangs on a message, and in what is typed and not sent yet: nothing happens.

`test_payloads` has those in messages and names. Here they are names, descriptions and contents of files,
choices of polls, previews of links, groups, drafts and scheduled messages.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from e2e.chat import Chat
from e2e.messages.test_hostile_text import dialogs_of
from e2e.messages.test_payloads import requests_of
from e2e.payloads import cleaned_lines, payloads
from messaging.models import Attachment, Conversation, Message, User
from messaging.models.inbox.saved import save_message
from messaging.models.messages.pinning import pin
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.saving import post
from messaging.models.messages.scheduling import schedule
from messaging.models.messages.uploading import upload
from messaging.models.people.managing_groups import add_to_group, create_group
from messaging.text import clean_text
from tests.drafts import draft
from tests.factories import link_preview, uploaded_picture

TEXTS = payloads()[::50]  # so few that one page shows them all
FEW = 5  # of each of the things that only their author sees
# Elements that only a payload can have made, by their names, their attributes or where they lead.
HARM = r"""() => {
  const isHarm = ({ name, value }) =>
    /^(on|srcdoc|(data-)?hx-on)/.test(name) ||
    (/^(href|xlink:href)$/.test(name) && /^\s*((java|vb)script|data):/i.test(value)) ||
    (/^(src|srcset|action|formaction|data|poster|background|style|(data-)?hx-(get|post))$/.test(name) &&
      /canary|script:/i.test(value));
  const forbidden = "iframe, object, embed, base, frameset, marquee, math, portal, xmp, x-y, keygen, isindex";
  return [...document.querySelectorAll("*")]
    .filter((one) => one.matches(forbidden) || [...one.attributes].some(isHarm))
    .map((one) => one.outerHTML.slice(0, 300));
}"""


def line_of(text: str, length: int) -> str:
    return (cleaned_lines([text], length) or ["a line"])[0]


def with_parts(room: Conversation, sender: User, text: str) -> Message:
    """A message with files, a poll and a preview that have the text wherever people or pages write."""
    picture = upload(SimpleUploadedFile("picture.png", uploaded_picture()), sender)
    shown: dict[str, Any] = {"state": Attachment.State.READY, "thumbnail": F("stored_as")}
    Attachment.objects.filter(pk=picture.pk).update(**shown, alternative_text=line_of(text, 500))
    files = [picture.pk, upload(SimpleUploadedFile("words.py", text.encode()), sender).pk]
    Attachment.objects.filter(pk__in=files).update(name=line_of(text, 120))
    poll = NewPoll((line_of(text, 100), "Another choice"))
    message = post(room, sender, "https://a.test/", files=files, poll=poll)
    more = {"description": line_of(text, 400), "site_name": line_of(text, 80)}
    link_preview(message, "https://a.test/", line_of(text, 200), **more)
    return message


def plant(room: Conversation, viewer: User) -> list[Message]:
    messages = [with_parts(room, viewer, text) for text in TEXTS]
    for number, (message, text) in enumerate(zip(messages[:FEW], TEXTS, strict=False)):
        draft(viewer, room, f"x {text}", reply_to=message)
        schedule(viewer, room, clean_text(f"x {text}"), timezone.now() + timedelta(days=1), uuid4())
        group = create_group(viewer, f"sailors{number}", line_of(text, 80), is_open=True)
        add_to_group(group, [viewer], viewer)
        quoting = post(room, viewer, text)
        pin(quoting, viewer)
        save_message(viewer, quoting)
    return messages


def places(room: Conversation, messages: list[Message], viewer: User) -> Iterator[str]:
    yield reverse("conversation_files", args=[room.pk])
    yield reverse("conversation_pins", args=[room.pk])
    yield f"{reverse('conversation', args=[room.pk])}?around={messages[0].seq}"
    for name in ("account_files", "draft_list", "scheduled_list", "saved_list", "group_list", "inbox"):
        yield reverse(name)
    for message in messages[:FEW]:
        for name in ("descriptions", "forward", "reactions", "reply"):
            yield reverse(f"message_{name}", args=[message.pk])
    for pk in viewer.people_groups.values_list("pk", flat=True):
        yield reverse("group", args=[pk])
    for pk in Attachment.objects.filter(text_lines__gt=0).values_list("pk", flat=True)[:FEW]:
        yield reverse("file_text", args=[pk])


def test_payloads_in_what_hangs_on_messages_do_nothing(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, server: str
) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    ada.refresh_from_db()
    page = open_page(ada)
    dialogs, asked = dialogs_of(page), requests_of(page)
    chat = Chat(page).listen(reverse("conversation", args=[room.pk]))
    messages = plant(room, ada)  # they arrive live
    expect(chat.row(messages[-1]).locator(".files")).to_be_visible()
    assert page.evaluate(HARM) == []
    chat.row(messages[-1]).locator(".picture > a").click()
    expect(page.get_by_role("dialog", name="Picture")).to_be_visible()
    assert page.evaluate(HARM) == []
    page.keyboard.press("Escape")
    chat.composer.press_sequentially("@sail")
    expect(page.get_by_role("option").first).to_be_visible()
    assert page.evaluate(HARM) == []
    for address in places(room, messages, ada):
        answer = page.goto(address)
        assert answer
        assert (address, answer.status) == (address, 200)
        assert (address, page.evaluate(HARM)) == (address, [])
    assert dialogs == []
    assert [one for one in asked if not one.startswith(server) or "canary" in urlsplit(one).path] == []
