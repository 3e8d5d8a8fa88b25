"""Live updates: every open page shows what happens in its conversation, each change once and in order.

`GET /live/?conversation=7&cursor=…` is a stream of server-sent events, an ASGI application (`endpoint.py`).
Without `conversation` it carries only the person's own events. `cursor` is the cursor in the page,
`str(Cursor(epoch, people_version, version, language))`, which was read before the page's messages. A
`Last-Event-ID` header takes precedence over it. Without either, the stream begins at the present. The stream
is in the language that the person chose, else in that of the browser; a page in another one is reset.

Other responses: 401 signed out; 404 not a member, or no such conversation; 405 not GET; 400 malformed;
503 with Retry-After if the database does not answer or the server is about to stop. Never a redirect and
never an empty 200: htmx would reconnect at once, for ever.

Events without a name are swapped in by htmx. Their id is the cursor of a page that has applied them. They
hold

    <hx-upsert hx-target="#timeline…" key="data-seq" sort> the rows of new messages, for pages that show the
        newest end of the list
    <hx-partial hx-target="#m-7 > .message" hx-swap="outerHTML"> a changed message, without its row

for messages of the timeline only, not for replies; a removed message as its tombstone. The bytes are the same
for every member who reads one language. The named events of a write come before its unnamed one: a page that
has the cursor has received all of them.

Named events become DOM events and do not move the cursor. Where data is given below, it is JSON.

    thread-7       something changed in the thread of root 7; if it is open, its list has to be loaded again
    conversation   something else may have changed: the name, the topic, the members
    reset          the missed changes cannot be sent one by one. The stream carries no more messages: load
                   the list, take its cursor, and open the stream again
    typing         {"conversation": 7, "thread": null or a root's id, "people": [ids]}: everybody who is
                   typing there; an empty list when the last person has stopped
    sidebar        {"conversations": [ids], "names": "epoch.3", "state": "1f3c", "arrangement": 2}: the
                   person's conversations, and the versions of all names and of the arrangement. Sent on
                   opening, to compare with what the page shows, and after each change: if the page's sidebar
                   has other conversations, older names or an older arrangement, it has to be loaded again.
                   Also if `state` differs from the last one that the page got, in this stream or an earlier
                   one: then names, statuses or the order changed. What the person has hidden is missing until
                   something new is said there
    badges         {"conversations": {"7": 3}, "for_me": [7], "unread": 3, "replies": 1, "personal": 1,
                   "reminders": 0, "title_count": 3}: everything unread, on opening and after each change. A
                   conversation that is missing has 0. `for_me` are those in which something is addressed to
                   the person. `personal` counts the `reminders` in the inbox too. Each conversation is
                   counted up to 100. `title_count` is what the person chose for the tab's title. Streams
                   without a conversation also get this event when anything else changed in one of the
                   person's conversations: a page that lists what is unread loads its list again
    drafts         {"as_of": 5, "places": [[7, 0, 4], [7, 112, 5]]}: the person's drafts, each with its
                   conversation, the message that it replies to or 0, and its version. `as_of` is the version
                   of the list. On opening, if they ever had one, and after each change
    online         [ids]: who has a page open, on opening. Guests get only the people with whom they shared a
                   conversation at that moment
    presence       {"came": [ids], "left": [ids]}: who came online and who went offline since then
    beat           every 15 s. After 35 s without any event the connection is dead

After one of these the stream ends:

    removed        the person is no longer a member, or the conversation was removed
    signed-out     the session has ended. After a password change the same browser has a new session: open the
                   stream again, and only a 401 means that the person is really signed out
    replaced       the person opened a sixth stream, and this was the oldest: do not reconnect by yourself
    (nothing)      the server is stopping: reconnect

How it works: each process has a `Hub`, which reads the versions (`versions.py`) after a wake-up
(`wakeups.py`) or every 2 s. A `Feed` for each open conversation and language reads and renders what changed,
once, and writes the same bytes to all its `Connection`s. `People` counts the badges of everybody with a page
open. `Presence` and `Typists` are kept in memory only.
"""
