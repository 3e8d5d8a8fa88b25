"""Nobody is offered a person behind an @ whom they may not see, whatever they type."""

import pytest
from django.urls import reverse

from tests.security.outcomes import OUTSIDE, PERSONAS
from tests.security.world import INSIDERS, NAMES, World
from tests.views.page import FRAGMENT

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.mark.parametrize("persona", [one for one in PERSONAS if one not in OUTSIDE])
def test_nobody_is_offered_a_word_that_they_may_not_see(world: World, persona: str) -> None:
    """The list does not contain what was typed, so a word that is in it was found."""
    client, forbidden = world.browser(persona), world.forbidden_to(persona)
    if persona != "guest":
        forbidden -= NAMES  # everybody but guests may see who is on the site
    assert forbidden
    for place in world.places:
        address = reverse("conversation_mentionable", args=[place.conversation.pk])
        for word in sorted({*forbidden, "", "q", "qo", "qd"}):
            told = client.get(address, {"q": word}, headers=FRAGMENT).content.decode()
            assert not [secret for secret in forbidden if secret in told], (persona, word, place.name)


@pytest.mark.parametrize("persona", sorted(INSIDERS))
def test_members_are_offered_each_other(world: World, persona: str) -> None:
    [place] = [one for one in world.places if one.name == "qown"]
    address = reverse("conversation_mentionable", args=[place.conversation.pk])
    told = world.browser(persona).get(address, headers=FRAGMENT).content.decode()
    active = place.conversation.memberships.filter(user__is_active=True)
    for username in active.values_list("user__username", flat=True):
        assert f'data-text="@{username}"' in told
