"""People, rooms and messages to measure with."""

from itertools import count

from messaging.models import Conversation, Membership, Message, User
from messaging.models.rooms.members import add

numbers = count(1)
TEXT = (
    "Some *words* of a message, as long as people write them, with `code` and a [link](https://example.org). "
)


def person() -> User:
    number = next(numbers)
    return User.objects.create(username=f"person{number}", display_name=f"Person {number}")


def people(how_many: int) -> list[User]:
    names = [f"member{next(numbers)}" for _ in range(how_many)]
    User.objects.bulk_create(User(username=name, display_name=name.title()) for name in names)
    return list(User.objects.filter(username__in=names))


def room(by: User, *members: User, crowd: int = 0) -> Conversation:
    made = Conversation.objects.create_room(f"room {next(numbers)}", by=by)
    for member in members:
        add(made, member)
    Membership.objects.bulk_create(Membership(conversation=made, user=one) for one in people(crowd))
    return made


def messages(place: Conversation, senders: list[User], how_many: int) -> list[Message]:
    """Many roots at once, as an import writes them: without notifications."""
    with place.writing(count=how_many) as last:
        first = last - how_many + 1
        return Message.rows.bulk_create(
            Message(
                conversation=place,
                sender=senders[at % len(senders)],
                content=TEXT * 4,
                content_html=f"<p>{TEXT * 6}</p>",
                seq=first + at,
                version=first + at,
            )
            for at in range(how_many)
        )
