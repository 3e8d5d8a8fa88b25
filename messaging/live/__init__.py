"""Live: what happens in a conversation shows in every open page of its members, once and in order.

`GET /live/?conversation=7&cursor=…` is a stream of server-sent events (`stream.py`, straight on ASGI).
Without `conversation` it carries the person's own events only. `cursor` is what the page was stamped with,
`str(Cursor(epoch, people_version, version))`, read before its messages; a `Last-Event-ID` header wins over
it. Without either the stream begins at the present.

Answers that are no stream: 401 signed out, 404 no member or no such conversation, 405 anything but GET, 400 a
request that cannot be read, 503 with Retry-After the database does not answer or the server is about to end.
Never a redirect, never an empty success: htmx would come back at once, for ever.

Events that htmx swaps in have no name, and an id: the cursor of a page that has applied them. They hold

    <hx-upsert hx-target="#timeline…" key="data-seq" sort> rows that were born, as the list has them, for
        pages that show the newest end
    <hx-partial hx-target="#m-7 > .message" hx-swap="outerHTML"> a message that changed, without its row

for roots alone, a removed one as its tombstone. They are the same bytes for every member. Of one write the
named events come before the unnamed one, so that a page that has its cursor has had all of it.

Named events become events of the DOM and move no cursor. Data is JSON where it says so.

    thread-7       something changed in the thread of the root 7: its list has to be fetched, if it is open
    conversation   perhaps something else did: the name, the topic, who is in it
    reset          no list of changes leads to the present. Until it is opened again with a new cursor, the
                   stream carries no messages: fetch the list, take its cursor, open the stream again
    typing         {"conversation": 7, "thread": null or a root's id, "people": [ids]}: all who type there;
                   the empty list comes when the last one has stopped
    places         {"conversations": [ids], "renamed": false}: where the person is. On opening, to compare
                   with what the page shows; later because it changed, `renamed` where only names, stars or
                   what people say of themselves did: the sidebar has to be fetched
    badges         {"conversations": {"7": 3}, "unread": 3, "replies": 1, "personal": 0, "title_count": 3}:
                   everything unread, on opening and whenever it changed; what is not named is 0. Counted up
                   to 100 in each. `title_count` is what the person wants the tab's title to say
    online         [ids]: who has a page open anywhere, on opening; to a guest, of those whom they share a
                   conversation with then
    presence       {"came": [ids], "left": [ids]}: what is different since
    beat           every 15 s: 35 s without anything mean that the connection is dead

and these, after which the stream ends:

    removed        no member of the conversation any more, or it is gone
    signed-out     the session is over. A password change gives the same browser another one: opened again,
                   the stream is answered with 401 only if it really is
    replaced       the person opened a sixth stream, this was their oldest: don't open it again unasked
    (nothing)      the server ends: open it again

How it hangs together: a `Hub` a process asks what moved, when it is woken_by (`wakeups.py`) or every 2 s
(`versions.py`), and a `Feed` a conversation reads what changed, renders it once and writes the same bytes to
all its `Connection`s. `People` counts the badges of all who are here; `Presence` and `Typists` are in no
database.
"""
