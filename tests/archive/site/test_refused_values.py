"""Values of the right type that no page could show are refused by an import, with the line."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from messaging.archive.site import importing
from messaging.archive.site.folder import CONTENTS
from messaging.models import Message, Reaction, User
from tests.archive.site.conftest import imported, lines
from tests.archive.site.test_broken import Break, changed, contents, line, message
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
AT = "2026-11-30T08:00:00+00:00"


def reaction(emoji: str, chosen: str) -> Break:
    return message("reactions", lambda m: m["reactions"][0].update(emoji=emoji, chosen=chosen))


def preview(url: str) -> Break:
    return message("previews", lambda m: m["previews"][0].update(url=url))


def entry(details: object) -> Break:
    return changed("audit_log", lambda found: found.append({"at": AT, "act": "set_up", "details": details}))


def removed_members(value: object) -> Break:
    return changed(
        "conversations",
        lambda found: next(one for one in found if "removed_at" in one).update(removed_members=value),
    )


def described(**values: Any) -> Break:
    """Changes what `export.json` says of the people."""

    def run(folder: Path) -> None:
        found = json.loads((folder / CONTENTS).read_text())
        found["lines"]["people.jsonl"].update(values)
        (folder / CONTENTS).write_text(json.dumps(found))

    return run


REFUSED: dict[str, tuple[Break, str]] = {
    "a reaction with a word": (reaction("abc", "abc"), "“abc”, chosen as “abc”, is no emoji of this site"),
    "an emoji that is not in the table": (reaction("🫆", "🫆"), "“🫆”, chosen as “🫆”, is no emoji"),
    "a base in a skin tone": (reaction("👍🏽", "👍🏽"), "is no emoji of this site"),
    "another emoji than was chosen": (reaction("👍", "🎉"), "“👍”, chosen as “🎉”, is no emoji"),
    "a name instead of the emoji": (reaction(":tada:", ":tada:"), "“:tada:”, chosen as “:tada:”, is no"),
    "a custom emoji that is not there": (reaction(":boat:", ":boat:"), "“:boat:”, chosen as “:boat:”, is no"),
    "a custom emoji that was chosen as markup": (reaction(":rake:", "<b>"), "“:rake:”, chosen as “<b>”, is"),
    "details that are a list": (entry(["x", 1]), "“details”: “['x', 1]” is not"),
    "details with half a character": (entry({"x": ["\ud800"]}), "has characters that cannot be stored"),
    "what a provider says, as a list": (line("identities", 1, shown=[]), "“shown”: “[]” is not"),
    "sections as an object": (line("people", 1, sections={}), "“sections”: “{}” is not"),
    "folded sections as an object": (line("people", 1, folded_sections={"a": 1}), "“folded_sections”: “{"),
    "removed members as an object": (removed_members({}), "“removed_members”"),
    "a removed member with a role that there is not": (removed_members([[1, "king"]]), "“removed_members”"),
    "a preview of a script": (
        preview("javascript:alert(1)"),
        "“javascript:alert(1)” is no address of a page",
    ),
    "a preview of no host": (preview("http://[::1"), "“http://[::1” is no address of a page"),
    "a time before the first": (
        line("people", 1, date_joined="0001-01-01T00:00:00+14:00"),
        "line 1: “date_joined”: “0001",
    ),
    "a time after the last": (
        line("people", 1, date_joined="9999-12-31T23:59:59-12:00"),
        "line 1: “date_joined”: “9999",
    ),
    "a time that is not there in America": (
        line("people", 1, date_joined="0001-01-01T00:00:00Z"),
        "line 1: “date_joined”: “0001",
    ),
    "a size that is a text": (described(bytes="many"), "people.jsonl was changed since it was exported"),
    "an export from the first year": (contents(exported_at="0001-01-01T00:00:00+14:00"), "when it was made"),
    "an export of a number": (contents(exported_at=7), "export.json does not say when it was made"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_value_that_no_page_could_show_is_refused(whole: Path, fault: str) -> None:
    spoil, sentence = REFUSED[fault]
    spoil(whole)
    with pytest.raises(CommandError) as error:
        imported(whole)
    assert sentence in str(error.value)
    assert not User.objects.exists()


def test_an_emoji_of_the_table_in_a_skin_tone_is_imported(whole: Path) -> None:
    reaction("👍", "👍🏿")(whole)
    imported(whole)
    assert Reaction.objects.filter(emoji="👍", chosen="👍🏿").count() == 1
    assert Reaction.objects.filter(emoji=":rake:", chosen=":rake:").count() == 1


def test_old_and_far_times_are_imported(whole: Path) -> None:
    line("people", 1, status_until="9998-12-31T23:59:59-12:00")(whole)
    message("seq", lambda m: m.update(sent_at="0002-01-01T00:00:00+14:00"))(whole)
    imported(whole)
    first = lines(whole, "messages-00001")[0]["id"]
    assert Message.rows.get(pk=first).timestamp == datetime(1, 12, 31, 10, tzinfo=UTC)


def test_an_account_that_is_created_during_the_checks_stops_the_import(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = importing.checked_contents

    def check(*arguments: Any) -> Any:
        UserFactory.create(username="zoe")
        return checked(*arguments)

    monkeypatch.setattr(importing, "checked_contents", check)
    with pytest.raises(CommandError, match="There are users in this installation"):
        imported(whole)
    assert [user.username for user in User.objects.all()] == ["zoe"]
