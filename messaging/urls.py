from django.urls import path

from messaging.message_urls import message_paths
from messaging.views.accounts import (
    deletion,
    email_address,
    identities,
    identity_provider,
    invitations,
    moderation,
    reports,
    sign_in_link,
    token,
)
from messaging.views.conversations import conversation, live, new, typing
from messaging.views.inbox import (
    done,
    inbox,
    later,
    mentionable,
    new_reactions,
    next_unread,
    read_state,
    room_names,
    sections,
    switcher,
)
from messaging.views.messages import commands, conversation_files, drafts, messages, own_files, pins, preview
from messaging.views.people import (
    alert,
    blocks,
    card,
    groups,
    keyboard,
    missed_mails,
    pause,
    personal_css,
    preferences,
    profile,
    push,
    sessions,
    status,
)
from messaging.views.people import directory as people
from messaging.views.retention import room as room_retention
from messaging.views.retention import site as site_retention
from messaging.views.rooms import directory as rooms
from messaging.views.rooms import members
from messaging.views.rooms import settings as room_settings
from messaging.views.search.search import search_messages
from messaging.views.site import app, audit_log, first_steps, setup
from messaging.views.site import emoji as site_emoji
from messaging.views.site import settings as site_settings

urlpatterns = [
    # Conversations
    path("", conversation.conversation_list, name="conversation_list"),
    path("conversations/<int:pk>/", conversation.conversation, name="conversation"),
    path("conversations/<int:pk>/messages/", conversation.message_list, name="message_list"),
    path("conversations/<int:pk>/read/", read_state.conversation_read, name="conversation_read"),
    path("conversations/<int:pk>/seen/", read_state.conversation_seen, name="conversation_seen"),
    path("conversations/<int:pk>/send/", messages.message_send, name="message_send"),
    path("conversations/<int:pk>/draft/", drafts.conversation_draft, name="conversation_draft"),
    path("conversations/new/", new.conversation_new, name="conversation_new"),
    path("conversations/<int:pk>/members/", members.conversation_members, name="conversation_members"),
    path("conversations/<int:pk>/commands/", commands.conversation_commands, name="conversation_commands"),
    path("conversations/<int:pk>/preview/", preview.conversation_preview, name="conversation_preview"),
    path("conversations/<int:pk>/typing/", typing.conversation_typing, name="conversation_typing"),
    path(
        "conversations/<int:pk>/mentionable/",
        mentionable.conversation_mentionable,
        name="conversation_mentionable",
    ),
    path("conversations/<int:pk>/title/", live.conversation_title, name="conversation_title"),
    path(
        "conversations/<int:pk>/unread-threads/",
        live.conversation_unread_threads,
        name="conversation_unread_threads",
    ),
    path("conversations/<int:pk>/fresh/", live.conversation_fresh, name="conversation_fresh"),
    path(
        "conversations/<int:pk>/settings/", room_settings.conversation_settings, name="conversation_settings"
    ),
    path("conversations/<int:pk>/arrange/", sections.conversation_arrange, name="conversation_arrange"),
    path("conversations/<int:pk>/pins/", pins.conversation_pins, name="conversation_pins"),
    path("drafts/", drafts.draft_list, name="draft_list"),
    path("drafts/<int:pk>/delete/", drafts.draft_delete, name="draft_delete"),
    path(
        "conversations/<int:pk>/files/",
        conversation_files.conversation_files_page,
        name="conversation_files",
    ),
    path("search/", search_messages, name="search"),
    # Rooms
    path("rooms/", rooms.room_list, name="room_list"),
    path("rooms/names/", room_names.room_names, name="room_names"),
    path("rooms/new/", rooms.room_new, name="room_new"),
    path("conversations/<int:pk>/join/", members.conversation_join, name="conversation_join"),
    path("conversations/<int:pk>/leave/", members.conversation_leave, name="conversation_leave"),
    path("rooms/<int:pk>/rename/", room_settings.room_rename, name="room_rename"),
    path("rooms/<int:pk>/archive/", room_settings.room_archive, name="room_archive"),
    path("rooms/<int:pk>/unarchive/", room_settings.room_unarchive, name="room_unarchive"),
    path("rooms/<int:pk>/remove/", room_settings.room_remove, name="room_remove"),
    path("rooms/<int:pk>/undo-removal/", room_settings.room_undo_removal, name="room_undo_removal"),
    path("rooms/<int:pk>/retention/", room_retention.room_retention, name="room_retention"),
    path(
        "rooms/<int:pk>/retention/withdraw/",
        room_retention.room_retention_withdraw,
        name="room_retention_withdraw",
    ),
    path("rooms/<int:pk>/members/<int:person>/", members.room_member, name="room_member"),
    path("rooms/removed/", room_settings.removed_rooms, name="removed_rooms"),
    # People
    path("people/", people.person_list, name="person_list"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/card/", card.person_card, name="person_card"),
    path("people/<int:pk>/role/", moderation.person_role, name="person_role"),
    path("people/<int:pk>/deactivate/", moderation.person_deactivate, name="person_deactivate"),
    path("people/<int:pk>/block/", blocks.person_block, name="person_block"),
    path("people/<int:pk>/unblock/", blocks.person_unblock, name="person_unblock"),
    path("groups/", groups.group_list, name="group_list"),
    path("groups/new/", groups.group_new, name="group_new"),
    path("groups/<int:pk>/", groups.group, name="group"),
    path("groups/<int:pk>/edit/", groups.group_edit, name="group_edit"),
    path("groups/<int:pk>/delete/", groups.group_delete, name="group_delete"),
    path("groups/<int:pk>/remove/", groups.group_remove, name="group_remove"),
    path("groups/<int:pk>/join/", groups.group_join, name="group_join"),
    path("groups/<int:pk>/leave/", groups.group_leave, name="group_leave"),
    path("account/blocked/", blocks.block_list, name="block_list"),
    path("people/<int:pk>/ban/", moderation.person_ban, name="person_ban"),
    path("people/<int:pk>/reset-link/", moderation.person_reset_link, name="person_reset_link"),
    path(
        "people/<int:pk>/reset-two-factor/",
        moderation.person_reset_two_factor,
        name="person_reset_two_factor",
    ),
    path("people/<int:pk>/unlink/", moderation.person_unlink, name="person_unlink"),
    path("people/<int:pk>/reactivate/", moderation.person_reactivate, name="person_reactivate"),
    path("people/<int:pk>/picture/<str:name>", people.person_picture, name="person_picture"),
    *message_paths,
    # The inbox, and addresses that led to parts of it
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:pk>/done/", done.inbox_done, name="inbox_done"),
    path("inbox/<int:pk>/later/", later.inbox_later, name="inbox_later"),
    path("inbox/<int:pk>/forget/", later.inbox_forget, name="inbox_forget"),
    path("inbox/undo/", done.inbox_undo, name="inbox_undo"),
    path("inbox/reactions/seen/", new_reactions.reactions_seen, name="reactions_seen"),
    path("inbox/next/", next_unread.next_unread, name="next_unread"),
    path("inbox/read/", done.all_read, name="all_read"),
    path("unread/", inbox.moved, name="unread_list"),
    path("threads/", inbox.moved, {"show": "threads"}, name="thread_inbox"),
    path("notifications/", inbox.moved, {"show": "for-me"}, name="notification_list"),
    # How the person arranges their sidebar
    path("sections/", sections.section_list, name="section_list"),
    path("sections/<int:pk>/", sections.section_change, name="section_change"),
    path("sections/fold/", sections.section_fold, name="section_fold"),
    path("go/", switcher.switcher, name="switcher"),
    path("token/", token.token, name="token"),
    # The person's own account; signing in and out is allauth's (site_config/urls.py)
    path("account/", profile.account_profile, name="account"),
    path("account/status/", status.account_status, name="account_status"),
    path("account/notifications/", preferences.account_notifications, name="account_notifications"),
    path("account/pause/", pause.account_pause, name="account_pause"),
    path("push/alert/", alert.push_alert, name="push_alert"),
    path("push/subscribe/", push.push_subscribe, name="push_subscribe"),
    path("push/unread/", push.push_unread, name="push_unread"),
    path("push/<int:pk>/remove/", push.push_remove, name="push_remove"),
    path("push/<int:pk>/test/", push.push_test, name="push_test"),
    path("mail/off/<str:token>/", missed_mails.missed_mails_off, name="missed_mails_off"),
    path("account/keyboard/", keyboard.account_keyboard, name="account_keyboard"),
    path("account/files/", own_files.account_files, name="account_files"),
    path("account/email/", email_address.account_email, name="account_email"),
    path("account/email/code/", email_address.account_email_code, name="account_email_code"),
    path("account/delete/", deletion.account_delete, name="account_delete"),
    path("account/sessions/", sessions.session_list, name="session_list"),
    path("account/sessions/<str:session_id>/end/", sessions.session_end, name="session_end"),
    path("account/deleted/<uuid:code>/", deletion.account_deleted, name="account_deleted"),
    path("account/export/", deletion.account_export, name="account_export"),
    # Identity providers
    path("account/identities/", identities.identity_list, name="identity_list"),
    path("account/identities/<str:provider>/link/", identities.identity_link, name="identity_link"),
    path("account/identities/<str:provider>/unlink/", identities.identity_unlink, name="identity_unlink"),
    path("account/provider/sign-up/", identities.provider_sign_up, name="provider_sign_up"),
    path("account/provider/<str:provider>/", identity_provider.provider_sign_in, name="provider_sign_in"),
    path(
        "account/provider/<str:provider>/callback/",
        identity_provider.provider_callback,
        name="provider_callback",
    ),
    path("account/provider/<str:provider>/again/", identity_provider.provider_again, name="provider_again"),
    path("account/sign-in-link/<str:token>/", sign_in_link.sign_in_link, name="sign_in_link"),
    # Setup of the first account, and invitations
    path("set-up/<str:token>/", setup.set_up, name="set_up"),
    path("first-steps/", first_steps.first_steps, name="first_steps"),
    path("invitations/", invitations.invitation_list, name="invitation_list"),
    path("invitations/<int:pk>/revoke/", invitations.invitation_revoke, name="invitation_revoke"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    # Reports
    path("reports/", reports.report_list, name="report_list"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("account/reports/", reports.own_reports, name="own_reports"),
    # Administration
    path("site/", site_settings.site_settings, name="site_settings"),
    path("site/retention/", site_retention.site_retention, name="site_retention"),
    path("site/retention/withdraw/", site_retention.site_retention_withdraw, name="site_retention_withdraw"),
    path("site/picture/<str:name>", site_settings.site_picture, name="site_picture"),
    path("site/emoji/", site_emoji.site_emoji, name="site_emoji"),
    path("site/emoji/<int:pk>/retire/", site_emoji.emoji_retire, name="emoji_retire"),
    path("site/emoji/<int:pk>/bring-back/", site_emoji.emoji_bring_back, name="emoji_bring_back"),
    path("site/log/", audit_log.audit_log, name="audit_log"),
    # The app: what browsers install, and what they show without a connection
    path("service-worker.js", app.service_worker, name="service_worker"),
    path("app.webmanifest", app.manifest, name="manifest"),
    path("offline/", app.offline, name="offline"),
    # Personal stylesheets, for pages whose HTML is the same for everybody
    path("viewers/<int:pk>/groups.css", personal_css.groups_stylesheet, name="groups_stylesheet"),
    path("viewers/<int:pk>/blocked.css", personal_css.blocked_stylesheet, name="blocked_stylesheet"),
    path("viewers/<int:pk>.css", personal_css.viewer_stylesheet, name="viewer_stylesheet"),
]
