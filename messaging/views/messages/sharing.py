"""What another app shares with Parley: it becomes a draft where the person chooses. Nothing is sent.

A phone posts it as a form of its own (`share_target` of the manifest), so without a CSRF token. `share`
therefore only shows it, and refuses what another site posts. What it stores are the files, as those of a
composer are, and only for somebody whose session comes with the request. `share_to`, which writes the draft,
needs the token of that page.
"""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.access.lookups import NotFound
from messaging.forms import ShareForm
from messaging.models import Conversation, User
from messaging.models.db.refusals import Refused
from messaging.models.inbox.forwarding import places
from messaging.models.messages.drafting import DraftConflict, Place, Typed, draft_at, save_draft
from messaging.text.commands import is_no_text
from messaging.views.messages.forwarding import chosen_conversation, rate_limited_to
from messaging.views.messages.uploads import receive, receive_new
from messaging.views.responses import render_page, with_retry_after, words_in

PARTS = ("title", "text", "url")  # the fields of the manifest's share_target, beside the files


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest) -> HttpResponseBase:
    """The page on which one chooses the conversation. Signed out, the text waits until one has signed in."""
    if request.method == "POST":
        if not is_from_here(request):
            raise Refused("cross_site", _("Another site may not share something in your name."), 403)
        if not request.user.is_authenticated:
            context = {"text": text_of(request.POST), "has_files": bool(request.FILES)}
            return render(request, "messaging/messages/share_signed_out.html", context, status=401)
    return _share(request)


@sign_in_required
def _share(request: MemberRequest) -> HttpResponse:
    text = text_of(request.POST)
    form = ShareForm({"content": text})
    form.full_clean()
    for not_asked_yet in ("to",) if text else ("to", "content"):
        form.errors.pop(not_asked_yet, None)
    wait = receive_new(request, form)
    return with_retry_after(_page(request, form), wait)


@require_POST
@sign_in_required
def share_to(request: MemberRequest) -> HttpResponse:
    """Put what was shared into the composer of the chosen conversation, below what is written there. A search
    for a conversation shows the page again, with all that was shared."""
    form = ShareForm(request.POST)
    form.full_clean()
    wait = receive(request, form)
    if "search" in request.POST:
        searching = ShareForm(initial=request.POST.dict())
        searching.with_files(form.file_ids, form.kept)
        return _page(request, searching)
    wait = wait or rate_limited_to(request, "draft", form)
    if form.is_valid() and (conversation := _draft(request.user, form)):
        query = urlencode({"uploaded": [file.pk for file in form.kept]}, doseq=True)
        address = reverse("conversation", args=[conversation.pk])
        return redirect(f"{address}?{query}" if query else address)
    return with_retry_after(_page(request, form, status=422), wait)


def text_of(fields: QueryDict) -> str:
    """Title, text and link as one text: each once, since apps send the link in the text too."""
    found: list[str] = []
    for name in PARTS:
        part = fields.get(name, "").strip()
        if part and not any(part in before for before in found):
            found.append(part)
    return "\n".join(found)


def is_from_here(request: HttpRequest) -> bool:
    """Whether a form comes from the browser itself or from a page of ours, as far as the browser says.

    Other sites' forms come without the session's cookie anyway (SameSite). This also refuses those of sites
    on the same domain, and keeps a hostile text from waiting on the page for people who are signed out.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in ("none", "same-origin")
    origin = request.headers.get("Origin", "null")
    return origin in ("null", f"{request.scheme}://{request.get_host()}")


def _draft(user: User, form: ShareForm) -> Conversation | None:
    """The conversation in whose composer the text is now; None if it was refused, and the form says why."""
    try:
        conversation = chosen_conversation(user, form.cleaned_data["to"])
        if conversation.archived_at:
            raise NotFound
        if text := form.cleaned_data["content"]:
            text = f"/{text}" if is_no_text(text) else text  # it would be a command
            before = draft_at(user, conversation.pk)
            if before:
                text = f"{before.text.rstrip()}\n\n{text}"
            typed = Typed(text, uuid4(), known=before.version if before else 0)
            save_draft(user, Place(conversation.pk), typed)
        return conversation
    except ValidationError as error:
        form.add_error(None, error)
    except DraftConflict as conflict:  # they are writing there: pressed again, it comes below that
        form.add_error(None, conflict.sentence)
    except Refused:  # it was removed or archived, or they left it, after the form was loaded
        form.add_error("to", _("You cannot write there any more. Choose again."))
    return None


def _page(request: MemberRequest, form: ShareForm, status: int = 200) -> HttpResponse:
    words = words_in(request.POST)
    found, has_more = places(request.user, words, str(form["to"].value() or ""))
    context = {"form": form, "words": words, "targets": found, "has_more": has_more}
    if request.htmx.request_type == "partial":
        return render(request, "messaging/messages/_forward_targets.html", context, status=status)
    return render_page(request, "messaging/messages/share.html", context, status)
