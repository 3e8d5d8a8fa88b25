"""Browsers that subscribe to push notifications, while something else happens to them."""

from functools import partial

import pytest

from messaging.models import PushSubscription, Session, User
from messaging.models.people.push_subscription import subscribe
from tests.races.racing import FEWER_ROUNDS, Racers, outcome_name

pytestmark = pytest.mark.django_db(transaction=True)
KEYS = ("https://push.example.org/1", "key", "secret")


def session_of(user: User) -> Session:
    session: Session = Session.objects.get_or_create(
        session_key=f"session{user.pk}",
        defaults={"user": user, "session_data": "", "expire_date": "2100-01-01T00:00Z"},
    )[0]
    return session


def test_an_endpoint_that_is_subscribed_twice_at_once_is_stored_once(
    racers: Racers, ada: User, ben: User
) -> None:
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS)):
        people = (ada, ada) if number % 2 else (ada, ben)
        acts = [partial(subscribe, one, session_of(one).pk, KEYS, "Firefox", 0) for one in people]
        assert {outcome_name(one) for one in race.run(*acts)} == {"done"}
        assert PushSubscription.objects.get().user in people
        PushSubscription.objects.all().delete()


def test_a_session_that_ends_meanwhile_keeps_no_subscription(racers: Racers, ada: User) -> None:
    for race in racers.rounds(FEWER_ROUNDS):
        session = session_of(ada)
        act = partial(subscribe, ada, session.pk, KEYS, "Firefox", 0)
        outcome, ended = race.run(act, session.delete)
        assert outcome_name(ended) == "done"
        assert outcome is True or outcome_name(outcome) == "Gone"
        assert not PushSubscription.objects.exists()
