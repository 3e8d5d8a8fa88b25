"""Look-ups of what only its owner can see, and of reports for those who decide about them."""

from messaging.access.lookups import one
from messaging.models import Draft, Reminder, Report, ScheduledMessage, User


def scheduled(user: User, pk: int) -> ScheduledMessage:
    """A message that the person has scheduled."""
    return one(user.scheduled.select_related("user", "conversation"), pk)


def draft(user: User, pk: int) -> Draft:
    """A draft of the person."""
    return one(user.draft_texts.select_related("user", "conversation"), pk)


def reminder(user: User, pk: int) -> Reminder:
    """A reminder of the person, also of a message that they cannot read any more."""
    return one(user.reminders.all(), pk)


def report(user: User, pk: int) -> Report:
    """A report that the person may review, decided or not."""
    related = ("conversation", "author", "reporter", "decided_by")
    return one(Report.objects.all().to_review_by(user).select_related(*related), pk)
