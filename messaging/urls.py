from django.urls import path

from messaging.views import (
    accounts,
    administration,
    conversations,
    editing,
    invitations,
    live,
    members,
    messages,
    notifications,
    people,
    reading,
    rooms,
    sessions,
    setting_up,
    standing,
    threads,
    typists,
    viewers,
)

urlpatterns = [
    # Conversations
    path("", conversations.conversation_list, name="conversation_list"),
    path("conversations/<int:pk>/", conversations.conversation, name="conversation"),
    path("conversations/<int:pk>/messages/", conversations.message_list, name="message_list"),
    path("conversations/<int:pk>/read/", reading.conversation_read, name="conversation_read"),
    path("conversations/<int:pk>/seen/", reading.conversation_seen, name="conversation_seen"),
    path("conversations/<int:pk>/send/", messages.message_send, name="message_send"),
    path("conversations/new/", people.conversation_new, name="conversation_new"),
    path("conversations/<int:pk>/members/", members.conversation_members, name="conversation_members"),
    path("conversations/<int:pk>/typing/", typists.conversation_typing, name="conversation_typing"),
    path("conversations/<int:pk>/title/", live.conversation_title, name="conversation_title"),
    path("conversations/<int:pk>/news/", live.conversation_news, name="conversation_news"),
    path("conversations/<int:pk>/fresh/", live.conversation_fresh, name="conversation_fresh"),
    # Rooms
    path("rooms/", rooms.room_list, name="room_list"),
    path("rooms/new/", rooms.room_new, name="room_new"),
    path("conversations/<int:pk>/join/", rooms.conversation_join, name="conversation_join"),
    path("conversations/<int:pk>/leave/", rooms.conversation_leave, name="conversation_leave"),
    # People
    path("people/", people.person_list, name="person_list"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/role/", standing.person_role, name="person_role"),
    path("people/<int:pk>/deactivate/", standing.person_deactivate, name="person_deactivate"),
    path("people/<int:pk>/reset-link/", standing.person_reset_link, name="person_reset_link"),
    path("people/<int:pk>/reactivate/", standing.person_reactivate, name="person_reactivate"),
    path("people/<int:pk>/picture/<str:name>", people.person_picture, name="person_picture"),
    # Messages
    path("messages/<int:pk>/", messages.message, name="message"),
    path("messages/<int:pk>/menu/", messages.message_menu, name="message_menu"),
    path("messages/<int:pk>/reply/", messages.message_reply, name="message_reply"),
    path("messages/<int:pk>/edit/", editing.message_edit, name="message_edit"),
    path("messages/<int:pk>/history/", editing.message_history, name="message_history"),
    path("messages/<int:pk>/remove/", messages.message_remove, name="message_remove"),
    path("messages/<int:pk>/unread/", reading.message_unread, name="message_unread"),
    # Threads
    path("threads/", threads.thread_inbox, name="thread_inbox"),
    path("messages/<int:pk>/thread/", threads.thread, name="thread"),
    path("messages/<int:pk>/replies/", threads.thread_list, name="thread_list"),
    # What waits for a person
    path("unread/", reading.unread_list, name="unread_list"),
    path("unread/read/", reading.all_read, name="all_read"),
    path("notifications/", notifications.notification_list, name="notification_list"),
    path("notifications/<int:pk>/", notifications.notification_mark, name="notification_mark"),
    path("token/", live.token, name="token"),
    # One's own account; signing in and out is allauth's (site_config/urls.py)
    path("account/", accounts.account, name="account"),
    path("account/email/", accounts.account_email, name="account_email"),
    path("account/delete/", accounts.account_delete, name="account_delete"),
    path("account/sessions/", sessions.session_list, name="session_list"),
    path("account/sessions/<str:mark>/end/", sessions.session_end, name="session_end"),
    path("account/messages/", accounts.account_messages, name="account_messages"),
    # Coming in: the first person, and those who are invited
    path("set-up/<str:token>/", setting_up.set_up, name="set_up"),
    path("invitations/", invitations.invitation_list, name="invitation_list"),
    path("invitations/<int:pk>/revoke/", invitations.invitation_revoke, name="invitation_revoke"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    # Administration
    path("site/", administration.site_settings, name="site_settings"),
    path("site/log/", administration.audit_log, name="audit_log"),
    # What is personal about a page that is the same for everybody
    path("viewers/<int:pk>.css", viewers.viewer_stylesheet, name="viewer_stylesheet"),
]
