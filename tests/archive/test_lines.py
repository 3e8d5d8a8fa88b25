"""Reading an archive: each line gives a record or an error; a file is plain or gzip."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.archive.lines import ArchiveFile, BadLine, Record, client_id_of, parse
from tests.archive.lines_of import as_bytes, line, write

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
TEXTS = st.text(st.characters(codec=None), max_size=100)


def parsed(**fields: Any) -> Record:
    return parse(json.dumps(line(**fields)).encode())


def test_a_valid_line_is_parsed_into_a_record() -> None:
    record = parsed(id="7", sender="|trey|", text="can anyone …", reply_to="6")
    assert (record.room, record.sender, record.texts) == ("ubuntu", "|trey|", ["can anyone …"])
    assert record.sent_at == datetime(2004, 11, 15, 15, 10, tzinfo=UTC)
    assert (record.client_id, record.reply_to) == (client_id_of("7", "ubuntu"), client_id_of("6", "ubuntu"))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"{", "not JSON"),
        (b"hello", "not JSON"),
        (b"\xff\xfe\xfd", "not JSON"),
        (b'{"id": 1' + b"0" * 5_000 + b"}", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b"{}", "is missing"),
    ],
)
def test_a_line_that_is_not_a_json_object_is_refused(bad: bytes, reason: str) -> None:
    with pytest.raises(BadLine, match=reason):
        parse(bad)


@pytest.mark.parametrize("key", ["id", "room", "sent_at", "sender", "text"])
@pytest.mark.parametrize("value", [..., None, 1, 1.5, True, [], {}], ids=repr)
def test_the_error_names_a_field_that_is_missing_or_not_a_string(key: str, value: object) -> None:
    with pytest.raises(BadLine, match=f"“{key}”"):
        parsed(**{key: value})


@pytest.mark.parametrize("reply_to", [1, True, [], {}])
def test_reply_to_must_be_a_string(reply_to: object) -> None:
    with pytest.raises(BadLine, match="“reply_to” is not a text"):
        parsed(reply_to=reply_to)


def test_reply_to_is_optional() -> None:
    assert parsed(reply_to=...).reply_to is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": ""}, "“text”: Enter some visible text"),
        ({"text": " \n\u200b\x00"}, "“text”: Enter some visible text"),
        ({"text": "\u2800" * 20_000}, "“text”: Enter some visible text"),
        ({"sender": ""}, "“sender”: Enter some visible text"),
        ({"room": "\x00"}, "“room”: Enter some visible text"),
        ({"id": "urn:uuid:nonsense"}, "is not a valid id"),
        ({"reply_to": "urn:uuid:"}, "is not a valid id"),
    ],
)
def test_the_error_names_a_refused_field_and_the_reason(fields: dict[str, str], reason: str) -> None:
    with pytest.raises(BadLine, match=reason):
        parsed(**fields)


@pytest.mark.parametrize(
    "sent_at",
    [
        *["", "yesterday", "2004-13-01", "2004-02-30T00:00:00", "1100531400", "2004-11-15T25:00:00", "\x00"],
        *[
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "20" * 3_000,
            "2004-11-15T15:10:00+99:00",
        ],
    ],
)
def test_an_invalid_time_is_refused_by_name(sent_at: str) -> None:
    with pytest.raises(BadLine, match="“sent_at”"):
        parsed(sent_at=sent_at)


@pytest.mark.parametrize(
    "sent_at",
    ["2004-11-15T15:10:00", "2004-11-15T15:10:00Z", "2004-11-15T17:10:00+02:00", "2004-11-15 15:10"],
)
def test_a_time_without_a_zone_is_utc_and_other_zones_are_converted_to_utc(sent_at: str) -> None:
    assert parsed(sent_at=sent_at).sent_at == datetime(2004, 11, 15, 15, 10, tzinfo=UTC)


def test_an_id_gives_the_same_client_id_in_one_room_and_another_in_other_rooms() -> None:
    assert client_id_of("1", "a") == client_id_of("1", "a")
    assert len({client_id_of(*pair) for pair in [("1", "a"), ("2", "a"), ("1", "b"), ("a", "1")]}) == 4


def test_a_text_over_the_limit_is_split() -> None:
    assert [len(text) for text in parsed(text="word " * 2_001).texts] == [9_984, 19]
    assert len(parsed(text="word " * 2_000 + " \n\x00" * 9_000).texts) == 1


def test_a_name_over_the_limit_is_shortened_and_different_ones_stay_different() -> None:
    long = {parsed(sender="x" * length, room="y" * length).sender for length in range(78, 90)}
    assert len(long) == 12
    assert max(map(len, long)) == 80
    record = parsed(sender="|trey| " * 30, room="y" * 81)
    assert record.sender.startswith("|trey| |trey| ")
    assert record.long_names == {record.sender, record.room}
    assert parsed(sender="|trey| " * 30).sender == record.sender
    assert parsed(sender="x" * 80).long_names == frozenset()
    assert parsed(room=record.room, sender=record.sender).long_names == frozenset()


def test_control_characters_and_lone_surrogates_are_removed() -> None:
    record = parsed(text="a\x00b\x1b[31mc\ud800", sender="tr\x02ey", room="ubu\nntu")
    assert (record.texts, record.sender, record.room) == (["ab[31mc"], "trey", "ubu ntu")


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_random_bytes_raise_only_bad_line(data: bytes) -> None:
    with pytest.raises(BadLine):
        parse(data)


@given(st.fixed_dictionaries(dict.fromkeys(("id", "room", "sender", "text", "reply_to"), TEXTS | JSON)))
def test_random_fields_give_a_valid_record_or_bad_line(fields: dict[str, Any]) -> None:
    try:
        record = parsed(**fields)
    except BadLine:
        return
    assert [text.encode().decode() for text in record.texts] == record.texts != []
    assert 0 < len(record.sender) <= 80


@pytest.mark.parametrize("name", ["archive.jsonl", "archive.jsonl.gz", "gzip-by-another-name"])
def test_gzip_is_recognised_by_the_content_of_a_file(tmp_path: Path, name: str) -> None:
    lines = [line(id=str(number)) for number in range(3)]
    path = write(tmp_path / name, lines)
    if name == "gzip-by-another-name":
        path.write_bytes(gzip.compress(as_bytes(lines)))
    archive = ArchiveFile(path)
    assert [number for number, one in archive if parse(one)] == [1, 2, 3]
    assert archive.share_read == 1.0
    archive.close()


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    archive = ArchiveFile(write(tmp_path / "empty", []))
    assert list(archive) == []
    assert archive.share_read == 1.0
    archive.close()
