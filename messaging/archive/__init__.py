"""Archives: conversations as files with one JSON object on each line, plain or gzip.

{"id": "…", "room": "…", "sent_at": "2004-11-15T15:10:00+00:00",
 "sender": "nick", "text": "…", "reply_to": "id of the message that it answers, or null"}

Lines may stand in any order. In each room, messages are sorted by time; at the same time, by file and line. A
reply comes after the message that it answers even if its own time is earlier. A text that is longer than a
message can be becomes several messages, which follow one another; replies answer the last of them. A name of
more than 80 characters is shortened.
"""
