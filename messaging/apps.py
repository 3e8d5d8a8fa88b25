from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_delete, post_migrate, post_save, pre_save


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = "Parley"

    def ready(self) -> None:
        from allauth.account.models import EmailAddress
        from allauth.mfa.models import Authenticator

        from messaging import signals
        from messaging.models import Attachment, LinkPreview, Message, Session, ThreadedMessage, User
        from messaging.models.db.changes import changed, texts_erased
        from messaging.models.db.text_match import add_functions
        from messaging.models.messages.file_deletion import record_deleted_file
        from messaging.models.search.sqlite_index import check_index

        checks.register(check_index, checks.Tags.database)
        connection_created.connect(add_functions, dispatch_uid="functions of SQLite")
        # Signals of a proxy model are sent with the proxy as their sender, so both are connected.
        for sender in (Message, ThreadedMessage):
            pre_save.connect(signals.log_history, sender=sender, dispatch_uid=f"history of {sender.__name__}")
            post_save.connect(signals.notify, sender=sender, dispatch_uid=f"notify of {sender.__name__}")
        for named in (User, EmailAddress, Authenticator):
            uid = f"forget the name of {named.__name__}"
            post_delete.connect(signals.anonymise_admin_log, sender=named, dispatch_uid=uid)
        post_delete.connect(signals.clean_up, sender=User, dispatch_uid="clean up after a person")
        post_save.connect(signals.index_description, sender=Attachment, dispatch_uid="words of descriptions")
        for stored in (Attachment, LinkPreview):
            uid = f"bytes of {stored.__name__}"
            post_delete.connect(record_deleted_file, sender=stored, dispatch_uid=uid)
        user_logged_in.connect(signals.record_sign_in, dispatch_uid="note a session's browser")
        post_delete.connect(signals.end_streams, sender=Session, dispatch_uid="end the streams of a session")
        texts_erased.connect(signals.clear_copies, dispatch_uid="forget copies of what is gone")
        changed.connect(signals.wake_up, dispatch_uid="wake open pages")
        post_migrate.connect(signals.make_installation, sender=self, dispatch_uid="make the installation")
