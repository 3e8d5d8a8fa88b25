from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.caching.browsers import A_DAY
from messaging.models import CustomEmoji
from messaging.rendering.emoji_groups import custom_buttons
from messaging.text.emoji import EMOJI


@require_safe
@cache_control(public=True, max_age=A_DAY)
def emoji_list(request: HttpRequest) -> HttpResponse:
    """The emoji by their names, as options, for completion while one writes."""
    return render(request, "messaging/messages/_emoji_names.html", {"emoji": EMOJI.items()})


@require_safe
@conditional_page
@sign_in_required
def custom_emoji_list(request: MemberRequest) -> HttpResponse:
    """The custom emoji in use, in the same way."""
    emoji = CustomEmoji.objects.all().in_use().order_by("name").prefetch_related("names")
    return render(request, "messaging/messages/_custom_emoji_names.html", {"emoji": custom_buttons(emoji)})
