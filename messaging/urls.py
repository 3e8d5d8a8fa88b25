from django.urls import path

from messaging.views import accounts, conversations, editing, messages, rooms, threads, typists, viewers

urlpatterns = [
    # Conversations
    path("", conversations.conversation_list, name="conversation_list"),
    path("conversations/<int:pk>/", conversations.conversation, name="conversation"),
    path("conversations/<int:pk>/messages/", conversations.message_list, name="message_list"),
    path("conversations/<int:pk>/read/", conversations.conversation_read, name="conversation_read"),
    path("conversations/<int:pk>/send/", messages.message_send, name="message_send"),
    path("conversations/<int:pk>/typing/", typists.conversation_typing, name="conversation_typing"),
    # Rooms
    path("rooms/", rooms.room_list, name="room_list"),
    path("conversations/<int:pk>/join/", rooms.conversation_join, name="conversation_join"),
    path("conversations/<int:pk>/leave/", rooms.conversation_leave, name="conversation_leave"),
    # Messages
    path("messages/<int:pk>/", messages.message, name="message"),
    path("messages/<int:pk>/menu/", messages.message_menu, name="message_menu"),
    path("messages/<int:pk>/reply/", messages.message_reply, name="message_reply"),
    path("messages/<int:pk>/edit/", editing.message_edit, name="message_edit"),
    path("messages/<int:pk>/history/", editing.message_history, name="message_history"),
    path("messages/<int:pk>/remove/", messages.message_remove, name="message_remove"),
    # Threads
    path("messages/<int:pk>/thread/", threads.thread, name="thread"),
    path("messages/<int:pk>/replies/", threads.thread_list, name="thread_list"),
    # One's own account; signing in and out is allauth's (site_config/urls.py)
    path("account/delete/", accounts.account_delete, name="account_delete"),
    path("account/messages/", accounts.account_messages, name="account_messages"),
    # What is personal about a page that is the same for everybody
    path("viewers/<int:pk>.css", viewers.viewer_stylesheet, name="viewer_stylesheet"),
]
