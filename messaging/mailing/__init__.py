"""Mails about messages that people missed, and weekly digests: what is in them, and how they are sent.

`missed.find_missed` runs every minute, and leads to `missed.send_missed`. Which messages a mail is about is
decided in `messaging.models.inbox.missed_mail`; how it looks, in `composing.py`. `digests.find_digests` leads
to `digests.send_digests`: when one is due, `messaging.models.inbox.digest` decides; what is in it,
`messaging.models.inbox.week`; how it looks, `digest_composing.py`. Both are sent by `sending.py`. Who wants
none any more says so with a link (`unsubscribing.py`).
"""
