"""Who may mention everybody in a room, as the site has set it."""

import pytest
from django.core.exceptions import ValidationError

from messaging.models import Installation, Membership, User
from messaging.models.messages.group_mentions import Question, question
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.factories import RoomFactory, UserFactory
from tests.views.growing import add_members

pytestmark = pytest.mark.django_db

MEMBERS, SMALL, MODERATORS = Installation.RoomMentioners


@pytest.mark.parametrize(
    ("mentioners", "more", "allowed"),
    [
        (MEMBERS, 20, {"admin", "moderator", "owner", "member"}),
        (SMALL, 20, {"admin", "moderator", "owner"}),
        (SMALL, 0, {"admin", "moderator", "owner", "member"}),
        (MODERATORS, 0, {"admin", "moderator", "owner"}),
    ],
)
def test_who_may_mention_everybody(
    mentioners: Installation.RoomMentioners, more: int, allowed: set[str]
) -> None:
    Installation.objects.row().update(room_mentioners=mentioners)
    admin = UserFactory.create(username="admin")
    room = RoomFactory.create(by=admin)
    for name in ("moderator", "owner", "member", "guest"):
        add(room, UserFactory.create(username=name))
    Membership.objects.filter(user__username__in=["moderator", "guest"]).update(role="moderator")
    User.objects.filter(username="owner").update(role=User.Role.OWNER)
    User.objects.filter(username="guest").update(role=User.Role.GUEST)
    add_members(room, more)
    for person in User.objects.filter(username__in=["admin", "moderator", "owner", "member", "guest"]):
        asked = question(person, room, "@room", ())
        if person.username in allowed:
            assert post(room, person, "@room").notifications.filter(reason="@room").exists()
            assert asked is None or asked.is_allowed
        else:
            assert asked == Question(["@room"], 4 + more, is_allowed=False, is_guest=person.is_guest)
            with pytest.raises(ValidationError, match="cannot notify"):
                post(room, person, "@room")
