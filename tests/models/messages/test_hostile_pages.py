"""What is stored of a page that was made to do harm."""

from datetime import timedelta

import pytest
from django.utils import timezone

from messaging.models import Conversation, LinkPreview, User
from messaging.models.messages.previewing import LATEST
from messaging.models.messages.saving import post
from tests.fetching.web import Web, answer, page
from tests.models.messages.test_link_previews import ada as ada
from tests.models.messages.test_link_previews import ben as ben
from tests.models.messages.test_link_previews import no_pictures_before as no_pictures_before
from tests.models.messages.test_link_previews import pictures, sent, titles
from tests.models.messages.test_link_previews import room as room
from tests.models.messages.test_link_previews import web as web
from tests.queue import run_tasks

pytestmark = pytest.mark.django_db


def test_texts_of_a_page_are_cleaned(web: Web, room: Conversation, ada: User) -> None:
    more = '<meta name="description" content="%s"><meta property="og:site_name" content="\u2800 \u3164">'
    title = "\u202eedoc\u202c \u2066a\u2069\x07 &#x202E;b&#0;\n\n&lt;b&gt;"
    web.pages["/t"] = page(title, more % ("wo rd " * 200))
    web.pages["/invisible"] = page("\u200b\u2800&#x202E; \u3164")
    message = sent(room, ada, f"{web.url('/t')} {web.url('/invisible')}")
    preview = LinkPreview.objects.get(state=LinkPreview.State.READY)
    assert (preview.title, preview.site_name) == ("edoc a b\ufffd <b>", "")
    assert len(preview.description) <= 400
    assert preview.description.endswith("wo…")
    assert len(titles(message)) == 1


@pytest.mark.parametrize("body", [b"GIF89a", b"<svg/>", b"\x89PNG\r\n\x1a\n" + bytes(99)])
def test_a_picture_that_cannot_be_shown_is_left_out(
    web: Web, room: Conversation, ada: User, body: bytes
) -> None:
    web.pages["/tides.png"] = answer(body, kind="image/png")
    assert titles(sent(room, ada, web.url("/tides"))) == ["Tides"]
    assert LinkPreview.objects.get().picture == ""


def test_an_address_inside_is_refused_for_the_picture_too(web: Web, room: Conversation, ada: User) -> None:
    for number, host in enumerate(("127.0.0.1", "[::1]", "2130706433")):
        picture = f'<meta property="og:image" content="{web.url("/x.png", host)}">'
        web.pages[f"/{number}"] = page("Inside", picture)
        assert titles(sent(room, ada, web.url(f"/{number}"))) == ["Inside"]
    assert (web.reached, pictures()) == ([], set())


def test_slow_servers_do_not_keep_other_work_waiting(web: Web, room: Conversation, ada: User) -> None:
    late = timezone.now() - LATEST - timedelta(seconds=1)
    message = post(room, ada, f"{web.url('/tides')} {web.url('/other')}", timestamp=late)
    run_tasks()
    assert (web.requests, titles(message)) == ([], [])
    message.edit(f"Now: {web.url('/tides')}")
    run_tasks()
    assert titles(message) == ["Tides"]
