"""A message is put together from pieces of its template, as if the template had been rendered for it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from messaging.models import Message, User
from messaging.models.messages.thread_summaries import Summary
from messaging.rendering import message_html as rendering
from messaging.rendering import rows
from messaging.rendering.message_html import message_html
from messaging.rendering.part_template import PartTemplate, Value
from messaging.rendering.rows import Row, ThreadRow

SENT = datetime(2026, 3, 1, 23, 59, 59, 123456, tzinfo=UTC)
ADA = User(pk=7, username="ada", display_name="Ada <i>'\"& the-username-text 9000000002")
BEN = User(pk=9_000_000_001, username="ben")
TEXTS = ["<p>Land ho</p>", "<p>the-name-text {{ name }} %s \\1 9000000001</p>"]


class Rendered:
    """Stands in for a `PartTemplate`, and notes what it and Django's engine make of the same values."""

    def __init__(self, template: PartTemplate) -> None:
        self._template = template
        self.pairs: list[tuple[str, str]] = []

    def render(self, values: Mapping[str, Value], **flags: bool) -> SafeString:
        html = self._template.render(values, **flags)
        self.pairs.append((html, render_to_string(self._template._template_name, {**values, **flags})))
        return html


def messages() -> list[tuple[Message, Summary | None, bool]]:
    summaries = [None, Summary(1, SENT, [ADA]), Summary(12, SENT + timedelta(days=300), [ADA, BEN])]
    found = []
    for sender, content, edited, removed, reason in product(
        (ADA, BEN), TEXTS, (None, SENT), (None, SENT), ("", "Spam <b> the-reason-text")
    ):
        message = Message(pk=9_000_000_004, seq=3, version=9_000_000_005, sender=sender, content_html=content)
        message.edited, message.edited_at = edited is not None, edited
        message.removed_at, message.removal_reason, message.timestamp = removed, reason, SENT
        message.client_id = UUID(int=5) if content == TEXTS[0] else None
        found += [(message, summary, False) for summary in summaries] + [(message, None, True)]
    return found


def test_every_kind_of_message_is_as_the_template_renders_it(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Rendered(rendering.TEMPLATE)
    monkeypatch.setattr(rendering, "TEMPLATE", watched)
    for message, summary, is_in_thread in messages():
        message_html(message, 3, summary, is_in_thread)
    assert len(watched.pairs) == len(messages())
    for html, fresh in watched.pairs:
        assert html == fresh


def test_every_kind_of_row_is_as_the_template_renders_it(monkeypatch: pytest.MonkeyPatch) -> None:
    html = SafeString("<article>the-more-text</article>")
    for name, made in {
        "ROW": [Row(5, 6, html, continues_run=run) for run in (True, False)],
        "THREAD_ROW": [
            ThreadRow(5, html, depth, below, folded, in_fold)
            for depth, below, folded, in_fold in product(range(9), (0, 1, 7), (True, False), (True, False))
        ],
    }.items():
        watched = Rendered(getattr(rows, name))
        monkeypatch.setattr(rows, name, watched)
        assert [row.html for row in made] == [fresh for _, fresh in watched.pairs]  # type: ignore[attr-defined]


def test_times_are_in_utc_whatever_zone_is_active() -> None:
    message, summary, _ = messages()[2]
    with timezone.override("Asia/Tokyo"):
        html = message_html(message, 3, summary)
    assert 'datetime="2026-03-01T23:59:59.123456+00:00"' in html
    assert 'title="Sunday, 1 March 2026, 23:59 UTC">23:59<' in html
    assert 'title="Saturday, 26 December 2026, 23:59 UTC">26 Dec, 23:59<' in html
    assert "1 Mar, 23:59" in message_html(message, 3, is_in_thread=True)


def test_names_and_reasons_are_escaped() -> None:
    for message, summary, is_in_thread in messages():
        html = message_html(message, 3, summary, is_in_thread)
        assert "<i>" not in html
        assert "<b> the" not in html


@pytest.mark.parametrize("is_run", [True, False])
def test_a_part_is_rendered_once_for_its_flags(is_run: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    part, calls = PartTemplate("messaging/messages/_row.html"), []
    render = render_to_string

    def counted(*args: Any) -> str:
        calls.append(args)
        return render(*args)

    monkeypatch.setattr("messaging.rendering.part_template.render_to_string", counted)
    for number in range(5):
        values: dict[str, Value] = {"pk": number, "seq": number, "message_html": ""}
        assert f'id="m-{number}"' in part.render(values, continues_run=is_run)
    assert len(calls) == 1
