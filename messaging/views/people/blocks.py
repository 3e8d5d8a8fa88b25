"""Whom one would rather not hear from: their words fold away, and nothing of theirs is told."""

import hashlib

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging.access.decorators import MemberRequest, person_required, sign_in_required
from messaging.models import Block, User
from messaging.views.responses import shell

A_DAY = 86_400
# Each message says who wrote it, and is the same for everybody; so it is the stylesheet that folds it away.
# The permalink, which is in it already, opens it: `:target` needs no script. Who is named by a script, as the
# typing line does, is looked up in `--folded`.
ALL = ":root {{ --folded: {ids}; }}\n"
RULES = """\
.row:not(:target) > [data-author~="{id}"] .prose, .line-excerpt[data-author~="{id}"] {{ display: none; }}
.row:not(:target) > [data-author~="{id}"]:not(.removed) .moment::after {{
  content: "blocked: show"; margin-left: 0.5em; text-decoration: underline;
}}
"""
RULES_HASH = hashlib.sha256((ALL + RULES).encode()).hexdigest()[:8]


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def person_block(request: MemberRequest, person: User) -> HttpResponse:
    """Block somebody; the page says what that does, and what it does not."""
    if person == request.user:
        raise Http404
    if request.method != "POST":
        return shell(request, "messaging/people/block.html", {"person": person, "verb": "Block"})
    Block.objects.put_up(request.user, person)
    messages.success(request, f"You hear nothing from {person.name} any more. They are not told.")
    return redirect("person", person.pk)


@require_POST
@person_required
def person_unblock(request: MemberRequest, person: User) -> HttpResponse:
    Block.objects.take_down(request.user, person)
    messages.success(request, f"You hear from {person.name} again.")
    return redirect("person", person.pk)


@require_safe
@sign_in_required
@never_cache
def block_list(request: MemberRequest) -> HttpResponse:
    """Whom one blocks."""
    blocks = request.user.blocks.select_related("blocked").order_by("-since", "-pk")
    return shell(request, "messaging/people/blocked.html", {"people": [block.blocked for block in blocks]})


@require_safe
@sign_in_required
@cache_control(private=True, max_age=A_DAY)
def fold_stylesheet(request: MemberRequest, pk: int) -> HttpResponse:
    """The stylesheet that folds away what people wrote whom the reader blocks: for nobody but them."""
    if pk != request.user.pk:
        raise Http404
    blocked = list(request.user.blocks.order_by("pk").values_list("blocked", flat=True))
    rules = ALL.format(ids=" ".join(map(str, blocked))) + "".join(RULES.format(id=one) for one in blocked)
    return HttpResponse(rules, content_type="text/css; charset=utf-8")
