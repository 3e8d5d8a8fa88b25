"""Web push: notices on devices while no page is open (RFC 8030, 8291 and 8292).

A thread of its own (`loop.py`) finds what is new and sends it. Which notices there are, and what each is
about, is decided in `messaging.models.inbox.push_notice` and `push_claims`; what a device shows, in
`composing.py`. `encryption.py` and `vapid.py` are the two protocols, `service.py` talks to the push services,
and `sending.py` processes their answers.
"""
