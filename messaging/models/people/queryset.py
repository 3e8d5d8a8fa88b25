from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.db.models.functions import Coalesce, Lower

from messaging.models.db.changes import notify_changed
from messaging.models.db.refusals import Gone
from messaging.models.db.text_match import contains

if TYPE_CHECKING:
    from messaging.models.people.user import User


def by_name(person: str = "") -> Lower:
    """An ordering by the name that a person is shown by. The index `people_by_name` has this order.

    Args:
        person: the look-up that leads to the person, as "user__".
    """
    # Not `NullIf(…, Value(""))`: SQLite finds an index only for the same SQL, without parameters.
    named = Func(
        F(f"{person}display_name"), template="NULLIF(%(expressions)s, '')", output_field=models.CharField()
    )
    return Lower(Coalesce(named, f"{person}username"))


def _ascii_lower(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


class UserQuerySet(models.QuerySet["User"]):
    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete these people and what is theirs (`accounts.erasure`), all or none."""
        # Imports from a higher layer on purpose: `User.delete()` must delete everything of a person.
        from messaging.models.accounts.erasure import erase_people

        gone = erase_people(self.values_list("pk", flat=True))
        return gone, {self.model._meta.label: gone}

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def visible_to(self, user: "User") -> "UserQuerySet":
        """Everybody. A guest sees only themselves and the people with whom they share a conversation."""
        if not user.is_guest:
            return self.all()
        theirs = user.memberships.model.objects.filter(
            user=OuterRef("pk"), conversation__in=user.conversations.values("pk")
        )
        return self.filter(Q(pk=user.pk) | Q(Exists(theirs)))

    def called(self, words: str) -> "UserQuerySet":
        """People whose name or username contains this text, ignoring case and accents."""
        return self.filter(contains(words, "display_name", "username"))

    def with_email(self, email: str) -> "list[User]":
        """Those with this e-mail address, in upper or lower case.

        Databases differ in what else they take for the same: PostgreSQL compares dotless i and i as I
        (CVE-2019-19844). So of what they find only what differs in the case of ASCII letters counts.
        """
        found = self.filter(email__iexact=email) if email else []
        return [person for person in found if _ascii_lower(person.email) == _ascii_lower(email)]

    def by_name(self) -> "UserQuerySet":
        return self.order_by(by_name(), "pk")

    def raise_version(self) -> int:
        """Raise the `version` of these people: something changed that only their own pages show (badges,
        sidebar). Returns how many people these are."""
        notify_changed(people=self.values_list("pk", flat=True))
        return self.update(version=F("version") + 1)

    def lock_to_add(self, ids: Collection[int]) -> dict[int, str]:
        """Lock these people, who are about to be given a membership, and raise their `version`.

        Call it before the membership is written: if one of them is being erased, this waits, and then raises
        Gone. Without it the database would report that only at the commit, by an IntegrityError.

        Returns:
            The notification level that each prefers in new rooms, by their ids.

        Raises:
            Gone: one of them was deleted.
        """
        people = self.filter(pk__in=ids)
        locked = people.order_by("pk").select_for_update(no_key=True)
        levels = dict(locked.values_list("pk", "default_notification_level"))
        if len(levels) < len(ids):
            raise Gone
        notify_changed(people=levels)
        people.update(version=F("version") + 1)
        return levels
