"""URLs, the sidebar's text, and the acts in the audit log."""

from django.test import Client
from django.urls import reverse

from messaging.models import AuditEntry
from tests.views.page import Page


def place(name: str, *args: int) -> str:
    return reverse(name, args=args)


def sidebar(client: Client) -> str:
    page = Page(client.get("/"))
    return next(one.text for one in page.elements if one.attributes.get("id") == "sidebar")


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))
