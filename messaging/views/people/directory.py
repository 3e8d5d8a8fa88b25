from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, person_required, sign_in_required
from messaging.auth.recent_sign_in import linked_identities
from messaging.caching.browsers import A_YEAR
from messaging.models import Conversation, User
from messaging.models.people.roles import roles_to_give
from messaging.views.pictures import picture_response
from messaging.views.responses import render_page, words_in

PEOPLE_SHOWN = 50
ROOMS_SHOWN = 50  # that two people share


@require_safe
@sign_in_required
def person_list(request: MemberRequest) -> HttpResponse:
    """The directory of people, or the people whose name matches a search."""
    words = words_in(request.GET)
    people = User.objects.visible_to(request.user).active().by_name()
    if words:
        people = people.called(words)
    page = Paginator(people, PEOPLE_SHOWN).get_page(request.GET.get("page"))
    context = {"people": page.object_list, "page_obj": page, "words": words}
    return render_page(request, "messaging/people/directory.html", context)


@require_safe
@person_required
def person(request: MemberRequest, person: User) -> HttpResponse:
    """A person's profile, and the rooms that the viewer shares with them."""
    shared = Conversation.objects.visible_to(request.user).filter(
        kind=Conversation.Kind.ROOM, pk__in=person.memberships.values("conversation")
    )
    rooms = shared.order_by("name", "pk")[:ROOMS_SHOWN]
    give = roles_to_give(request.user, person)
    roles = [(role.value, role.label) for role in reversed(User.Role) if role in give]
    is_blocked = request.user.blocks.filter(blocked=person).exists()
    context: dict[str, Any] = {"person": person, "rooms": rooms, "roles": roles, "is_blocked": is_blocked}
    if give:
        context["identities"] = linked_identities(person)
    if User.Role.GUEST in give and not person.is_guest:
        context["kept_as_guest"] = _rooms_of(person)
    return render_page(request, "messaging/people/person.html", context)


def _rooms_of(person: User) -> dict[str, int]:
    """In how many rooms somebody is, and how many of these are public."""
    rooms = person.conversations.filter(kind=Conversation.Kind.ROOM)
    return rooms.aggregate(all=Count("pk"), public=Count("pk", filter=Q(is_private=False)))


@require_safe
@person_required
@cache_control(private=True, max_age=A_YEAR, immutable=True)
def person_picture(request: MemberRequest, person: User, name: str) -> HttpResponseBase:
    """The person's picture. A new one gets a new name, so that browsers may cache each for ever."""
    return picture_response(request, person.avatar, name)
