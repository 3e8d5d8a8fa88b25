"""After a deploy no cache and no browser shows the old markup, although Redis keeps running."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from messaging.models import Message, User
from tests import servers
from tests.served.browser import SignIn
from tests.served.processes import serve_parley

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]
CHANGED = "messaging/messages/_message.html"  # which pages, lists and fragments are made of


@pytest.fixture
def redis() -> Iterator[str]:
    with servers.redis() as address:
        yield address


def test_a_changed_template_shows_at_once_and_so_does_a_rollback(
    redis: str, environment: dict[str, str], sign_in: SignIn, message: Message, ada: User, tmp_path: Path
) -> None:
    new = tmp_path / CHANGED
    new.parent.mkdir(parents=True)
    old = Path(settings.BASE_DIR, "templates", CHANGED).read_text()
    new.write_text(old.replace("<article", "<article data-another", 1))
    places = [
        reverse("message_list", args=[message.conversation_id]),
        reverse("thread_list", args=[message.pk]),
        reverse("conversation", args=[message.conversation_id]),
        reverse("thread", args=[message.pk]),
    ]
    before = {**environment, "REDIS_URL": redis}
    after = {**before, "PARLEY_TEST_TEMPLATES": str(tmp_path)}
    browser = sign_in("", ada)
    # A deploy, a restart, and a rollback.
    for deployed, is_new in ((before, False), (after, True), (after, True), (before, False)):
        with serve_parley(**deployed) as server:
            browser.move_to(server)
            for place in places * 2:
                answer = browser.get_cached(place)
                assert answer.status_code == 200
                assert b"Land ho" in answer.content
                assert (place, b"data-another" in answer.content) == (place, is_new)


def test_after_a_restart_browsers_keep_using_their_cached_pages(
    redis: str, environment: dict[str, str], sign_in: SignIn, message: Message, ada: User
) -> None:
    place = reverse("message_list", args=[message.conversation_id])
    browser = sign_in("", ada)
    etags = []
    for _ in range(2):
        with serve_parley(**environment | {"REDIS_URL": redis}) as server:
            browser.move_to(server)
            etags.append(browser.get(place).headers["ETag"])
            assert browser.get(place, **{"If-None-Match": etags[0]}).status_code == 304
    assert etags[0] == etags[1]
