"""`cache_page`, and a fragment for each message."""

from django.core.cache import caches
from django.template import engines
from django.test import Client, override_settings
from django.urls import reverse

from bench.patterns.measure import compare, print_numbers
from bench.patterns.people import messages, numbers, person, room
from messaging.caching.clearing import clear
from messaging.caching.fragments import rendered_messages
from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from messaging.models.messages.timeline import timeline_page
from messaging.rendering.rows import _timeline_context

WRITES = 20
ONE = '{% include "messaging/messages/_message.html" with message=one only %}'
PLAIN = f"{{% for one in messages %}}{ONE}{{% endfor %}}"
EACH = f"""{{% load cache %}}{{% for one in messages %}}
{{% cache 3600 message one.pk one.version using="fragments" %}}{ONE}{{% endcache %}}{{% endfor %}}"""


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
    each, plain = (engines["django"].from_string(source) for source in (EACH, PLAIN))
    compare(
        f"fragments: 40 messages ({type(caches['fragments']).__name__})",
        rounds=31,
        nothing_cached=lambda: plain.render({"messages": shown}),
        cache_tag_for_each=lambda: each.render({"messages": shown}),
        get_many=lambda: rendered_messages(shown, 0, _timeline_context),
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
