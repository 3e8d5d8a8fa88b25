from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging.access import lookups
from messaging.access.decorators import MemberRequest, administrator_required, sign_in_required
from messaging.access.lookups import NotFound
from messaging.caching.browsers import A_YEAR
from messaging.forms import EmojiForm
from messaging.models import CustomEmoji
from messaging.models.messages.managing_emoji import add_emoji, bring_back_emoji, retire_emoji
from messaging.views.pictures import add_limit, form_refused, picture_response, uploaded_files
from messaging.views.responses import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def site_emoji(request: MemberRequest) -> HttpResponse:
    """The custom emoji, for all but guests, who may not know who added them. Administrators add others."""
    is_administrator = request.user.is_administrator
    if request.user.is_guest or (request.method == "POST" and not is_administrator):
        raise NotFound
    if request.method != "POST":
        return _page(request, EmojiForm() if is_administrator else None)
    files, wait = uploaded_files(request, act="emoji")
    form = EmojiForm(request.POST, files)
    add_limit(form, wait)
    if wait:
        form.errors.pop("picture", None)  # it was sent, but not looked at
    if form.is_valid():
        name, others = form.cleaned_data["name"], form.cleaned_data["other_names"]
        try:
            emoji = add_emoji(request.user, form.cleaned_data["picture"], name, others)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("%(emoji)s was added.") % {"emoji": emoji.typed})
            return redirect("site_emoji")
    return form_refused(form, _page(request, form, status=422), wait)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def emoji_retire(request: MemberRequest, pk: int) -> HttpResponse:
    """Retire an emoji. The page asks first, and says what stays."""
    emoji = lookups.custom_emoji(pk)
    if request.method != "POST":
        return render_page(request, "messaging/site/emoji_retire.html", {"emoji": emoji})
    retire_emoji(emoji, request.user)
    messages.success(request, _("%(emoji)s was retired.") % {"emoji": emoji.typed})
    return redirect("site_emoji")


@require_POST
@administrator_required
def emoji_bring_back(request: MemberRequest, pk: int) -> HttpResponse:
    """Let a retired emoji be used again."""
    emoji = lookups.custom_emoji(pk)
    try:
        bring_back_emoji(emoji, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(emoji)s can be used again.") % {"emoji": emoji.typed})
    return redirect("site_emoji")


@require_safe
@sign_in_required
@cache_control(private=True, max_age=A_YEAR, immutable=True)
def emoji_picture(request: MemberRequest, name: str) -> HttpResponseBase:
    """The picture of a custom emoji, also of a retired one."""
    return picture_response(request, lookups.emoji_with_picture(name).picture, name)


def _page(request: MemberRequest, form: EmojiForm | None, status: int = 200) -> HttpResponse:
    """
    Args:
        form: in which administrators add one.
    """
    emoji = CustomEmoji.objects.select_related("added_by").prefetch_related("names").order_by("name")
    context = {
        "form": form,
        "in_use": [one for one in emoji if one.retired_at is None],
        "retired": [one for one in emoji if one.retired_at],
    }
    return render_page(request, "messaging/site/emoji.html", context, status=status)
