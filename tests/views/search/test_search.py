"""The page of a search: a form without script, parts of pages for htmx."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from messaging.http import rate_limits
from messaging.models import Conversation, Message, User
from messaging.models.inbox.blocking import block
from messaging.models.messages.saving import post
from tests.factories import RoomFactory, UserFactory
from tests.views.page import FRAGMENT, Answer, Page

pytestmark = pytest.mark.django_db
URL = "/search/"


def ask(client: Client, typed: str, before: int | str = "", **headers: str) -> Answer:
    return client.get(URL, {"q": typed, **({"before": before} if before else {})}, headers=headers)


def excerpts(answer: Answer) -> list[str]:
    return [element.text for element in Page(answer).all("line-excerpt")]


def test_without_words_the_page_explains_what_can_be_searched_for(as_ada: Client) -> None:
    page = Page(as_ada.get(URL))
    examples = [link for link in page.links if link.startswith("?q=")]
    assert len(examples) >= 5
    assert all(as_ada.get(URL + example).status_code == 200 for example in examples)


def test_results_stand_on_their_branch_with_the_words_marked(
    as_ada: Client, room: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ada, "When is high water?")
    reply = post(room, ben, "High <b>water</b> is at **nine**", parent=root)
    answer = ask(as_ada, "water nine")
    assert excerpts(answer) == ["High <b>water</b> is at nine"]
    page = Page(answer)
    assert [element.text for element in page.elements if element.tag == "mark"] == ["water", "nine"]
    assert [element.text for element in page.all("line-parent")] == ["When is high water?"]
    assert page.all("line-about")[0].text.split()[:5] == ["Ben", "Okri", "to", "Ada", "Lovelace"]
    assert "# Harbour" in page.all("line-about")[0].text
    assert reverse("message", args=[reply.pk]) in page.links


def test_the_excerpt_is_around_the_first_word(as_ada: Client, room: Conversation, ben: User) -> None:
    post(room, ben, "before " * 60 + "the xylophone " + "after " * 60)
    [excerpt] = excerpts(ask(as_ada, "xylophone"))
    assert excerpt.startswith("… before")
    assert "the xylophone after" in excerpt
    assert excerpt.endswith("…")
    assert len(excerpt) < 240


def test_what_was_typed_stays_in_the_form_and_in_the_links(
    as_ada: Client, room: Conversation, ben: User
) -> None:
    for number in range(25):
        post(room, ben, f'a & "b" {number}')
    answer = ask(as_ada, '"a & b')
    assert Page(answer).searched == '"a & b'
    first = excerpts(ask(as_ada, "a b"))
    [older] = [link for link in Page(ask(as_ada, "a b")).links if "before=" in link]
    rest = excerpts(as_ada.get(URL + older))
    assert first + rest == [f'a & "b" {number}' for number in reversed(range(25))]


def test_htmx_gets_the_results_alone(as_ada: Client, room: Conversation, ben: User) -> None:
    post(room, ben, "high water")
    answer = ask(as_ada, "wat", **FRAGMENT)
    assert not Page(answer).is_whole
    assert excerpts(answer) == ["high water"]


def test_operators_without_meaning_are_named(as_ada: Client) -> None:
    answer = ask(as_ada, "from:<nobody> water")
    assert "from:&lt;nobody&gt;" in answer.content.decode()


@pytest.mark.parametrize(
    "typed", ["\0", "\ud800", '"', "-", "from:", "on:2026-99", "*" * 400, "x" * 5000, "ﷺ" * 400]
)
@pytest.mark.parametrize("before", ["", "x", "-1", "0", "9" * 30])
def test_nothing_that_is_typed_is_an_error(as_ada: Client, typed: str, before: str) -> None:
    query = urlencode({"q": typed, "before": before}, errors="surrogatepass")
    assert as_ada.get(f"{URL}?{query}").status_code == 200


def test_strangers_find_nothing_of_others(
    as_stranger: Client, room: Conversation, ada: User, ben: User
) -> None:
    post(room, ada, "xylophone")
    Message.objects.create(sender=ada, receiver=ben, content="xylophone")
    for typed in ("xylophone", "from:ada", "in:harbour", "with:ben xylo", "is:mine", "-nothing"):
        answer = ask(as_stranger, typed)
        assert excerpts(answer) == []
        assert answer.content.decode().count("xylophone") == 2 * ("xylophone" in typed)


def test_words_of_blocked_people_are_told_apart_for_the_stylesheet(
    as_ada: Client, room: Conversation, ada: User, ben: User
) -> None:
    post(room, ben, "xylophone")
    block(ada, ben)
    [excerpt] = Page(ask(as_ada, "xylophone")).all("line-excerpt")
    assert excerpt.attributes["data-author"] == str(ben.pk)


def test_the_number_of_queries_does_not_grow(
    as_ada: Client, browser: Callable[..., Client], ada: User, ben: User
) -> None:
    def queries_for(number: int) -> int:
        for place in range(number):
            room = RoomFactory.create(by=ada, members=[ben])
            post(room, ada, f"wave {place}", parent=post(room, ben, f"wave root {place}"))
        with CaptureQueriesContext(connection) as queries:
            assert len(excerpts(ask(as_ada, "wave from:ada from:me"))) >= min(number, 10)
        return len(queries)

    assert queries_for(10) == queries_for(10)


def test_too_many_searches_are_refused_in_words(
    as_ada: Client, room: Conversation, ben: User, settings: Settings
) -> None:
    post(room, ben, "high water")
    settings.LIMITS = {**settings.LIMITS, "search": (1, 0.1)}
    rate_limits.fill_all_buckets()
    assert ask(as_ada, "water").status_code == 200
    answer = ask(as_ada, "water")
    rate_limits.fill_all_buckets()
    assert (answer.status_code, answer["Retry-After"]) == (429, "10")
    assert Page(answer).searched == "water"
    assert "Nothing was lost" in answer.content.decode()


def test_each_conversation_leads_to_a_search_in_it(
    as_ada: Client, room: Conversation, direct: Conversation, ada: User, ben: User
) -> None:
    cleo = UserFactory.create(username="cleo")
    quoted = RoomFactory.create(name='the "old" quay', by=ada)
    group, notes = Conversation.objects.create_group(ada, [ben, cleo]), Conversation.objects.direct(ada, ada)
    places = [room, direct, quoted, group, notes]
    for place in places:
        post(place, ada, f"words in {place.pk}")
    for place in places:
        page = Page(as_ada.get(reverse("conversation", args=[place.pk])))
        [link] = [link for link in page.links if "?in=" in link]
        assert excerpts(as_ada.get(link)) == [f"words in {place.pk}"]


def test_a_conversation_of_others_gives_no_query(as_stranger: Client, room: Conversation) -> None:
    assert Page(as_stranger.get(URL, {"in": room.pk})).searched == ""


def test_best_match_is_a_choice_that_stays_in_the_address(
    as_ada: Client, room: Conversation, ada: User
) -> None:
    for text in ("tide tide tide", "the tide " + "and more " * 30):
        post(room, ada, text)
    newest, best = as_ada.get(URL, {"q": "tide"}), as_ada.get(URL, {"q": "tide", "order": "best"})
    assert excerpts(best) == excerpts(newest)[::-1]
    assert "?q=tide&order=best" in Page(newest).links
    assert Page(best).field_value("order") == "best"
    assert not [link for link in Page(as_ada.get(URL, {"q": "from:me"})).links if "order=best" in link]


def test_filters_are_offered_in_the_answer_and_without_script_as_links(as_ada: Client, ben: User) -> None:
    part = Page(as_ada.get(URL, {"q": "water from:b"}, headers=FRAGMENT))
    options = [one.attributes for one in part.elements if one.attributes.get("role") == "option"]
    assert [option["data-query"] for option in options] == ["water from:@ben "]
    assert options[0]["data-typed"] == "water from:b"
    assert "?q=water%20from%3A%40ben%20" in Page(as_ada.get(URL, {"q": "water from:b"})).links
    assert not Page(as_ada.get(URL, {"q": "water "}, headers=FRAGMENT)).all("going")
