"""Words and links that the site does not allow in messages."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from messaging.models import Conversation, Installation, Message, User
from messaging.models.messages import block_list
from messaging.models.messages.block_list import BlockList, key_of
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.saving import post

pytestmark = pytest.mark.django_db


def block(words: str = "", hosts: str = "") -> None:
    Installation.objects.row().update(
        blocked_words=words, blocked_hosts=hosts, block_key=key_of(words, hosts)
    )


def is_refused(room: Conversation, by: User, text: str) -> bool:
    try:
        post(room, by, text)
    except ValidationError as error:
        return error.code == "blocked"
    return False


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("馬鹿", True),
        ("君は馬鹿だね", True),
        ("You are 馬鹿, Ben", True),
        ("You馬鹿", True),
        ("馬と鹿", False),
        ("それはdarnです", True),
        ("それはdarnsです", False),
        ("ﾊﾞｶだ", True),
        ("ไม่เอาบ้าแล้ว", True),
    ],
)
def test_words_are_found_within_sentences_without_spaces(
    room: Conversation, ada: User, text: str, refused: bool
) -> None:
    block("馬鹿\ndarn\nバカ\nบ้า*")
    assert is_refused(room, ada, text) == refused


def test_nothing_is_refused_by_default(room: Conversation, ada: User) -> None:
    assert not is_refused(room, ada, "Anything at https://example.org")


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("What a Darn thing", True),
        ("DARN!", True),
        ("(darn)", True),
        ("ｄａｒｎ", True),
        ("darning socks", False),
        ("Darnell", False),
        ("heck", True),
        ("heckles, heckler", True),
        ("whatheck", False),
        ("such a  bad\nword", True),
        ("STRASSE", True),
        ("a.b", True),
        ("axb", False),
        ("`darn`", True),
        ("d**ar**n", True),
        ("d&#97;rn", False),  # is shown as it was typed
        ("d\u00adar\u200bn", True),
    ],
)
def test_words_are_found_as_people_write_them(
    room: Conversation, ada: User, text: str, refused: bool
) -> None:
    block("darn\nheck*\nBad Word\nstraße\na.b")
    assert is_refused(room, ada, text) is refused


def test_the_choices_of_a_poll_are_compared(room: Conversation, ada: User) -> None:
    block("darn")
    with pytest.raises(ValidationError, match="darn"):
        post(room, ada, "What now?", poll=NewPoll(("Go on", "Darn it")))


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("https://evil.org/page", True),
        ("see HTTP://WWW.Evil.Org:8080?x=1 now", True),
        ("[here](https://sub.evil.org./)", True),
        ("evil.org/page", True),
        ("https://evil.org.example", False),
        ("https://notevil.org", False),
        ("https://example.org/?to=https://evil.org", False),
        ("the word evil.org in `https://evil.org` code", True),
        ("`https://evil.org`", False),
    ],
)
def test_links_are_found_by_their_host(room: Conversation, ada: User, text: str, refused: bool) -> None:
    block(hosts="evil.org")
    assert is_refused(room, ada, text) is refused


def test_the_refusal_says_what_and_nothing_is_written(room: Conversation, ada: User) -> None:
    block("darn")
    version = Conversation.objects.get(pk=room.pk).version
    with pytest.raises(ValidationError, match="“darn” is not allowed"):
        post(room, ada, "Oh DARN")
    assert not Message.objects.exists()
    assert Conversation.objects.get(pk=room.pk).version == version


def test_an_edit_is_refused_but_not_a_save_without_a_change(room: Conversation, ada: User) -> None:
    message = post(room, ada, "Oh darn")
    block("darn")
    message.save()
    message.content = "Darn again"
    with pytest.raises(ValidationError, match="not allowed"):
        message.save()
    message.refresh_from_db()
    message.content = "Oh well"
    message.save()


def test_a_process_that_knows_older_lists_notices_under_the_lock(
    room: Conversation, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was never told of a change refuses and allows at once what the new lists do."""
    block("darn")
    monkeypatch.setattr(block_list, "_known", BlockList(key_of("heck", ""), ("heck",)))
    assert is_refused(room, ada, "darn")
    assert not is_refused(room, ada, "heck")
    block()
    assert not is_refused(room, ada, "darn")


def test_what_was_sent_before_the_change_is_recognized_when_it_is_sent_again(
    room: Conversation, ada: User
) -> None:

    client_id = uuid4()
    sent = post(room, ada, "Oh darn", client_id=client_id)
    block("darn")
    assert post(room, ada, "Oh darn", client_id=client_id) == sent
