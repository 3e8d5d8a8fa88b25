"""The columns that can contain texts, and those that contain a word."""

from typing import Any

from django.apps import apps
from django.db import connection, models

# The columns that can contain a person's words.
PLANTED = {
    *("User.username", "User.display_name", "User.email", "User.status", "User.sections"),
    *("Message.content", "Message.content_html", "Message.removal_reason", "MessageHistory.old_content"),
    *("SearchText.text", "ScheduledMessage.text", "Attachment.name", "Attachment.alternative_text"),
    *("PollChoice.text", "Draft.text", "Attachment.text_html"),
    *("LinkPreview.url", "LinkPreview.title", "LinkPreview.description", "LinkPreview.site_name"),
    # Of a room that was theirs alone.
    *("Conversation.name", "Conversation.name_order", "Conversation.room_key", "Conversation.topic"),
    *("EmailAddress.email", "Authenticator.data", "Invitation.email", "LogEntry.object_repr"),
    *("SocialAccount.extra_data", "Report.text", "Report.file_names", "Report.note"),
    *("PushSubscription.device", "Keyword.word", "Keyword.folded"),
}
# All other text columns.
OTHER = {
    *(
        "Conversation.direct_key",
        "Conversation.external_id",
        "Conversation.removed_members",
        "User.external_id",
    ),
    *("Installation.retention", "Conversation.retention", "RetentionRun.deleted"),
    *("Installation.blocked_words", "Installation.blocked_hosts"),
    *(
        "Installation.block_key",
        "Installation.keywords_key",
        "Installation.name",
        "Installation.picture",
        "Installation.setup_hash",
        "Installation.mail_failure",
    ),
    *("Invitation.token_hash", "AuditEntry.details", "User.drafts"),
    *(
        "User.folded_sections",
        "User.first_steps",
        "User.password",
        "User.avatar",
        "User.time_zone",
        "User.language",
    ),
    *("User.quiet_zone", "Digest.zone"),
    *("LogEntry.object_id", "LogEntry.change_message"),
    *("Session.session_key", "Session.session_data", "AccountDeletion.conversations"),
    *("AccountDeletion.total", "AccountDeletion.deleted", "EmailConfirmation.key"),
    *("QueuedTask.task", "QueuedTask.arguments", "QueuedTask.error_class", "QueuedTask.error_place"),
    *("SocialAccount.uid", "SocialAccount.provider", "SocialToken.token", "SocialToken.token_secret"),
    *(f"SocialApp.{column}" for column in ("name", "provider", "provider_id", "client_id", "secret", "key")),
    "SocialApp.settings",
    *("CustomEmoji.name", "CustomEmoji.picture", "EmojiName.name", "ScheduledMessage.refused"),
    *("UserGroup.handle", "UserGroup.name"),
    *(
        "PushSetup.private_key",
        "PushSetup.failure",
        "PushSubscription.endpoint",
        "PushSubscription.endpoint_hash",
    ),
    *("PushSubscription.public_key", "PushSubscription.secret", "PushSubscription.failure"),
    *("PeriodicTask.task", "Message.sent_hmac", "Reaction.emoji", "Reaction.chosen"),
    *("Attachment.content_type", "Attachment.stored_as", "Attachment.thumbnail", "FileToDelete.name"),
    "Attachment.waveform",
    *("LinkPreview.key", "LinkPreview.picture"),
    *("ContentType.app_label", "ContentType.model", "Permission.name", "Permission.codename", "Group.name"),
}


def text_columns() -> "dict[str, models.Field[Any, Any]]":
    """Every text column, except those with `choices`."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.FileField)
    return {
        f"{model.__name__}.{field.name}": field
        for model in apps.get_models()
        if not model._meta.proxy
        for field in model._meta.local_fields
        if isinstance(field, kinds) and not field.choices
    }


def columns_with(word: str) -> set[str]:
    found = set()
    with connection.cursor() as cursor:
        for name, field in text_columns().items():
            table, column = field.model._meta.db_table, field.column
            text = f'SELECT count(*) FROM "{table}" WHERE CAST("{column}" AS text) LIKE %s'
            cursor.execute(text, [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.add(name)
    return found
