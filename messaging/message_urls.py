"""The addresses of messages, and of what belongs to them."""

from django.urls import path

from messaging.views.accounts import reports
from messaging.views.inbox import mentionable, read_state, reminders, saved
from messaging.views.messages import (
    commands,
    descriptions,
    drafts,
    editing,
    emoji,
    files,
    following,
    forwarding,
    link_previews,
    messages,
    pins,
    polls,
    preview,
    reactions,
    references,
    removal,
    scheduling,
    tasks,
    threads,
)
from messaging.views.site import emoji as site_emoji

message_paths = [
    # Messages
    path("messages/<int:pk>/", messages.message, name="message"),
    path("messages/references/", references.message_references, name="message_references"),
    path("messages/<int:pk>/commands/", commands.message_commands, name="message_commands"),
    path("messages/<int:pk>/menu/", messages.message_menu, name="message_menu"),
    path("messages/<int:pk>/mentionable/", mentionable.message_mentionable, name="message_mentionable"),
    path("messages/<int:pk>/preview/", preview.message_preview, name="message_preview"),
    path("messages/<int:pk>/draft/", drafts.message_draft, name="message_draft"),
    path("messages/<int:pk>/reply/", messages.message_reply, name="message_reply"),
    path("messages/<int:pk>/forward/", forwarding.message_forward, name="message_forward"),
    path(
        "messages/<int:pk>/reply-in-private/",
        forwarding.message_reply_in_private,
        name="message_reply_in_private",
    ),
    path("messages/<int:pk>/descriptions/", descriptions.message_descriptions, name="message_descriptions"),
    path("messages/<int:pk>/edit/", editing.message_edit, name="message_edit"),
    path(
        "messages/<int:pk>/history/<int:number>/remove/",
        removal.message_text_remove,
        name="message_text_remove",
    ),
    path("messages/<int:pk>/history/", editing.message_history, name="message_history"),
    path("messages/<int:pk>/remove/", removal.message_remove, name="message_remove"),
    path("messages/<int:pk>/report/", reports.message_report, name="message_report"),
    path("messages/<int:pk>/unread/", read_state.message_unread, name="message_unread"),
    path("conversations/<int:pk>/poll/", polls.poll_new, name="poll_new"),
    path("messages/<int:pk>/poll/", polls.message_poll, name="message_poll"),
    path("messages/<int:pk>/poll/new/", polls.poll_reply, name="poll_reply"),
    path("messages/<int:pk>/poll/end/", polls.poll_end, name="poll_end"),
    path("messages/<int:pk>/vote/", polls.message_vote, name="message_vote"),
    path("messages/<int:pk>/unvote/", polls.message_unvote, name="message_unvote"),
    path("messages/<int:pk>/tasks/", tasks.message_tasks, name="message_tasks"),
    path("messages/<int:pk>/tick/", tasks.message_tick, name="message_tick"),
    path("messages/<int:pk>/untick/", tasks.message_untick, name="message_untick"),
    path("messages/<int:pk>/tasks/for-all/", tasks.tasks_for_all, name="tasks_for_all"),
    path("messages/<int:pk>/tasks/for-author/", tasks.tasks_for_author, name="tasks_for_author"),
    path("messages/<int:pk>/reactions/", reactions.message_reactions, name="message_reactions"),
    path("messages/<int:pk>/react/", reactions.message_react, name="message_react"),
    path("messages/<int:pk>/unreact/", reactions.message_unreact, name="message_unreact"),
    path("messages/<int:pk>/pin/", pins.message_pin, name="message_pin"),
    path("messages/<int:pk>/unpin/", pins.message_unpin, name="message_unpin"),
    # Saved messages, and reminders of them
    path("saved/", saved.saved_list, name="saved_list"),
    path("messages/<int:pk>/save/", saved.message_save, name="message_save"),
    path("messages/<int:pk>/unsave/", saved.message_unsave, name="message_unsave"),
    path("messages/<int:pk>/remind/", reminders.message_remind, name="message_remind"),
    path("messages/<int:pk>/remind/again/", reminders.message_remind_again, name="message_remind_again"),
    path(
        "messages/<int:pk>/remind/forget/",
        reminders.message_forget_reminder,
        name="message_forget_reminder",
    ),
    path("reminders/<int:pk>/done/", reminders.reminder_done, name="reminder_done"),
    # Messages that are sent later
    path("conversations/<int:pk>/schedule/", scheduling.message_schedule, name="message_schedule"),
    path(
        "conversations/<int:pk>/scheduled/", scheduling.conversation_scheduled, name="conversation_scheduled"
    ),
    path("scheduled/", scheduling.scheduled_list, name="scheduled_list"),
    path("scheduled/<int:pk>/", scheduling.scheduled_edit, name="scheduled_edit"),
    path("scheduled/<int:pk>/send/", scheduling.scheduled_send, name="scheduled_send"),
    path("scheduled/<int:pk>/delete/", scheduling.scheduled_delete, name="scheduled_delete"),
    # Files of messages
    path("files/", files.file_upload, name="file_upload"),
    path("files/<int:pk>/", files.file, name="file"),
    path("files/<int:pk>/text/", files.file_text, name="file_text"),
    path("files/recorder/", files.recorder, name="recorder"),
    path("files/<int:pk>/thumbnail/", files.file_thumbnail, name="file_thumbnail"),
    # Previews of the pages that messages link to
    path("previews/<int:pk>/picture/", link_previews.preview_picture, name="preview_picture"),
    path("previews/<int:pk>/remove/", link_previews.preview_remove, name="preview_remove"),
    path("emoji/", emoji.emoji_list, name="emoji_list"),
    path("emoji/custom/", emoji.custom_emoji_list, name="custom_emoji_list"),
    path("emoji/<str:name>", site_emoji.emoji_picture, name="emoji_picture"),
    # Threads
    path("messages/<int:pk>/thread/", threads.thread, name="thread"),
    path("messages/<int:pk>/replies/", threads.thread_list, name="thread_list"),
    path("messages/<int:pk>/follow/", following.thread_follow, name="thread_follow"),
]
