"""Nobody finds a planted word in the quick switcher that they may not see, whatever they type."""

from itertools import chain, cycle, product

import pytest
from django.urls import reverse

from tests.security.outcomes import OUTSIDE, PERSONAS
from tests.security.world import INSIDERS, NAMES, World
from tests.views.page import FRAGMENT

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.mark.parametrize("persona", [one for one in PERSONAS if one not in OUTSIDE])
def test_nobody_finds_a_word_that_they_may_not_see(world: World, persona: str) -> None:
    """The list does not contain what was typed, so a word that is in it was found."""
    client, forbidden = world.browser(persona), world.forbidden_to(persona)
    if persona != "guest":
        forbidden -= NAMES  # everybody but guests may see who is on the site
    assert forbidden
    everywhere = product(world.places, ["", "q"])
    somewhere = zip(
        cycle(world.places), sorted({*forbidden, "qown", "qother", "qdirect", "qremoved"}), strict=False
    )
    for place, word in chain(everywhere, somewhere):
        query = {"q": word, "from": str(place.conversation.pk)}
        told = client.get(reverse("switcher"), query, headers=FRAGMENT).content.decode()
        assert not [secret for secret in forbidden if secret in told], (persona, word, place.name)


@pytest.mark.parametrize("persona", sorted(INSIDERS))
def test_members_find_their_room(world: World, persona: str) -> None:
    told = world.browser(persona).get(reverse("switcher"), {"q": "qownname"}, headers=FRAGMENT)
    assert "qownname" in told.content.decode()
