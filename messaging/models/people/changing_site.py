"""The lock under which somebody changes what the whole site shares."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from messaging.models.db.refusals import get_or_gone
from messaging.models.people.user import User
from messaging.models.site.installation import Installation


@contextmanager
def changing_site(by: User) -> Iterator[Installation]:
    """One change after the other, in a transaction. Yields the row of the site.

    The person is locked first: a change of a name and the deletion of an account lock the person, and then
    the site. In the other order the two would wait for each other, since what is written here (a keyword, an
    entry of the audit log) refers to the person.

    Raises:
        Gone: the person was deleted.
    """
    with transaction.atomic():
        get_or_gone(User.objects.select_for_update(no_key=True), pk=by.pk)
        yield Installation.objects.row().select_for_update(no_key=True).get()
