"""Drafts: nothing typed is lost, and nothing that was sent comes back."""

from datetime import timedelta
from typing import cast
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from messaging.models import Conversation, Draft, Message, User
from messaging.models.accounts.personal_data import parts_of, what_is_deleted
from messaging.models.db.refusals import Gone
from messaging.models.messages import drafting
from messaging.models.messages.drafting import (
    DraftConflict,
    DraftSent,
    Place,
    Typed,
    delete_draft,
    draft_at,
    save_draft,
)
from messaging.models.messages.saving import post
from messaging.models.messages.scheduling import schedule, send_scheduled
from messaging.models.rooms.members import leave
from messaging.text import MAX_LENGTH

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
LAPTOP, PHONE = UUID(int=1), UUID(int=2)


@pytest.fixture
def place(room: Conversation) -> Place:
    return Place(room.pk)


def texts(user: User) -> list[str]:
    """The person's drafts. Their row must list the same."""
    rows = list(
        user.draft_texts.order_by("version").values_list("conversation", "reply_to", "version", "text")
    )
    user.refresh_from_db()
    assert sorted(user.drafts) == sorted([one, parent, version] for one, parent, version, _text in rows)
    return [text for *_place, text in rows]


def test_each_save_gets_a_higher_version_and_tells_the_persons_pages(ben: User, place: Place) -> None:
    before = User.objects.get(pk=ben.pk).version
    first = save_draft(ben, place, Typed("Half", LAPTOP, 1))
    second = save_draft(ben, place, Typed("Half a thought", LAPTOP, 2, first))
    assert texts(ben) == ["Half a thought"]
    assert 0 < first < second == ben.drafts_version
    assert ben.version == before + 2


def test_the_same_text_saved_again_is_the_same_draft(ben: User, place: Place) -> None:
    """A page that is left saves what is under way once more."""
    version = save_draft(ben, place, Typed("Half", LAPTOP, 1))
    assert save_draft(ben, place, Typed("Half", LAPTOP, 3)) == version
    assert save_draft(ben, place, Typed("Ha", LAPTOP, 2)) == version  # it came late
    assert texts(ben) == ["Half"]


def test_spaces_stay_as_they_were_typed_and_what_is_never_stored_goes(ben: User, place: Place) -> None:
    save_draft(ben, place, Typed("  One\r\ntwo \x00 \n", LAPTOP, 1))
    assert texts(ben) == ["  One\ntwo  \n"]


def test_a_text_that_is_too_long_is_refused_and_the_draft_stays(ben: User, place: Place) -> None:
    version = save_draft(ben, place, Typed("Short", LAPTOP, 1))
    with pytest.raises(ValidationError) as refused:
        save_draft(ben, place, Typed("x" * (MAX_LENGTH + 1), LAPTOP, 2, version))
    assert refused.value.code == "too_long"
    save_draft(ben, place, Typed("x" * MAX_LENGTH + "\n\n", LAPTOP, 3, version))
    assert texts(ben) == ["x" * MAX_LENGTH]


def test_an_empty_text_deletes_the_draft(ben: User, place: Place) -> None:
    version = save_draft(ben, place, Typed("Half", LAPTOP, 1))
    assert save_draft(ben, place, Typed(" \n", LAPTOP, 2, version)) == 0
    assert texts(ben) == []
    assert save_draft(ben, place, Typed("", PHONE, 1)) == 0  # there is none anyway


def test_the_timeline_and_each_message_have_drafts_of_their_own(
    ben: User, ada: User, room: Conversation, place: Place
) -> None:
    root = post(room, ada, "Root")
    save_draft(ben, place, Typed("To all", LAPTOP, 1))
    save_draft(ben, Place(room.pk, root.pk), Typed("To Ada", PHONE, 1))
    save_draft(ada, place, Typed("Hers", uuid4(), 1))
    assert (texts(ben), texts(ada)) == (["To all", "To Ada"], ["Hers"])
    assert draft_at(ben, *place).text == "To all"  # type: ignore[union-attr]


