from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from messaging.caching.browsers import A_DAY
from messaging.text.emoji import EMOJI


@require_safe
@cache_control(public=True, max_age=A_DAY)
def emoji_list(request: HttpRequest) -> HttpResponse:
    """The emoji by their names, as options, for completion while one writes."""
    return render(request, "messaging/messages/_emoji_names.html", {"emoji": EMOJI.items()})
