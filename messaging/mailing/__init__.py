"""Mails about messages that people missed: which, what is in them, and how they are sent.

`missed.find_missed` runs every minute, and leads to `missed.send_missed`. Which messages a mail is about is
decided in `messaging.models.inbox.missed_mail`; how it looks, in `composing.py`; who wants none any more says
so with a link (`unsubscribing.py`).
"""