def test_no_query_looks_for_a_draft_that_the_person_does_not_have(
    ben: User, place: Place, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert draft_at(ben, *place) is None


def test_a_save_that_does_not_know_the_other_devices_text_replaces_nothing(ben: User, place: Place) -> None:
    first = save_draft(ben, place, Typed("From the laptop", LAPTOP, 1))
    with pytest.raises(DraftConflict) as refused:
        save_draft(ben, place, Typed("From the phone", PHONE, 1))
    assert (refused.value.draft.text, refused.value.draft.version) == ("From the laptop", first)
    with pytest.raises(DraftConflict):
        save_draft(ben, place, Typed("", PHONE, 2))  # nor does it delete
    save_draft(ben, place, Typed("From both", PHONE, 3, first))
    with pytest.raises(DraftConflict):
        save_draft(ben, place, Typed("From the laptop again", LAPTOP, 2, first))
    assert texts(ben) == ["From both"]


def test_a_browser_that_got_no_answer_saves_again_and_an_older_save_replaces_no_newer_one(
    ben: User, place: Place
) -> None:
    save_draft(ben, place, Typed("One", LAPTOP, 1))
    version = save_draft(ben, place, Typed("One two", LAPTOP, 3))
    assert save_draft(ben, place, Typed("One t", LAPTOP, 2)) == version
    assert texts(ben) == ["One two"]


@pytest.mark.parametrize("is_reply", [False, True])
def test_sending_deletes_the_draft(ben: User, ada: User, room: Conversation, is_reply: bool) -> None:
    root = post(room, ada, "Root")
    place = Place(room.pk, root.pk if is_reply else 0)
    other = Place(room.pk, 0 if is_reply else root.pk)
    version = save_draft(ben, place, Typed("Hello", LAPTOP, 1))
    save_draft(ben, other, Typed("Elsewhere", PHONE, 1))
    post(room, ben, "Hello", root if is_reply else None, LAPTOP, draft=version)
    assert texts(ben) == ["Elsewhere"]


def test_a_save_that_arrives_after_its_text_was_sent_is_refused(
    ben: User, room: Conversation, place: Place
) -> None:
    post(room, ben, "Hello", client_id=LAPTOP, draft=0)
    with pytest.raises(DraftSent):
        save_draft(ben, place, Typed("Hello", LAPTOP, 1))
    assert texts(ben) == []
    save_draft(ben, place, Typed("The next one", PHONE, 1))  # which has another token
    assert texts(ben) == ["The next one"]


def test_a_save_that_arrives_after_its_text_was_scheduled_is_refused(
    ben: User, room: Conversation, place: Place
) -> None:
    schedule(ben, room, "Hello", timezone.now() + timedelta(hours=1), LAPTOP, draft=0)
    with pytest.raises(DraftSent):
        save_draft(ben, place, Typed("Hello", LAPTOP, 1))
    send_scheduled(ben.scheduled.get().pk, is_now=True)
    with pytest.raises(DraftSent):
        save_draft(ben, place, Typed("Hello", LAPTOP, 2))
    assert texts(ben) == []


def test_a_save_whose_answer_the_browser_does_not_have_is_deleted_when_its_text_is_sent(
    ben: User, room: Conversation, place: Place
) -> None:
    first = save_draft(ben, place, Typed("Hel", LAPTOP, 1))
    save_draft(ben, place, Typed("Hello", LAPTOP, 2, first))
    post(room, ben, "Hello", client_id=LAPTOP, draft=first)
    assert texts(ben) == []


def test_sending_leaves_what_another_device_has_saved_since(
    ben: User, room: Conversation, place: Place
) -> None:
    first = save_draft(ben, place, Typed("Hello", LAPTOP, 1))
    save_draft(ben, place, Typed("Hello, and more", PHONE, 1, first))
    post(room, ben, "Hello", client_id=LAPTOP, draft=first)
    assert texts(ben) == ["Hello, and more"]


def test_a_message_that_is_refused_leaves_its_draft(ben: User, room: Conversation, place: Place) -> None:
    version = save_draft(ben, place, Typed("Hello", LAPTOP, 1))
    leave(room, ben)
    with pytest.raises(ValidationError):
        post(room, ben, "Hello", client_id=LAPTOP, draft=version)
    assert texts(ben) == ["Hello"]


def test_the_text_outlives_its_conversation_and_can_be_deleted(ben: User, ada: User) -> None:
    other = Conversation.objects.direct(ben, ada)
    version = save_draft(ben, Place(other.pk), Typed("Dear Ada", LAPTOP, 1))
    ada.delete()
    draft = Draft.objects.get(user=ben)
    assert (draft.text, draft.conversation_id, draft.version) == ("Dear Ada", None, version)
    delete_draft(draft)
    delete_draft(draft)  # as a form that is sent twice
    assert texts(ben) == []


def test_there_are_not_too_many(ben: User, room: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "MOST_DRAFTS", 2)
    versions = [save_draft(ben, Place(room.pk, parent), Typed("Yes", uuid4(), 1)) for parent in (0, 1)]
    with pytest.raises(ValidationError) as refused:
        save_draft(ben, Place(room.pk, 2), Typed("No", uuid4(), 1))
    assert refused.value.code == "drafts"
    save_draft(ben, Place(room.pk), Typed("Yes!", uuid4(), 1, versions[0]))
    assert texts(ben) == ["Yes", "Yes!"]


def test_they_go_with_the_account_and_are_in_its_export(ben: User, place: Place) -> None:
    save_draft(ben, place, Typed("Half", LAPTOP, 1))
    assert what_is_deleted([ben.pk])["drafts"] == 1
    [exported] = cast(list[dict[str, object]], parts_of(ben)["drafts"])
    assert exported["text"] == "Half"
    stale = User.objects.get(pk=ben.pk)
    ben.delete()
    assert not Draft.objects.exists()
    with pytest.raises(Gone):
        save_draft(stale, place, Typed("Half a thought", LAPTOP, 2))
    assert not Message.rows.filter(content="Half").exists()
