"""Parley's URLs, and views that use `cache_page` in the most obvious way."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import cache_page

from messaging.access import lookups
from messaging.access.decorators import MemberRequest
from messaging.models.messages.timeline import timeline_page
from messaging.rendering.rows import timeline_rows
from site_config import urls

cached = cache_page(60, cache="pages")


@login_required
def outermost(request: MemberRequest, pk: int) -> HttpResponse:
    lookups.conversation(request.user, pk)
    return show(request, pk)


@login_required
def inside(request: MemberRequest, pk: int) -> HttpResponse:
    lookups.conversation(request.user, pk)
    return cached(show)(request, pk)


def show(request: MemberRequest, pk: int) -> HttpResponse:
    page = timeline_page(pk)
    context = {"conversation_pk": pk, "page": page, "rows": timeline_rows(page, 0)}
    return render(request, "messaging/messages/_list.html", context)


@login_required
def personal(request: MemberRequest) -> HttpResponse:
    return HttpResponse(f"Hello {request.user.username}")


urlpatterns = [
    path("outermost/<int:pk>/", cached(outermost), name="outermost"),
    path("inside/<int:pk>/", inside, name="inside"),
    path("personal/", cached(personal), name="personal"),
    *urls.urlpatterns,
]
handler500 = urls.handler500
