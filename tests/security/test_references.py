"""Nobody is shown anything of a message through a link to it that they may not read."""

import pytest
from django.urls import reverse

from messaging.models.messages.saving import post
from tests.security.outcomes import OUTSIDE, PERSONAS
from tests.security.world import INSIDERS, World
from tests.views.page import FRAGMENT

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def hidden_from(world: World, persona: str) -> set[str]:
    """The words that the person may not see. Everybody but guests could join the public room, and read what
    its first messages say."""
    return world.forbidden_to(persona) - (set() if persona == "guest" else {"qopennow"})


def link_everything(world: World) -> str:
    """A message in the own room that links to the message of each place. Returns the address of the room."""
    room = world.places[0].conversation
    for place in world.places:
        link = f"http://testserver/messages/{place.message.pk}/"
        post(room, world.people["author"], f"{link} and #{place.conversation.name}")
    return reverse("conversation", args=[room.pk])


@pytest.mark.parametrize("persona", [one for one in PERSONAS if one not in OUTSIDE])
def test_cards_show_no_word_that_somebody_may_not_see(world: World, persona: str) -> None:
    client, forbidden = world.browser(persona), hidden_from(world, persona)
    ids = " ".join(str(place.message.pk) for place in world.places)
    told = client.get(reverse("message_references"), {"of": ids}, headers=FRAGMENT).content.decode()
    may_read = {
        place.name for place in world.places if persona in place.readers and not place.message.is_removed
    }
    assert not [secret for secret in forbidden if secret in told]
    assert all(f"{name}now" in told for name in may_read)


@pytest.mark.parametrize("persona", sorted(INSIDERS))
def test_a_page_full_of_links_shows_none_either(world: World, persona: str) -> None:
    address = link_everything(world)
    page = world.browser(persona).get(address).content.decode()
    # The author has typed the names of the rooms.
    typed = {place.conversation.name for place in world.places}
    assert not [secret for secret in hidden_from(world, persona) - typed if secret in page]
