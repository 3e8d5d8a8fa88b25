"""The boxes of task lists, the same for every reader. One that only the author may tick is shown as a link to
its author, by the author's own stylesheet (`personal_css`), and as a mark to all others."""

from collections.abc import Sequence
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from messaging.models import Message, Tick
from messaging.rendering.part_template import PartTemplate
from messaging.rendering.times import time_values
from messaging.text.excerpts import excerpt_of
from messaging.text.tasks import has_tasks, tasks_in, with_boxes

TEMPLATE = PartTemplate("messaging/messages/_task_box.html")
LABEL_LENGTH: Final = 100


def with_ticks(message: Message, ticks: Sequence[Tick]) -> str:
    """The HTML of a message's text, in which tasks can be ticked.

    Args:
        ticks: of the message, with their people.
    """
    html = message.content_html
    if not has_tasks(html):
        return html
    by_item = {tick.item: tick for tick in ticks}
    boxes = {}
    for task in tasks_in(html):
        state = state_text(task.is_done)
        box = TEMPLATE.render(
            {
                "pk": message.pk,
                "key": task.key,
                "label": excerpt_of(task.html, LABEL_LENGTH),
                "state": state,
                "title": _title(state, by_item.get(task.place)),
            },
            is_done=task.is_done,
            is_for_all=message.is_ticked_by_all,
        )
        boxes[task.place] = box.strip()
    return SafeString(with_boxes(html, boxes))  # nosec B703 - as `messaging.text` made it, and boxes


def state_text(is_done: bool) -> str:
    return pgettext("of a task", "Done") if is_done else _("Not done")


def _title(state: str, tick: Tick | None) -> str:
    """The tooltip of a box: its state, and if somebody changed it, who and when."""
    if tick is None:
        return state
    at = time_values("at", tick.at, with_day=True)["at_title"]
    name = tick.user.name if tick.user else _("Deleted user")
    return _("%(state)s: %(name)s, %(at)s") % {"state": state, "name": name, "at": at}
