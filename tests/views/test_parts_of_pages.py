"""Parts of pages that are stored: they are as if rendered anew, and hold nothing of anybody else."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.conf import settings
from django.middleware.csrf import _does_token_match as matches  # type: ignore[attr-defined]
from django.test import Client
from django.urls import reverse

from messaging.forms import ComposerForm
from messaging.forms.messages.composer_html import fields_html, render
from messaging.models import Conversation, Installation, User
from messaging.models.messages.saving import post
from messaging.templatetags.parley import static_part
from tests.views.inbox.reading import url

pytestmark = pytest.mark.django_db

ID = UUID("0f0e0d0c-0b0a-4908-8706-050403020100")
TOKENS = re.compile(r"\b[A-Za-z0-9]{64}\b")


@pytest.mark.parametrize(
    "placeholder",
    ["Write", 'Message #"quoted"', "<b> & 'c'", "the-auto-id-", "the placeholder", str(UUID(int=0)), "{}%s"],
)
def test_an_empty_composer_is_as_if_rendered_anew(placeholder: str) -> None:
    for auto_id in ("composer-%s", "thread-7-%s"):
        form = ComposerForm(auto_id=auto_id, initial={"client_id": ID}).with_placeholder(placeholder)
        assert fields_html(form) == render(form)


def test_each_empty_composer_has_an_id_of_its_own() -> None:
    assert fields_html(ComposerForm(auto_id="c-%s")) != fields_html(ComposerForm(auto_id="c-%s"))


def test_a_composer_that_was_sent_shows_what_was_typed_and_what_is_wrong() -> None:
    form = ComposerForm({"content": "x" * 20_000, "client_id": str(ID)}, auto_id="composer-%s")
    assert "xxxx" in fields_html(form)
    assert 'aria-invalid="true"' in fields_html(form)
    assert "xxxx" not in fields_html(ComposerForm(auto_id="composer-%s"))


def test_a_static_part_takes_no_words() -> None:
    part = static_part("messaging/conversations/_menu.html", conversation=7, is_room=True)
    assert reverse("conversation_members", args=[7]) in part
    with pytest.raises(TypeError, match="not numbers: name"):
        static_part("messaging/conversations/_menu.html", name="Ada")  # type: ignore[arg-type]


def test_no_page_holds_the_csrf_token_of_somebody_else(
    as_ada: Client, as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    message = post(room, ada, "one")
    post(
        room, ada, "two, @ben", post(room, ben, "three", message)
    )  # a thread in which something waits for both
    paths = [
        url(room, "conversation"),
        url(message, "thread"),
        "/",
        "/rooms/",
        "/inbox/",
        "/inbox/?show=your-threads",
        "/account/status/",
    ]
    for path in paths * 2:
        for client in (as_ada, as_ben):
            html = client.get(path).content.decode()
            secret = client.cookies[settings.CSRF_COOKIE_NAME].value
            tokens = TOKENS.findall(html)
            assert tokens
            assert all(matches(token, secret) for token in tokens)


def rename(ada: User) -> None:
    ada.display_name = "Augusta"
    ada.save()


def give_status(ada: User) -> None:
    ada.status = "Augusta"
    ada.save()


def promote(ada: User) -> None:
    ada.role = User.Role.ADMINISTRATOR
    ada.save()


def rename_site(ada: User) -> None:
    Installation.objects.update(name="Augusta")


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (rename, "Augusta"),
        (give_status, "Augusta"),
        (promote, reverse("site_settings")),
        (rename_site, "Augusta"),
    ],
)
def test_the_navigation_shows_every_change_at_once(
    as_ada: Client, ada: User, room: Conversation, change: Callable[[User], None], shown: str
) -> None:
    def navigation() -> str:
        return as_ada.get(url(room, "conversation")).content.decode().partition("</nav>")[0]

    assert shown not in navigation()
    change(ada)
    assert shown in navigation()
