from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.access.lookups import NotFound
from messaging.caching.browsers import A_DAY, A_YEAR
from messaging.rendering.personal_css import blocked_css, groups_css, viewer_css

CSS = "text/css; charset=utf-8"


@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def viewer_stylesheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The stylesheet of one reader, which is no secret."""
    return HttpResponse(viewer_css(pk), content_type=CSS)


@require_safe
@sign_in_required
@cache_control(private=True, max_age=A_DAY)
def blocked_stylesheet(request: MemberRequest, pk: int) -> HttpResponse:
    """CSS that hides messages of people whom the reader blocks. Only the reader may load it."""
    if pk != request.user.pk:
        raise NotFound
    blocked = request.user.blocks.order_by("pk").values_list("blocked", flat=True)
    return HttpResponse(blocked_css(blocked), content_type=CSS)


@require_safe
@sign_in_required
@cache_control(private=True, max_age=A_DAY)
def groups_stylesheet(request: MemberRequest, pk: int) -> HttpResponse:
    """CSS that highlights mentions of the groups in which the reader is. Only the reader may load it."""
    if pk != request.user.pk:
        raise NotFound
    groups = request.user.group_memberships.order_by("group").values_list("group", flat=True)
    return HttpResponse(groups_css(groups), content_type=CSS)
