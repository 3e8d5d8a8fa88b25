"""`cache_page`, and a fragment for each message."""

from django.core.cache import caches
from django.core.cache.utils import make_template_fragment_key
from django.test import Client, override_settings
from django.urls import reverse

from bench.patterns.measure import compare, print_numbers
from bench.patterns.people import messages, numbers, person, room
from messaging.caching.clearing import clear
from messaging.caching.fragments import rendered_messages
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.messages.timeline import timeline_page
from messaging.rendering.message_html import message_html

WRITES = 20


def pages() -> None:
    """The list of 40 messages, requested through Django's test client."""
    with override_settings(ROOT_URLCONF="bench.patterns.obvious_urls"):
        ada, ben, cleo = person(), person(), person()
        place = room(ada, ben)
        messages(place, [ada, ben], 60)
        as_ada, as_ben, as_cleo = (_signed_in(user) for user in (ada, ben, cleo))
        url = reverse("message_list", args=[place.pk])
        etag = as_ada.get(url).headers["ETag"]

        def cold() -> None:
            clear("pages")
            clear("fragments")
            as_ada.get(url)

        def list_cold() -> None:
            clear("pages")
            as_ada.get(url)

        compare(
            "pages: the list of 40 messages",
            rounds=31,
            nothing_cached=cold,
            messages_cached=list_cold,
            not_modified=lambda: as_ada.get(url, headers={"If-None-Match": etag}),
            page_cached=lambda: as_ada.get(url),
        )
        for name, title in {
            "outermost": "outermost",
            "inside": "below the check",
            "message_list": "Parley's",
        }.items():
            address = reverse(name, args=[place.pk])
            shown = _shown(as_ada, place, ada, address)
            print_numbers(
                f"pages: cache_page {title}",
                **{f"of_{WRITES}_writes_shown_at_once": shown},
                answer_to_a_non_member=as_cleo.get(address).status_code,
                answer_to_an_anonymous_visitor=Client(HTTP_HOST="127.0.0.1").get(address).status_code,
            )
        address = reverse("personal")
        as_ada.get(address)
        got = as_ben.get(address).content.decode()
        print_numbers("pages: cache_page on a personal page", second_reader_is_greeted_as=got.strip())


def fragments() -> None:
    """40 messages: one cache access for each, and one `get_many()` for all."""
    ada, ben = person(), person()
    place = room(ada, ben)
    messages(place, [ada, ben], 60)
    shown = timeline_page(place.pk).messages

    def render(ids: object = None) -> dict[int, str]:
        return {message.pk: message_html(message, 0) for message in shown}

    def each(message: Message) -> str:
        """What the template tag `cache` does."""
        key = make_template_fragment_key("message", [message.pk, message.version])
        html: str | None = caches["fragments"].get(key)
        if html is None:
            html = message_html(message, 0)
            caches["fragments"].set(key, html)
        return html

    versions = {message.pk: message.version for message in shown}
    compare(
        f"fragments: 40 messages ({type(caches['fragments']).__name__})",
        rounds=31,
        nothing_cached=render,
        one_by_one=lambda: [each(message) for message in shown],
        get_many=lambda: rendered_messages(versions, 0, render),
    )


def _signed_in(user: User) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    return client


def _shown(client: Client, place: Conversation, sender: User, address: str) -> int:
    shown = 0
    for _ in range(WRITES):
        text = f"word{next(numbers)}"
        post(place, sender, text)
        shown += f">{text}<" in client.get(address).content.decode()
    return shown
