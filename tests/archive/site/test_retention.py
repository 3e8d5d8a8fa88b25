"""The rules of retention in an import: a form that Parley could not read later is refused."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from messaging.archive.site.derived_columns import site_values
from messaging.archive.site.errors import ArchiveError
from messaging.archive.site.rows import Rows
from messaging.archive.site.stored_bytes import BytesIn
from messaging.models import Conversation, Installation
from messaging.models.site.retention import RoomRules, Rule, retention_from
from tests.archive.site.conftest import imported, lines
from tests.archive.site.test_broken import changed, line

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
RULE = {"days": 90, "keeps_pinned": True, "keeps_saved": False, "rooms": "none"}
WHOLE = {"rule": RULE, "announced": None, "starts_at": None, "is_started": False}
REFUSED: dict[str, object] = {
    "a list": [90],
    "nothing": {},
    "a missing key": {"rule": RULE},
    "an unknown key": WHOLE | {"hours": 3},
    "a rule that is a number": WHOLE | {"rule": 90},
    "an unknown key of a rule": WHOLE | {"announced": RULE | {"hours": 3}},
    "days that are a text": WHOLE | {"rule": RULE | {"days": "90"}},
    "days that are true": WHOLE | {"rule": RULE | {"days": True}},
    "no days at all": WHOLE | {"rule": RULE | {"days": 0}},
    "more days than there are": WHOLE | {"announced": RULE | {"days": 36_501}},
    "a text for true": WHOLE | {"rule": RULE | {"keeps_saved": "no"}},
    "an unknown choice": WHOLE | {"rule": RULE | {"rooms": "some"}},
    "a time that is none": WHOLE | {"starts_at": "soon"},
    "a time without a zone": WHOLE | {"starts_at": "2026-11-30T08:00:00"},
    "a time that is a number": WHOLE | {"starts_at": 3},
}


@pytest.mark.parametrize("form", REFUSED)
def test_another_form_is_refused(form: str, tmp_path: Path) -> None:
    known = Rows(BytesIn(tmp_path))
    with pytest.raises(ArchiveError, match="“retention” does not have the form"):
        site_values({"blocked_words": "", "blocked_hosts": "", "retention": REFUSED[form]}, known)


@pytest.mark.parametrize("name", ["site", "conversations"])
def test_the_line_with_another_form_is_named(whole: Path, name: str) -> None:
    line(name, 1, retention={"rule": RULE})(whole)
    with pytest.raises(CommandError) as error:
        imported(whole)
    refusal = "“retention” does not have the form that docs/export.md describes. Nothing was imported."
    assert str(error.value) == f"{name}.jsonl, line 1: {refusal}"


def test_only_rooms_have_rules_of_their_own(whole: Path) -> None:
    number = next(i for i, one in enumerate(lines(whole, "conversations")) if one["kind"] == "direct")
    changed("conversations", lambda found: found[number].update(retention=WHOLE))(whole)
    with pytest.raises(CommandError, match="only a room has “retention”"):
        imported(whole)


def test_rules_that_were_announced_are_known_again(whole: Path) -> None:
    line("conversations", 1, retention=WHOLE | {"announced": RULE, "starts_at": "2026-12-01T08:00:00Z"})(
        whole
    )
    imported(whole)
    site = retention_from(Installation.objects.current().retention)
    assert (site.rule, site.announced) == (Rule(3_650, rooms=RoomRules.ANY), Rule(365))
    assert site.is_pending
    room = Conversation.objects.earliest("pk").retention
    assert room == WHOLE | {"announced": RULE, "starts_at": "2026-12-01T08:00:00+00:00"}
